import { join } from 'node:path';
import { formatDollars, grouped, micros, type Currency } from '../../server/game/money.ts';
import type { PAYING_KINDS, BookedEntry } from '../../server/ports/booked.ts';
import { SqliteBooks } from '../../server/store/books-reader.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { ENTRY_NAMES } from '../../views/wallet/entry-names.ts';
import type { Job } from '../archive/job.ts';
import { paidSheet } from './entry-sheets.ts';
import { rowsPaid } from './paid-rows.ts';
import { Parts } from './parts.ts';
import type { Period } from './period.ts';
import type { Report } from './print.ts';

interface Sum {
  readonly kind: (typeof PAYING_KINDS)[number];
  readonly currency: Currency;
  readonly rows: number;
  /** Micro-dollars. */
  readonly paid: number;
}

/** All that the house paid out in a time, with its sums. */
export class PaidReport implements Report<BookedEntry> {
  readonly sheet = paidSheet((entry) => this.#currencyOf(entry));
  readonly head: Report<BookedEntry>['head'];
  readonly pages: AsyncIterable<readonly BookedEntry[]>;
  readonly #books: SqliteBooks;
  readonly #parts: Parts;
  readonly #sums = new Map<string, Sum>();
  #isWhole = false;

  constructor(job: Job, period: Period) {
    const { dataDir } = job.config;
    this.#books = new SqliteBooks(join(dataDir, DATABASE_FILE));
    this.#parts = new Parts(job.house, dataDir);
    this.head = { ...period };
    this.pages = this.#summed(rowsPaid(this.#parts, period, (part) => job.progress('paid', part)));
  }

  readonly sums = () => ({ sums: [...this.#sums.values()] });

  /** The sums in words; none while not every row was read. */
  lines(): string[] {
    if (!this.#isWhole) return [];
    const lines = [...this.#sums.values()].map(
      ({ kind, currency, rows, paid }) =>
        `${ENTRY_NAMES[kind]}, ${currency}: ${grouped(rows)}, ${formatDollars(micros(paid))}`,
    );
    return lines.length === 0 ? ['Nothing was paid out.'] : lines;
  }

  close(): void {
    this.#parts.close();
    this.#books.close();
  }

  async *#summed(pages: AsyncIterable<readonly BookedEntry[]>): AsyncGenerator<readonly BookedEntry[]> {
    for await (const page of pages) {
      for (const entry of page) this.#add(entry);
      yield page;
    }
    this.#isWhole = true;
  }

  #add(entry: BookedEntry): void {
    const { kind, amount } = entry;
    const currency = this.#currencyOf(entry);
    const key = `${currency} ${kind}`;
    const { rows, paid } = this.#sums.get(key) ?? { rows: 0, paid: 0 };
    this.#sums.set(key, {
      kind: kind as Sum['kind'],
      currency,
      rows: rows + 1,
      paid: paid + Math.abs(amount),
    });
  }

  #currencyOf({ accountId, bet }: BookedEntry): Currency {
    return bet?.currency ?? this.#books.account(accountId)!.currency;
  }
}
