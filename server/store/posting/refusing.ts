import type { Database, Statement } from 'bun:sqlite';
import type { Operation } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { appendTo, type Append } from '../row-statements.ts';
import { REFUSALS, storedRefusal } from '../rows/refusal.ts';

/** Rows that go with one commit at most, so that none lasts long. */
const FORGOTTEN_MAX = 500;

/** The log of refused orders: rows are added, and those that are too old go. */
export class Refusing {
  readonly #insert: Append<typeof REFUSALS>;
  readonly #forget: Statement;

  constructor(db: Database) {
    this.#insert = appendTo(db, REFUSALS);
    this.#forget = prepare(
      db,
      `DELETE FROM refusals WHERE id IN
      (SELECT id FROM refusals WHERE at < $1 ORDER BY at LIMIT ${FORGOTTEN_MAX})`,
    );
  }

  /** What is new comes first: a number that was given once is not given again. */
  record({ refusals, keptFrom }: Extract<Operation, { readonly kind: 'record-refusals' }>): void {
    for (const refusal of refusals) this.#insert(storedRefusal(refusal));
    this.#forget.run(keptFrom);
  }
}
