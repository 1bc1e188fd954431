import type { Database, Statement } from 'bun:sqlite';
import type { Operation } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { refusalValues } from '../refusal-row.ts';

/** Rows that go with one commit at most, so that none lasts long. */
const FORGOTTEN_MAX = 500;

/** The log of refused orders: rows are added, and those that are too old go. */
export class Refusing {
  readonly #insert: Statement;
  readonly #forget: Statement;

  constructor(db: Database) {
    this.#insert = prepare(
      db,
      `INSERT INTO refusals (at, account_id, session_id, nonce, request_id, code, taps, orders)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    );
    this.#forget = prepare(
      db,
      `DELETE FROM refusals WHERE id IN (SELECT id FROM refusals WHERE at < $1 ORDER BY at LIMIT ${FORGOTTEN_MAX})`,
    );
  }

  /** What is new comes first: a number that was given once is not given again. */
  record({ refusals, keptFrom }: Extract<Operation, { readonly kind: 'record-refusals' }>): void {
    for (const refusal of refusals) this.#insert.run(...refusalValues(refusal));
    this.#forget.run(keptFrom);
  }
}
