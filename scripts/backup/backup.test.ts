import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../server/config.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { isWhole, listSnapshots, type Manifest } from '../../server/upkeep/backup/manifest.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import { prune } from '../../server/upkeep/backup/prune.ts';
import { restore, type Restored, type RestoreOptions } from '../../server/upkeep/backup/restore.ts';
import { expectAhead } from '../../server/upkeep/backup/seen-heads.ts';
import { takeSnapshot } from '../../server/upkeep/backup/snapshot.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import { verifyBackups } from '../../server/upkeep/backup/verify.ts';
import { Chance } from '../replay-market/chance.ts';
import { World } from '../../test/simulation/world.ts';
import { faultsOf } from '../../test/stage/second-opinion.ts';
import { backupHouse, type BackupHouse } from './house.ts';
import { seedOf } from '../../test/stage/seed.ts';

const SEED = seedOf('BACKUP_SEED');
/** Objects of which bytes are changed, three each. */
const FLIPPED_MAX = 25;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-backup-'));
const target = join(root, 'restored');
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => rmSync(target, { recursive: true, force: true }));

function houseOf(dataDir: string, now: () => number): BackupHouse {
  const config = loadConfig({ DATA_DIR: dataDir });
  if ('errors' in config) throw new Error('the settings are wrong');
  const house = backupHouse(config.ok);
  return { ...house, options: { ...house.options, now } };
}

/** Every row of every table. */
function contentOf(path: string): Record<string, unknown[]> {
  const db = new Database(path, { readonly: true });
  const tables = db
    .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all();
  const content = Object.fromEntries(
    tables.map(({ name }) => [
      name,
      db
        .query(`SELECT * FROM "${name}"`)
        .values()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]),
  );
  db.close();
  return content;
}

const restored = (
  store: ObjectStore,
  house: BackupHouse,
  over: Partial<RestoreOptions> = {},
): Promise<Restored> =>
  restore(store, house.restorer, {
    to: target,
    file: DATABASE_FILE,
    until: null,
    house: null,
    snapshot: null,
    withoutTail: false,
    ...over,
  });
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was restored',
    (error: Error) => error.message,
  );

/** The snapshot from which the first tail goes on. */
const firstOfTail = async (store: ObjectStore): Promise<string> =>
  (await store.list('tail/'))[0]!.split('/')[1]!;

/** A store of which one write fails half way through a shipment. */
const failing = (store: ObjectStore, after: number): ObjectStore => {
  let left = after;
  return {
    name: store.name,
    get: (key) => store.get(key),
    list: (prefix) => store.list(prefix),
    remove: (key) => store.remove(key),
    put: async (key, bytes) => {
      if (left-- <= 0) throw new Error('no space left');
      await store.put(key, bytes);
    },
  };
};

