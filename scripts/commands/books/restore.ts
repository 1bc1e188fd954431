import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../../server/config.ts';
import { DATABASE_FILE } from '../../../server/store/store.ts';
import { DirectoryStore } from '../../../server/upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../../../server/upkeep/backup/object-store.ts';
import {
  restore as restoreBooks,
  type Restored,
  type RestoreOptions,
} from '../../../server/upkeep/backup/restore.ts';
import { bucketOf } from '../../../server/compose/bucket.ts';
import { counted, nameOf } from '../../../server/upkeep/houses/residents.ts';
import { backupHouse } from '../../backup/house.ts';
import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { failingAs, misused } from '../../command-line/failure.ts';

export const restore = command({
  about:
    'Restores the books from a backup into an empty folder, and verifies them: every hash of the backup, ' +
    'both ' +
    "chains up to the backup's heads, every invariant.",
  options: {
    from: {
      value: '<folder | s3>',
      required: true,
      about: 'a folder such as BACKUP_DIR, or s3 for the bucket of the BACKUP_S3_ settings',
    },
    to: { value: '<folder>', required: true, about: 'the new DATA_DIR; must be empty or not exist' },
    until: {
      value: '<batch | time>',
      about: 'the last shipped state up to a batch, or up to a time such as 2026-11-23T12:34:56Z',
    },
    house: {
      value: '<id>',
      about: 'which house, if there are several; the beginning of its id is enough',
    },
    snapshot: { value: '<id>', about: 'a specific snapshot instead of the newest that fits' },
    'without-tail': { about: 'restore the snapshot without the tail' },
  },
  notes: `The database gets its name only after verification; until then it is in .restoring, which the next run
removes.`,
  examples: ['restore --from /var/backups/tapgrid --to /var/lib/tapgrid/restored'],
  exits: { 0: 'restored and verified', 1: 'not restored: something is missing or damaged' },
  async run({ options }, shell) {
    const until = readUntil(options.until);
    const house = readHouse(options.house);
    const config = shell.config();
    const store = storeOf(options.from, config);
    const to = resolve(options.to);
    const began = performance.now();
    return failingAs('not_restored', 'Not restored', async () => {
      const restored = await restoreBooks(
        store,
        backupHouse(config).restorer,
        {
          to,
          file: DATABASE_FILE,
          until,
          house,
          snapshot: options.snapshot ?? null,
          withoutTail: options['without-tail'],
        },
        (...stage) => shell.progress(...stage),
      );
      return {
        exit: EXIT.ok,
        report: restored,
        text: textOf(restored, to, performance.now() - began),
      };
    });
  },
});

/** Snapshots in the report that were passed over, at most. */
const PASSED_OVER_SHOWN = 5;

/** @throws CommandFailure when there is nothing to restore from */
function storeOf(from: string, config: Config): ObjectStore {
  if (from !== 's3') {
    if (!existsSync(from)) throw misused('no_backup', `Folder ${from} does not exist.`);
    return new DirectoryStore(resolve(from));
  }
  const bucket = bucketOf(config);
  if (bucket === null)
    throw misused(
      'bad_settings',
      'BACKUP_S3_BUCKET, BACKUP_S3_KEY_ID and BACKUP_S3_SECRET must be set to restore from a bucket.',
    );
  return bucket;
}

function readHouse(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[0-9a-f]{4,32}$/.test(text)) return text;
  throw misused('bad_value', `--house: expected 4 to 32 hex digits, the beginning of an id, not ${text}.`);
}

function readUntil(text: string | undefined): RestoreOptions['until'] {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,14}$/.test(text)) return { batch: Number(text) };
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at))
    throw misused(
      'bad_value',
      `--until: expected a batch, or a time such as 2026-11-23T12:34:56Z, not ${text}.`,
    );
  if (!/(?:Z|[+-]\d\d:\d\d)$/.test(text))
    throw misused(
      'bad_value',
      `--until: ${text} names no time zone; write ${text}Z for UTC, or an offset such as ${text}+02:00.`,
    );
  return { at };
}

/** Newer snapshots that were not taken, the newest first. */
function passedOverText(passedOver: Restored['passedOver']): string {
  if (passedOver.length === 0)
    return 'it is the newest snapshot there; use --snapshot or --until for an earlier state';
  const shown = passedOver.slice(0, PASSED_OVER_SHOWN).map(({ id, why }) => `${id} (${why})`);
  const more = passedOver.length - shown.length;
  return (
    `newer, but skipped: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}; ` +
    'use --snapshot to restore one by its id'
  );
}

const textOf = (
  { snapshot, house, passedOver, otherHouses, segments, head, at, report: { counts } }: Restored,
  to: string,
  durationMs: number,
): string =>
  [
    `restored to ${to} in ${(durationMs / 1000).toFixed(1)} s`,
    nameOf(house),
    `from snapshot ${snapshot} and ${counted(segments, 'segment')} after it`,
    passedOverText(passedOver),
    ...otherHouses.map((other) => `not restored: ${other}; use --house to restore it`),
    `as of ${new Date(at).toISOString()}, batch ${head.batch}`,
    `head ${head.hash}`,
    'verified: every hash of the backup, both chains, every invariant; ' +
      `${counted(counts.bets, 'bet')}, ${counted(counts.entries, 'ledger row')}, ` +
      `${counted(counts.reresolved, 'outcome')} recomputed`,
    '',
  ].join('\n');
