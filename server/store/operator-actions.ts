import type { Database } from 'bun:sqlite';
import { openReaderDatabase, prepare } from './database.ts';
import { selected } from './row-statements.ts';
import { ACTIONS, type ActionRow } from './rows/action.ts';

const PAGE_ROWS = 200;

/** What operators did, whole, on a connection of its own. It is never archived. */
export class SqliteOperatorActions {
  readonly #db: Database;
  readonly #after;

  /** @param path of a migrated database in WAL mode. */
  constructor(path: string) {
    this.#db = openReaderDatabase(path);
    this.#after = prepare<ActionRow>(
      this.#db,
      `SELECT ${selected(ACTIONS)} FROM operator_actions WHERE seq > $1 AND at >= $2 AND at < $3
      ORDER BY seq LIMIT $4`,
    );
  }

  /** Oldest first, a page at a time. Times in UTC epoch ms, `to` outside. */
  *between(from: number, to: number): Generator<readonly ActionRow[]> {
    for (let last = 0; ; ) {
      const page = this.#after.all(last, from, to, PAGE_ROWS);
      if (page.length === 0) return;
      yield page;
      last = page.at(-1)!.seq;
    }
  }

  close(): void {
    this.#db.close();
  }
}
