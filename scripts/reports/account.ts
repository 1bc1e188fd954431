import { join } from 'node:path';
import type { Account } from '../../server/game/session.ts';
import { openOperatorBooks } from '../../server/compose/books.ts';
import type { BookedEntry } from '../../server/ports/booked.ts';
import type { OperatorBooks } from '../../server/ports/operator.ts';
import type { RefusalRow } from '../../server/ports/refusals.ts';
import { SqliteAccountRecords } from '../../server/store/account-records.ts';
import { SqliteBooks } from '../../server/store/books-reader.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import type { Job } from '../archive/job.ts';
import { notFound } from '../command-line/failure.ts';
import { rowsOfAccount } from './account-rows.ts';
import { Parts } from './parts.ts';
import type { Period } from './period.ts';
import { refusalsOf } from './refused-rows.ts';

/** All that the books and the archive have of one account. The house may run meanwhile. */
export class AccountReports {
  readonly account: Account & { readonly openedAt: number; readonly version: number };
  readonly #books: SqliteBooks;
  readonly #operatorBooks: OperatorBooks;
  readonly #parts: Parts;
  readonly records: SqliteAccountRecords;

  /** @throws CommandFailure `not_found` */
  constructor(
    private readonly job: Job,
    id: string,
  ) {
    const { dataDir } = job.config;
    const path = join(dataDir, DATABASE_FILE);
    this.#books = new SqliteBooks(path);
    this.records = new SqliteAccountRecords(path);
    this.#operatorBooks = openOperatorBooks(dataDir);
    this.#parts = new Parts(job.house, dataDir);
    const [account, record] = [this.#books.account(id), this.records.account(id)];
    if (account === null || record === null) {
      this.close();
      throw notFound(`There is no account ${id}. Look it up with: tapgrid accounts find`);
    }
    this.account = { ...account, ...record };
  }

  /** Where the chains of the books stand now. */
  get heads(): ReturnType<SqliteBooks['chain']> {
    return this.#books.chain();
  }

  /** Its ledger rows, oldest first. */
  entries(period: Period): AsyncGenerator<readonly BookedEntry[]> {
    return rowsOfAccount(this.#parts, this.account, period, (part) => this.job.progress('rows', part));
  }

  /** Orders of which nothing was taken, oldest first. */
  refusals(period: Period): AsyncGenerator<readonly RefusalRow[]> {
    const sources = { books: this.#operatorBooks, house: this.job.house, now: Date.now() };
    return refusalsOf(sources, this.account.id, period, (part) => this.job.progress('refused orders', part));
  }

  close(): void {
    this.#books.close();
    this.records.close();
    this.#operatorBooks.close();
    this.#parts.close();
  }
}

/** Of ledger rows those that took stakes: one for each bet. */
export const stakesIn = (page: readonly BookedEntry[]): readonly BookedEntry[] =>
  page.filter(({ kind }) => kind === 'stake');
