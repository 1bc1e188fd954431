import type { Database } from 'bun:sqlite';
import { pagesBehind } from '../ports/pages.ts';
import { openReaderDatabase, prepare } from './database.ts';
import { selected } from './row-statements.ts';
import { ACTIONS, type ActionRow } from './rows/action.ts';
import { LIMIT_CHANGES } from './rows/limits.ts';
import { SESSIONS } from './rows/session.ts';
import type { RowOf } from './rows/table.ts';

const PAGE_ROWS = 200;

/** A session without the hash of its token. */
export type SessionRecord = Omit<RowOf<typeof SESSIONS>, 'tokenHash'>;
export type LimitChange = RowOf<typeof LIMIT_CHANGES>;

/** What the books hold of an account beside its money, on a connection of its own, in pages. */
export class SqliteAccountRecords {
  readonly #db: Database;
  readonly #sql: ReturnType<typeof statements>;

  /** @param path of a migrated database in WAL mode. */
  constructor(path: string) {
    this.#db = openReaderDatabase(path);
    this.#sql = statements(this.#db);
  }

  /** When it was opened, UTC epoch ms, and how many ledger rows it has; null when there is none. */
  account(id: string): { readonly openedAt: number; readonly version: number } | null {
    return this.#sql.account.get(id);
  }

  /** By their ids. */
  *sessions(accountId: string): Generator<readonly SessionRecord[]> {
    yield* pagesBehind(
      '',
      (last) => this.#sql.sessions.all(accountId, last, PAGE_ROWS),
      ({ id }) => id,
    );
  }

  /** What its trader set, oldest first. */
  *limitChanges(accountId: string): Generator<readonly LimitChange[]> {
    yield* pagesBehind(
      0,
      (last) => this.#sql.limitChanges.all(accountId, last, PAGE_ROWS),
      ({ seq }) => seq,
    );
  }

  /** What operators did with it or asked for, oldest first. */
  *actions(accountId: string): Generator<readonly ActionRow[]> {
    yield* pagesBehind(
      0,
      (last) => this.#sql.actions.all(last, accountId, PAGE_ROWS),
      ({ seq }) => seq,
    );
  }

  close(): void {
    for (const statement of Object.values(this.#sql)) statement.finalize();
    this.#db.close();
  }
}

const statements = (db: Database) => ({
  account: prepare<{ openedAt: number; version: number }>(
    db,
    `SELECT opened_at AS "openedAt", version FROM accounts WHERE id = $1 AND kind = 'player'`,
  ),
  sessions: prepare<SessionRecord>(
    db,
    `SELECT ${selected(SESSIONS, undefined, ['tokenHash'])} FROM sessions
    WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
  ),
  limitChanges: prepare<LimitChange>(
    db,
    `SELECT ${selected(LIMIT_CHANGES)} FROM limit_changes
    WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
  ),
  // Requests name what is asked for in their detail.
  actions: prepare<ActionRow>(
    db,
    `SELECT ${selected(ACTIONS)} FROM operator_actions WHERE seq > $1 AND (target = $2
      OR (what = 'request' AND detail ->> '$.accountId' = $2)) ORDER BY seq LIMIT $3`,
  ),
});
