import { afterAll, beforeAll, expect, test } from 'bun:test';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TailSource } from '../../server/ports/tail.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { encodeManifest, isWhole, listSnapshots, manifestKey } from '../../server/upkeep/backup/manifest.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import { diagnose } from '../doctor/doctor.ts';
import { World } from '../../test/simulation/world.ts';
import { tapgrid } from '../../test/stage/command.ts';

/** Books that were put back to an earlier state, beside backups that have seen more. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-behind-'));
const [dataDir, backupDir, early] = [join(root, 'data'), join(root, 'backups'), join(root, 'early.db')];
const database = join(dataDir, DATABASE_FILE);
const env = { DATA_DIR: dataDir, BACKUP_DIR: backupDir };
afterAll(() => rmSync(root, { recursive: true }));

const ran = (...words: string[]) => tapgrid(words, { env });

const ids = async (): Promise<string[]> =>
  (await listSnapshots(new DirectoryStore(backupDir))).map(({ id }) => id);

/** Plays so many ticks on the books that are there. */
async function play(seed: number, from: number, ticks: number): Promise<number> {
  const world = new World(seed, dataDir);
  world.now = from;
  await world.open();
  if (ticks > 0) await world.addTrader();
  for (let n = 0; n < ticks; n++) {
    await world.tick();
    if (n % 7 === 0) await world.order();
  }
  await world.store.close();
  return world.now;
}

/** Opens the file anew for each shipment, so that it can be changed in between. */
function reopening(): TailSource {
  let tail: SqliteTail | null = null;
  const now = (): SqliteTail => (tail ??= new SqliteTail(database));
  return {
    begin: () => now().begin(),
    end() {
      tail?.end();
      tail?.close();
      tail = null;
    },
    newestBatch: () => now().newestBatch(),
    hashOf: (batch) => now().hashOf(batch),
    added: (after) => now().added(after),
    changed: (since) => now().changed(since),
    accounts: (found) => now().accounts(found),
    close() {},
  };
}

let seen: { batch: number; hash: string };
beforeAll(async () => {
  mkdirSync(dataDir);
  const at = await play(1, Date.now() - 600_000, 60);
  copyFileSync(database, early);
  await play(2, at + 1_000, 60);
  expect(await ran('backup', 'run')).toMatchObject({ code: 0 });
  const [snapshot] = (await listSnapshots(new DirectoryStore(backupDir))).filter(isWhole);
  seen = snapshot!.ledger;
  // Into the same file, as a person copies.
  copyFileSync(early, database);
}, 60_000);

test('no snapshot is taken of them, so none that holds more has to go', async () => {
  const kept = await ids();
  const { code, said } = await ran('backup', 'run');
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringMatching(
      /The books end at batch \d+: \d+ batches are missing up to batch \d+ .* which snapshot \S+ has seen.*Nothing was written.*--adopt/,
    ),
  });
  expect(await ids()).toEqual(kept);
});

test('doctor and checker say so while the server is stopped', async () => {
  const found = (await diagnose({ ...process.env, ...env })).filter(({ name }) => name === 'books');
  expect(found).toMatchObject([{ state: 'wrong', says: expect.stringContaining('The books end at batch') }]);
  expect(await ran('verify-ledger')).toMatchObject({
    code: 1,
    said: expect.stringContaining(`batch ${seen.batch}: is not there`),
  });
});

test('a tail that goes on through the change ships nothing of another history', async () => {
  rmSync(join(root, 'tail-store'), { recursive: true, force: true });
  copyFileSync(early, database);
  const at = await play(3, Date.now() - 300_000, 20);
  const store = new DirectoryStore(join(root, 'tail-store'));
  const source = reopening();
  const { house: _, ...head } = source.begin();
  const snapshots = [
    { ...(await listSnapshots(new DirectoryStore(backupDir))).filter(isWhole)[0]!, ...head },
  ];
  source.end();
  for (const snapshot of snapshots) await store.put(manifestKey(snapshot.id), encodeManifest(snapshot));
  await play(3, at, 20);
  const shipper = await TailShipper.open(source, store, snapshots, Date.now);
  await shipper.ship();
  const shipped = await store.list('tail/');
  expect(shipped.length).toBeGreaterThan(0);
  copyFileSync(early, database);
  await play(4, at + 60_000, 120);
  expect(await shipper.ship().catch((error: Error) => error)).toMatchObject({ code: 'snapshot_needed' });
  expect(await store.list('tail/')).toEqual(shipped);
  copyFileSync(early, database);
}, 60_000);

test('when somebody has looked, backups continue with them, and what has seen more stays', async () => {
  const kept = await ids();
  expect(await ran('backup', 'run', '--adopt')).toMatchObject({ code: 0 });
  expect((await ids()).filter((id) => kept.includes(id))).toEqual(kept);
  expect(await ran('backup', 'run', '--no-prune')).toMatchObject({ code: 0 });
  expect(await ran('restore', '--from', backupDir, '--to', join(root, 'restored'))).toMatchObject({
    code: 0,
  });
  expect(await ran('backup', 'verify')).toMatchObject({ code: 0 });
  // And what was given up can be had by its name.
  expect(
    await ran('restore', '--from', backupDir, '--to', join(root, 'given-up'), '--snapshot', kept[0]!),
  ).toMatchObject({ code: 0, said: expect.stringContaining(seen.hash) });
}, 60_000);
