import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../server/config.ts';
import { probeRedis } from '../../server/redis/probe.ts';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { SqliteHistoryShelf } from '../../server/store/archive/history-shelf.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { certificateOfOrigin } from '../../server/upkeep/certificate.ts';
import { placesOf, whereabouts, whereText } from '../archive/places.ts';
import { safely, warn, well, wrong, type Check } from './check.ts';

const DAY_MS = 86_400_000;
/** certbot renews thirty days before the end; two weeks before it something is the matter. */
const CERTIFICATE_DAYS_MIN = 14;

/** What stands beside the server: Redis, the proxy with its certificate, the place of the backups. */
export const neighbours = async (config: Config): Promise<readonly Check[]> => [
  await redis(config),
  ...(await proxy(config)),
  backups(config),
  history(config),
];

async function redis({ redisUrl }: Config): Promise<Check> {
  if (redisUrl === null) return well('redis', 'not used; one process needs none');
  const why = await probeRedis(redisUrl);
  return why === null
    ? well('redis', 'it answers')
    : warn(
        'redis',
        why,
        'Taps are taken without it. systemctl status redis-server; if it refuses the password: ' +
          'see Key rotation in the runbook.',
      );
}

/** The proxy is looked for on this machine, under the name that traders open. */
async function proxy({ publicOrigin }: Config): Promise<readonly Check[]> {
  const certificate = await certificateOfOrigin(publicOrigin);
  if (certificate === null) return [];
  if (typeof certificate === 'string')
    return [
      wrong(
        'proxy',
        `${publicOrigin} is not answered on this machine: ${certificate}`,
        'nginx -t, then systemctl status nginx. Without a proxy of its own, look where TLS ends.',
      ),
    ];
  const { endsAt, ofOurOwn } = certificate;
  const ends = new Date(endsAt).toISOString().slice(0, 10);
  const daysLeft = Math.floor((endsAt - Date.now()) / DAY_MS);
  const says = `its certificate ends in ${daysLeft} days, on ${ends}`;
  if (daysLeft < 0) return [wrong('proxy', `its certificate ended on ${ends}`, 'certbot renew')];
  if (ofOurOwn)
    return [
      warn(
        'proxy',
        'it answers with a certificate of our own making, which browsers refuse',
        'Get one: Install in the runbook, step 2.',
      ),
    ];
  return [
    daysLeft < CERTIFICATE_DAYS_MIN
      ? warn('proxy', says, 'certbot renew --dry-run says what keeps it from being renewed.')
      : well('proxy', says),
  ];
}

function backups({ backupDir, backupS3Bucket, dataDir }: Config): Check {
  const places = [backupDir, backupS3Bucket].filter((one) => one !== null).join(' and ');
  if (backupDir === null)
    return backupS3Bucket === null
      ? warn(
          'backups',
          'they stay on the disk of the books',
          'Set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET.',
        )
      : well('backups', places);
  const found = statSync(backupDir, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    return wrong(
      'backups',
      `${backupDir} is no folder`,
      `Check BACKUP_DIR; install -d -m 0700 -o tapgrid -g tapgrid ${backupDir}`,
    );
  if (safely(() => (accessSync(backupDir, constants.W_OK | constants.X_OK), true)) === null)
    return wrong(
      'backups',
      `${backupDir} cannot be written by this user`,
      'Check the owner of BACKUP_DIR, or run this as the user of the server (sudo -u tapgrid).',
    );
  const sameDisk = safely(() => statSync(dataDir).dev) === found.dev;
  return sameDisk && backupS3Bucket === null
    ? warn(
        'backups',
        `${backupDir} is on the disk of the books: both are lost together`,
        'Set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET.',
      )
    : well('backups', places);
}

/** Where archived bets are, by the files alone. */
function history(config: Config): Check {
  const places = placesOf(config);
  const found = safely(() => {
    const source = new SqliteArchiveSource(join(config.dataDir, DATABASE_FILE));
    try {
      return whereabouts(places, source.segments(), new SqliteHistoryShelf(config.dataDir).files());
    } finally {
      source.close();
    }
  });
  if (found === null)
    return warn(
      'history',
      'the books cannot be read, so it is not known what is archived',
      'Mend what is said of the database first.',
    );
  const says = whereText(places, found);
  if (found.missing.length > 0)
    return wrong(
      'history',
      `${says}; segments ${found.missing.join(', ')} are in no place`,
      'Copy them back from another copy of that folder; tapgrid archive verify names what is wrong.',
    );
  if (found.single.length > 0)
    return warn(
      'history',
      `${says}; segments ${found.single.join(', ')} are in one place alone`,
      'tapgrid archive run carries over what lies elsewhere; tapgrid archive verify names the rest.',
    );
  return places.onThisDisk
    ? warn('history', says, 'Set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET.')
    : well('history', says);
}