describe(`a house that trades while it is backed up (seed ${SEED}, BACKUP_SEED)`, () => {
  const chance = new Chance(SEED);
  const dataDir = join(root, 'data');
  const database = join(dataDir, DATABASE_FILE);
  const world = new World(SEED, dataDir);
  const house = houseOf(dataDir, () => world.now);
  const { local } = house;
  const states: { batch: number; at: number; content: Record<string, unknown[]> }[] = [];

  beforeAll(async () => {
    mkdirSync(dataDir);
    await world.open();
    // Half of them are particular about the multiplier: their stakes come back often, and they tap the same
    // cells again.
    for (let n = 0; n < 8; n++)
      await world.addTrader(n % 2 === 0 ? undefined : { dailyLoss: null, guardPercent: 95 });
    const snapshots = async () => (await listSnapshots(local)).filter(isWhole);
    const open = async () => {
      const source = new SqliteTail(database);
      return {
        source,
        shipper: await TailShipper.open(
          source,
          local,
          await snapshots(),
          () => world.now,
          chance.pick([1, 40, 20_000]),
        ),
      };
    };
    const play = async (steps: number) => {
      for (let step = 0; step < steps; step++) {
        await world.tick();
        if (chance.happens(0.5)) await world.order();
        if (chance.happens(0.01))
          await world.addTrader(
            chance.happens(0.5) ? { dailyLoss: 1_000_000_000 as never, guardPercent: 90 } : undefined,
          );
      }
    };
    await play(200);
    await takeSnapshot(local, house.copier, house.options);
    let tail = await open();
    for (let round = 0; round < 25; round++) {
      await play(1 + chance.below(60));
      const someone = world.sent.length > 0 ? chance.pick(world.sent).session : null;
      if (someone !== null) {
        if (chance.happens(0.4))
          await world.engine.changeLimits(
            someone.accountId,
            chance.pick([
              { dailyLoss: null, guardPercent: 80 },
              { dailyLoss: 5_000_000_000 as never, guardPercent: 70 },
              { reminderMinutes: 30 },
              { pause: 'day' },
            ]),
          );
        if (chance.happens(0.3)) await world.engine.seeSession(someone.id, world.now);
        if (chance.happens(0.1)) await world.signOut(someone);
      }
      if (round < 20 && chance.happens(0.15)) await takeSnapshot(local, house.copier, house.options);
      if (chance.happens(0.15)) {
        tail.source.close();
        tail = await open();
      }
      if (chance.happens(0.2)) {
        // A shipping process that dies: what it wrote of a shipment stays, and the next process goes on after
        // it.
        tail.source.close();
        const source = new SqliteTail(database);
        const dying = await TailShipper.open(
          source,
          failing(local, chance.below(4)),
          await snapshots(),
          () => world.now,
          1,
        );
        await refusal(dying.ship());
        source.close();
        tail = await open();
      }
      const shipped = await tail.shipper.ship();
      if (shipped !== null)
        states.push({ batch: shipped.head.ledger.batch, at: shipped.at, content: contentOf(database) });
    }
    tail.source.close();
    await world.store.close();
  }, 300_000);

  test('every row of every table comes back as it was when it was last shipped', async () => {
    const { head, report, segments } = await restored(local, house);
    expect([head.batch, report.ok, segments > 0]).toEqual([states.at(-1)!.batch, true, true]);
    expect(readdirSync(target)).toEqual([DATABASE_FILE]);
    expect(contentOf(join(target, DATABASE_FILE))).toEqual(states.at(-1)!.content);
    expect(faultsOf(join(target, DATABASE_FILE))).toEqual([]);
  });

  test('and so does every state on the way, by batch and by time', async () => {
    for (const state of states.filter((_, index) => index % 4 === 0)) {
      for (const until of [{ batch: state.batch }, { at: state.at }]) {
        rmSync(target, { recursive: true, force: true });
        const { head } = await restored(local, house, { until });
        expect(head.batch).toBe(state.batch);
        expect(faultsOf(join(target, DATABASE_FILE))).toEqual([]);
        // Two shipments may lead to the same batch, and the later one is asked for by the batch.
        if ('at' in until) expect(contentOf(join(target, DATABASE_FILE))).toEqual(state.content);
      }
    }
  }, 180_000);

  test('from any snapshot with the tail after it', async () => {
    const first = await firstOfTail(local);
    for (const { id } of await listSnapshots(local)) {
      rmSync(target, { recursive: true, force: true });
      if (id < first) {
        // Nothing was shipped between the two: without saying so, what came after would be left out.
        expect(await refusal(restored(local, house, { snapshot: id }))).toContain(
          `the commits in between were pruned or lost. --without-tail restores snapshot ${id} alone`,
        );
        continue;
      }
      await restored(local, house, { snapshot: id });
      expect(contentOf(join(target, DATABASE_FILE))).toEqual(states.at(-1)!.content);
    }
  }, 180_000);

  test('a snapshot alone is what it says', async () => {
    const newest = (await listSnapshots(local)).at(-1) as Manifest;
    const { head } = await restored(local, house, { withoutTail: true });
    expect(head).toEqual(newest.ledger);
  });

  test('a folder that is not empty is left as it is', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'mine.txt'), 'mine');
    expect(await refusal(restored(local, house))).toContain('is not empty: mine.txt');
    expect(readdirSync(target)).toEqual(['mine.txt']);
  });

  test('what a killed restore left is cleared away by the next', async () => {
    mkdirSync(join(target, '.restoring'), { recursive: true });
    writeFileSync(join(target, '.restoring', DATABASE_FILE), 'half');
    await restored(local, house);
    expect(readdirSync(target)).toEqual([DATABASE_FILE]);
  });

  test('one changed byte anywhere is refused, and the object is named', async () => {
    const copy = join(root, 'flipped');
    cpSync(house.backupDir, copy, { recursive: true });
    const store = new DirectoryStore(copy);
    const newest = (await listSnapshots(store)).at(-1) as Manifest;
    const keys = [
      ...newest.parts.map(({ key }) => key),
      `snapshots/${newest.id}/manifest.json`,
      ...(await store.list('tail/')).filter(
        (key) => Number(/-(\d+)-[0-9a-f]{64}/.exec(key)![1]) > newest.ledger.batch,
      ),
    ];
    expect(keys.length).toBeGreaterThan(2);
    for (const key of keys.slice(0, FLIPPED_MAX)) {
      const path = join(copy, key);
      const bytes = readFileSync(path);
      for (const at of [0, chance.below(bytes.length), bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << chance.below(8);
        writeFileSync(path, flipped);
        expect(await refusal(restored(store, house))).toContain(key);
        expect(existsSync(join(target, DATABASE_FILE))).toBe(false);
        expect((await verifyBackups(store, null)).faults.join('\n')).toContain(key);
      }
      writeFileSync(path, bytes);
    }
    expect((await verifyBackups(store, null)).faults).toEqual([]);
    await restored(store, house);
  }, 300_000);

  test('a part or a segment that is missing is named', async () => {
    const copy = join(root, 'missing');
    cpSync(house.backupDir, copy, { recursive: true });
    const store = new DirectoryStore(copy);
    const first = await firstOfTail(store);
    const newest = (await listSnapshots(store)).find(({ id }) => id === first) as Manifest;
    const segments = (await store.list('tail/')).filter(
      (key) => Number(/-(\d+)-[0-9a-f]{64}/.exec(key)![1]) > newest.ledger.batch,
    );
    const gone = segments[1]!;
    const bytes = readFileSync(join(copy, gone));
    await store.remove(gone);
    const heard = await refusal(restored(store, house, { snapshot: newest.id }));
    expect(heard).toMatch(/segment \d+ of the tail .* is missing; --until \d+ restores everything before it/);
    // What it says works, and gives all that is before the hole.
    const batch = Number(/--until (\d+)/.exec(heard)![1]);
    const { head } = await restored(store, house, { snapshot: newest.id, until: { batch } });
    expect([
      head.batch,
      states.some((state) => state.batch === batch) || batch === newest.ledger.batch,
    ]).toEqual([batch, true]);
    rmSync(target, { recursive: true });
    expect((await verifyBackups(store, null)).faults.join()).toMatch(/segment \d+ of the tail .* is missing/);
    writeFileSync(join(copy, gone), bytes);
    await store.remove(newest.parts[0]!.key);
    expect(await refusal(restored(store, house, { snapshot: newest.id }))).toContain(
      `${newest.parts[0]!.key} is missing: bytes 0 to`,
    );
  });

  test('a tail of another house is refused for what it is, and the snapshot alone can be restored', async () => {
    const strangers = join(root, 'stranger');
    mkdirSync(strangers);
    const stranger = new World(SEED + 1, strangers);
    stranger.now = world.now;
    await stranger.open();
    await stranger.addTrader();
    for (let n = 0; n < 60; n++) await stranger.tick();
    const theirs = houseOf(strangers, () => stranger.now);
    const first = await takeSnapshot(theirs.local, theirs.copier, theirs.options);
    const source = new SqliteTail(join(strangers, DATABASE_FILE));
    const tail = await TailShipper.open(source, theirs.local, [first], () => stranger.now);
    // Until it is past every batch that the other one has.
    const own = (await listSnapshots(local)).filter(isWhole).at(-1)!;
    while (stranger.store.books.chain().ledger.batch <= own.ledger.batch + 1) await stranger.tick();
    await tail.ship();
    source.close();
    await stranger.store.close();
    // Under the snapshot's own name a tail passes for one that goes on from it.
    const folder = join(root, 'mixed');
    cpSync(join(house.backupDir, 'snapshots'), join(folder, 'snapshots'), { recursive: true });
    cpSync(
      join(theirs.backupDir, 'tail', first.id),
      join(folder, 'tail', (await listSnapshots(local))[0]!.id),
      { recursive: true },
    );
    expect(await refusal(restored(new DirectoryStore(folder), house))).toContain(
      'is of another house than snapshot',
    );
    expect(existsSync(join(target, DATABASE_FILE))).toBe(false);
    await restored(new DirectoryStore(folder), house, { withoutTail: true });
  }, 120_000);

  test('a backup that other hands made whole again does not hold', async () => {
    const evil = join(root, 'evil');
    mkdirSync(evil);
    cpSync(database, join(evil, DATABASE_FILE));
    const db = new Database(join(evil, DATABASE_FILE));
    db.run(
      'UPDATE accounts SET balance = balance + 1000000 WHERE id = (SELECT id FROM accounts WHERE kind ' +
        `= 'player' LIMIT 1)`,
    );
    db.run(`UPDATE accounts SET balance = balance - 1000000 WHERE id = 'house:PLAY'`);
    db.close();
    const other = houseOf(evil, () => world.now);
    expect(await refusal(takeSnapshot(other.local, other.copier, other.options))).toMatch(
      /failed verification and is not a backup: balance, account/,
    );
    expect(await listSnapshots(other.local)).toEqual([]);
    expect(await other.local.list('snapshots/')).toEqual([]);
    expect(readdirSync(join(evil, 'backups', 'work'))).toEqual([]);
  });

  test('a crash at any step of a snapshot leaves nothing that counts, and the next run clears it away', async () => {
    const copy = join(root, 'crashed');
    cpSync(dataDir, copy, { recursive: true });
    rmSync(join(copy, 'backups'), { recursive: true });
    const other = houseOf(copy, () => world.now);
    // What is there after a kill in the copy, between two parts, in a part, and before the manifest.
    mkdirSync(join(copy, 'backups', 'work'), { recursive: true });
    writeFileSync(join(copy, 'backups', 'work', 'snapshot.db'), 'half a copy');
    await other.local.put('snapshots/20261123T000000Z-1/tapgrid.db.zst.0000', Buffer.from('a part'));
    writeFileSync(join(copy, 'backups', 'snapshots/20261123T000000Z-1', '.unfinished-1'), 'half a part');
    expect(await listSnapshots(other.local)).toEqual([]);
    const manifest = await takeSnapshot(other.local, other.copier, other.options);
    expect(readdirSync(join(copy, 'backups', 'snapshots'))).toEqual([manifest.id]);
    expect(readdirSync(join(copy, 'backups', 'snapshots', manifest.id)).sort()).toEqual([
      'manifest.json',
      'tapgrid.db.zst.0000',
    ]);
    expect(readdirSync(join(copy, 'backups', 'work'))).toEqual([]);
    expect(statSync(join(copy, 'backups', 'snapshots', manifest.id)).mode & 0o077).toBe(0);
    expect((await takeSnapshot(other.local, other.copier, other.options)).id).toBe(manifest.id);
  });

  test('nothing is pruned when no snapshot is whole', async () => {
    const copy = join(root, 'unpruned');
    cpSync(house.backupDir, copy, { recursive: true });
    const store = new DirectoryStore(copy);
    for (const snapshot of (await listSnapshots(store)).filter(isWhole))
      writeFileSync(join(copy, snapshot.parts[0]!.key), 'rubbish');
    const before = await store.list('');
    const own = house.hold();
    expect(await refusal(prune(store, own))).toMatch(
      /.* has no complete snapshot of this house, so nothing is removed: .*tapgrid\.db\.zst\.0000 is damaged/,
    );
    own.close();
    expect(await store.list('')).toEqual(before);
  });
});

test('a snapshot is taken, and the bucket asked, while the tail ships what comes meanwhile', async () => {
  const dataDir = join(root, 'meanwhile');
  mkdirSync(dataDir);
  const world = new World(SEED, dataDir);
  await world.open();
  await world.addTrader();
  for (let n = 0; n < 20; n++) await world.tick();
  const house = houseOf(dataDir, () => world.now);
  const first = await takeSnapshot(house.local, house.copier, house.options);
  const source = new SqliteTail(join(dataDir, DATABASE_FILE));
  const tail = await TailShipper.open(source, house.local, [first], () => world.now);
  const goOn = async (): Promise<void> => {
    for (let n = 0; n < 20; n++) await world.tick();
    await tail.ship();
  };
  const copier: typeof house.copier = {
    ...house.copier,
    async check(...words) {
      await goOn();
      return house.copier.check(...words);
    },
  };
  await goOn();
  const { id } = await takeSnapshot(house.local, copier, house.options);
  expect(id).not.toBe(first.id);
  // Who holds the books before a store is asked sees what they are after it.
  const own = house.hold();
  const before = own.end;
  await goOn();
  await expectAhead(house.local, own);
  expect(own.end).toBeGreaterThan(before);
  own.close();
  source.close();
  await world.store.close();
});
