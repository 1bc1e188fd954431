import { join } from 'node:path';
import type { Config } from '../config.ts';
import { checksummedAddress } from '../identity/wallet-address.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import { SqliteOperatorBooks } from '../store/operator-books.ts';
import { DATABASE_FILE, openStore, type Store, type StoreOptions } from '../store/store.ts';
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
  },
  bankrolls: { PLAY: config.playBankrollMicros, USD: config.usdBankrollMicros },
  at,
});

/** The books for this process alone, and the operator's views of them. @throws Failure `not_started` */
export async function openBooks(
  config: Config,
  at: number,
  opened: Opened,
): Promise<{ readonly store: Store; readonly operatorBooks: OperatorBooks }> {
  const store = opened.add('books', await storeOf(config, at), (books) => books.close());
  const operatorBooks = opened.add('operator books', openOperatorBooks(config.dataDir), (books) =>
    books.close(),
  );
  return { store, operatorBooks };
}

export const openOperatorBooks = (dataDir: string): OperatorBooks =>
  new SqliteOperatorBooks(join(dataDir, DATABASE_FILE), checksummedAddress);

const storeOf = (config: Config, at: number): Promise<Store> =>
  openStore(storeOptions(config, at)).catch((cause) => {
    const why = `The data folder ${config.dataDir} (DATA_DIR) cannot be used: ${messageOf(cause)}`;
    throw new Failure('not_started', why, { cause });
  });
