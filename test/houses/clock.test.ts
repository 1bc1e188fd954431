import { afterAll, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupHouse, type BackupHouse } from '../../scripts/backup/house.ts';
import { loadConfig } from '../../server/config.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { isWhole, listSnapshots, type Manifest } from '../../server/upkeep/backup/manifest.ts';
import { prune } from '../../server/upkeep/backup/prune.ts';
import { restore, type Restored } from '../../server/upkeep/backup/restore.ts';
import { takeSnapshot } from '../../server/upkeep/backup/snapshot.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import { play } from '../stage/house-commands.ts';

/** Backups of a machine whose clock was days ahead, and was then set right. */

const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-house-clock-'));
const NOW = Date.UTC(2026, 10, 23, 12);
const AHEAD = NOW + 2 * DAY_MS;
afterAll(() => rmSync(root, { recursive: true, force: true }));

let houses = 0;
/** Books that are backed up by a clock that is ahead, with a tail behind that. */
async function aheadOnce(): Promise<{ house: BackupHouse; dataDir: string; early: string; first: Manifest }> {
  const dataDir = join(root, `house-${houses++}`);
  const config = loadConfig({ DATA_DIR: dataDir });
  if ('errors' in config) throw new Error('the settings are wrong');
  const house = backupHouse(config.ok);
  const { until } = await play(dataDir, 20, { from: NOW - DAY_MS });
  const early = join(root, `early-${houses}.db`);
  copyFileSync(house.database, early);
  await play(dataDir, 20, { seed: 2, traders: 0, from: until + 1_000 });
  const first = await taken(house, AHEAD);
  await play(dataDir, 20, { seed: 3, traders: 0, from: until + 60_000 });
  await shipped(house, AHEAD + 60_000);
  return { house, dataDir, early, first };
}

const taken = (house: BackupHouse, at: number, adopt = false): Promise<Manifest> =>
  takeSnapshot(house.local, house.copier, { ...house.options, now: () => at, adopt });

async function shipped({ local, database }: BackupHouse, at: number): Promise<void> {
  const source = new SqliteTail(database);
  try {
    const whole = (await listSnapshots(local)).filter(isWhole);
    await (await TailShipper.open(source, local, whole, () => at)).ship();
  } finally {
    source.close();
  }
}

const restored = (house: BackupHouse, withoutTail = false): Promise<Restored> =>
  restore(house.local, house.restorer, {
    ...{ to: join(root, `restored-${houses++}`), file: DATABASE_FILE },
    ...{ until: null, house: null, snapshot: null, withoutTail },
  });

const headOf = ({ database }: BackupHouse) => {
  const source = new SqliteTail(database);
  try {
    return source.begin().ledger;
  } finally {
    source.end();
    source.close();
  }
};

test('the snapshot that was taken last is the newest, whatever time it bears', async () => {
  const { house, dataDir, first } = await aheadOnce();
  await play(dataDir, 20, { seed: 4, traders: 0, from: NOW });
  const second = await taken(house, NOW + 60_000);
  expect(second.id < first.id).toBe(true);
  expect(await restored(house, true)).toMatchObject({ snapshot: second.id, passedOver: [] });
  expect((await restored(house)).head).toEqual(headOf(house));
  // And it is the one that is kept, with the one of the other hour.
  const own = house.hold();
  await taken(house, NOW + 120_000);
  expect(await prune(house.local, own)).toMatchObject({ removed: [second.id], kept: 2 });
  own.close();
}, 60_000);

test('when the state of before is restored, the tail begins anew, and what comes next is what is restored', async () => {
  const { house, dataDir, early, first } = await aheadOnce();
  copyFileSync(early, house.database);
  const { until } = await play(dataDir, 10, { seed: 5, traders: 0, from: NOW });
  await taken(house, NOW + 60_000, true);
  await shipped(house, NOW + 61_000);
  await play(dataDir, 10, { seed: 6, traders: 0, from: until + 1_000 });
  await shipped(house, NOW + 120_000);
  const { head, passedOver } = await restored(house);
  expect(head).toEqual(headOf(house));
  expect(passedOver).toEqual([]);
  await play(dataDir, 10, { seed: 7, traders: 0, from: until + 60_000 });
  // The one that was given up does not stand in the way of the next, and can be had by its name.
  await taken(house, NOW + 180_000);
  expect((await listSnapshots(house.local)).map(({ id }) => id)).toContain(first.id);
}, 60_000);
