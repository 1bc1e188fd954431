import type { Config } from '../config.ts';
import { messageOf } from '../ports/failure.ts';
import { DirectoryStore } from '../upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../upkeep/backup/object-store.ts';
import { residentsOf, residentText } from '../upkeep/houses/residents.ts';
import { tracesIn } from '../upkeep/houses/traces.ts';
import { backupFolder } from './backups.ts';

/** A bucket that does not answer for so long is away. */
const BUCKET_MS_MAX = 10_000;

/**
 * What there is of a house where its books are not: backups and archive in the folder and in the bucket, and
 * what it left in the data folder. One sentence each, none for a place where no house ever was. A place that
 * cannot be asked is among them: nobody knows what is there.
 */
export async function houseElsewhere(config: Config): Promise<string[]> {
  const folder = new DirectoryStore(backupFolder(config));
  const bucket = await bucketIn(config);
  const traces = tracesIn(config.dataDir);
  return [
    ...(await residentsText(folder)),
    ...(bucket === null ? [] : await residentsText(bucket)),
    ...(traces.length === 0 ? [] : [`${config.dataDir} has traces of a house: ${traces.join(', ')}`]),
  ];
}

/** The client of buckets is large: it is loaded where there is one to ask. */
async function bucketIn(config: Config): Promise<ObjectStore | null> {
  if (config.backupS3Bucket === null) return null;
  const { bucketOf } = await import('./bucket.ts');
  return bucketOf(config, BUCKET_MS_MAX);
}

const residentsText = (store: ObjectStore): Promise<string[]> =>
  residentsOf(store, null).then(
    (residents) => residents.map((resident) => `${store.name} holds ${residentText(resident)}`),
    (cause: unknown) => [`cannot find out whether ${store.name} has a house: ${messageOf(cause)}`],
  );

/** What a person does about it. */
export const WAYS_OUT =
  'Restore the books before the first start ("Restore from nothing" in the runbook). To create a new ' +
  'house anyway: tapgrid new-house';
