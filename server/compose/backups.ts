import { join } from 'node:path';
import type { Config } from '../config.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { SqliteTail } from '../store/tail-source.ts';
import type { ObjectStore } from '../upkeep/backup/object-store.ts';
import { S3Store } from '../upkeep/backup/s3-store.ts';
import { ownOf } from '../upkeep/backup/tail-shipper.ts';
import type { OwnBooks } from '../upkeep/houses/ownership.ts';

/** The folder of backups. */
export const backupFolder = ({ dataDir, backupDir }: Pick<Config, 'dataDir' | 'backupDir'>): string =>
  backupDir ?? join(dataDir, 'backups');

/**
 * Null where no bucket is set.
 * @param requestMsMax longest time of one request with its repetitions.
 */
export function bucketOf(
  {
    backupS3Bucket: bucket,
    backupS3Endpoint: endpoint,
    backupS3Region: region,
    backupS3Prefix: prefix,
    backupS3KeyId: keyId,
    backupS3Secret: secret,
  }: Config,
  requestMsMax?: number,
): ObjectStore | null {
  return bucket === null
    ? null
    : new S3Store({
        bucket,
        endpoint,
        region,
        prefix,
        keyId: keyId!,
        secret: secret!,
        ...(requestMsMax !== undefined && { requestMsMax }),
      });
}

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
    return { ...own, close: () => books.close() };
  } catch (cause) {
    books.close();
    throw cause;
  }
}
