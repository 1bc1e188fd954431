import { join } from 'node:path';
import type { Config } from '../config.ts';
import { checksummedAddress } from '../identity/wallet-address.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import { SqliteOperatorBooks } from '../store/operator-books.ts';
import { BooksFiles } from '../store/books-files.ts';
import { DATABASE_FILE, hasBooks, openStore, type Store, type StoreOptions } from '../store/store.ts';
import type { Log } from '../upkeep/log.ts';
import { houseElsewhere, WAYS_OUT } from './elsewhere.ts';
import type { Opened } from './opened.ts';

const PERCENT = 0.01;

/** How this configuration opens the books. @param at now, UTC epoch ms. */
export const storeOptions = (config: Config, at: number): StoreOptions => ({
  dataDir: config.dataDir,
  caps: {
    cellShare: config.exposureCellPercent * PERCENT,
    columnShare: config.exposureColumnPercent * PERCENT,
    totalShare: config.exposureTotalPercent * PERCENT,
    accountShare: config.exposureAccountPercent * PERCENT,
    openBetsMax: config.openBetsMax,
    betsPerCellMax: config.betsPerCellMax,
  },
  bankrolls: { PLAY: config.playBankrollMicros, USD: config.usdBankrollMicros },
  at,
});

/**
 * The books for this process alone, and the operator's views of them. They are made at the first start, where
 * no house is elsewhere.
 * @throws Failure `not_started`, `house_elsewhere`
 */
export async function openBooks(
  config: Config,
  at: number,
  opened: Opened,
): Promise<{ readonly store: Store; readonly operatorBooks: OperatorBooks }> {
  const isFirst = !hasBooks(config.dataDir);
  if (isFirst) await expectNoHouse(config);
  const store = opened.add('books', await storeOf(config, at, isFirst), (books) => books.close());
  const operatorBooks = opened.add('operator books', openOperatorBooks(config.dataDir), (books) =>
    books.close(),
  );
  return { store, operatorBooks };
}

export const openOperatorBooks = (dataDir: string): OperatorBooks =>
  new SqliteOperatorBooks(join(dataDir, DATABASE_FILE), checksummedAddress);

const BOOKS_GONE =
  'THE BOOKS ARE GONE: taps are no longer taken and nothing is written. Acknowledged bets are in the tail ' +
  'of the backups. Keep this process running until you have read TapgridBooksGone in the runbook';

/**
 * Whether the books that were just opened are where they were opened.
 * @returns why they are not, permanently once it was so; null while they are. Logged once.
 */
export function watchedBooks({ dataDir }: Config, log: Log): () => string | null {
  const files = new BooksFiles(dataDir);
  let gone: string | null = null;
  return () => {
    if (gone !== null) return gone;
    gone = files.look();
    if (gone !== null) log.fatal({ why: gone }, BOOKS_GONE);
    return gone;
  };
}

/** @throws Failure `house_elsewhere` where backups, jobs or a mark of a house are there, and no books. */
export async function expectNoHouse(config: Config): Promise<void> {
  const found = await houseElsewhere(config);
  if (found.length > 0)
    throw new Failure(
      'house_elsewhere',
      `No books in ${config.dataDir} (DATA_DIR), and none were ` +
        `created:\n${found.map((one) => `  ${one}\n`).join('')}${WAYS_OUT}`,
    );
}

const storeOf = (config: Config, at: number, mayCreate: boolean): Promise<Store> =>
  openStore({ ...storeOptions(config, at), mayCreate }).catch((cause) => {
    const why = `The data folder ${config.dataDir} (DATA_DIR) cannot be used: ${messageOf(cause)}`;
    throw new Failure('not_started', why, { cause });
  });
