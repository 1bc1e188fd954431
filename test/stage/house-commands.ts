import { mkdirSync } from 'node:fs';
import { World } from '../simulation/world.ts';
import { tapgrid, type Said } from './command.ts';
import type { S3Gateway } from './s3-gateway.ts';

type Settings = Readonly<Record<string, string>>;

export const backup = (settings: Settings, ...words: string[]): Promise<Said> =>
  tapgrid(['backup', ...words], { env: settings });
export const restore = (settings: Settings, ...words: string[]): Promise<Said> =>
  tapgrid(['restore', ...words], { env: settings });

/** Plays so many ticks on the books of a folder, which are made where there are none. */
export async function play(
  dataDir: string,
  ticks: number,
  { seed = 1, from = Date.now() - 3_600_000, traders = 2 } = {},
): Promise<{ house: string; bets: number; batch: number; until: number }> {
  mkdirSync(dataDir, { recursive: true });
  const world = new World(seed, dataDir);
  world.now = from;
  await world.open();
  for (let n = 0; n < traders; n++) await world.addTrader();
  for (let n = 0; n < ticks; n++) {
    await world.tick();
    if (n % 5 === 0 && traders > 0) await world.order();
  }
  const { books } = world.store;
  const played = {
    house: books.house(),
    bets: books.unarchivedBets(),
    batch: books.chain().ledger.batch,
    until: world.now,
  };
  await world.store.close();
  return played;
}

/** The settings of a bucket. */
export const bucketSettings = ({ options }: S3Gateway, prefix = options.prefix): Settings => ({
  BACKUP_S3_ENDPOINT: options.endpoint!,
  BACKUP_S3_BUCKET: options.bucket,
  BACKUP_S3_PREFIX: prefix,
  BACKUP_S3_KEY_ID: options.keyId,
  BACKUP_S3_SECRET: options.secret,
});
