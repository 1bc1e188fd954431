import { join } from 'node:path';
import type { Config } from '../config.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { SqliteTail } from '../store/tail-source.ts';
import { ownOf } from '../upkeep/backup/tail-shipper.ts';
import type { OwnBooks } from '../upkeep/houses/ownership.ts';

/** The folder of backups. */
export const backupFolder = ({ dataDir, backupDir }: Pick<Config, 'dataDir' | 'backupDir'>): string =>
  backupDir ?? join(dataDir, 'backups');

/** The books of a data folder, to hold things against; to be closed. */
export interface HeldBooks extends OwnBooks {
  close(): void;
}

/** @throws Error where there are none, they cannot be opened, or they are of before houses had ids. */
export function holdBooks(dataDir: string): HeldBooks {
  const books = new SqliteTail(join(dataDir, DATABASE_FILE));
  try {
    const own = ownOf(books, books.begin());
    books.end();
    return Object.assign(own, { close: () => books.close() });
  } catch (cause) {
    books.close();
    throw cause;
  }
}
