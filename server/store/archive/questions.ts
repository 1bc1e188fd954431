import type { Database, Statement } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { prepare, type Binding } from '../database.ts';

/** Questions to one database: each statement is prepared once, when it is asked first. */
export class Questions {
  readonly #statements = new Map<string, Statement<unknown, Binding[]>>();

  constructor(private readonly db: Database) {}

  one<Found>(sql: string, ...values: Binding[]): Found | null {
    return this.#prepared<Found>(sql).get(...values);
  }

  /** The row of a question that always has one. */
  always<Found>(sql: string, ...values: Binding[]): Found {
    return present(this.one<Found>(sql, ...values), `answer to ${sql}`);
  }

  all<Found>(sql: string, ...values: Binding[]): Found[] {
    return this.#prepared<Found>(sql).all(...values);
  }

  /** Questions that are asked in `work` see one and the same state. */
  snapshot<Result>(work: () => Result): Result {
    if (this.db.inTransaction) return work();
    this.db.run('BEGIN');
    try {
      return work();
    } finally {
      this.db.run('COMMIT');
    }
  }

  #prepared<Found>(sql: string): Statement<Found, Binding[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = prepare(this.db, sql)));
    return statement as Statement<Found, Binding[]>;
  }
}
