import { afterAll, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../server/config.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { isWhole, listSnapshots } from '../../server/upkeep/backup/manifest.ts';
import { restore } from '../../server/upkeep/backup/restore.ts';
import { takeSnapshot } from '../../server/upkeep/backup/snapshot.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import { DELETED_TABLES } from '../../server/ports/archive.ts';
import { OldBooks } from '../../test/simulation/archived-books.ts';
import { archive } from '../../test/simulation/archiving.ts';
import { faultsOf } from '../../test/stage/second-opinion.ts';
import { backupHouse } from './house.ts';
import { seedOf } from '../../test/stage/seed.ts';

const SEED = seedOf('BACKUP_SEED');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-backup-archived-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Rows of these go when later ones say the same; the older ones do no harm. */
const OUTLIVED = ['archived_stakes', 'ledger_checkpoints'];
/** Tables of which rows go: a restore has those that went after the snapshot. */
const DELETED: ReadonlySet<string> = new Set([...DELETED_TABLES, ...OUTLIVED]);

function rowsOf(dataDir: string): Record<string, string[]> {
  const db = new Database(join(dataDir, DATABASE_FILE), { readonly: true });
  const tables = db
    .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all();
  const rows = Object.fromEntries(
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
  return rows;
}

test(`a house that archives between a snapshot and the loss of its machine comes back, and archives on (seed ${SEED}, BACKUP_SEED)`, async () => {
  const dataDir = join(root, 'data');
  const books = new OldBooks(SEED, dataDir);
  await books.make();
  const config = loadConfig({ DATA_DIR: dataDir, BACKUP_DIR: join(root, 'backups') });
  if ('errors' in config) throw new Error('the settings are wrong');
  const house = backupHouse(config.ok);
  let now = books.now;
  await takeSnapshot(house.local, house.copier, { ...house.options, now: () => now });
  const source = new SqliteTail(house.database);
  const shipper = await TailShipper.open(
    source,
    house.local,
    (await listSnapshots(house.local)).filter(isWhole),
    () => ++now,
  );
  const ledger = books.open(dataDir);
  // The tail is shipped at every step of the archiver: sealed and not deleted, half deleted, deleted.
  const report = await archive({
    dataDir,
    ledger,
    now: books.now,
    reached: async () => void (await shipper.ship()),
  });
  expect(report.segments.length).toBeGreaterThan(1);
  expect(report.deleted.bets).toBeGreaterThan(20);
  await shipper.ship();
  source.close();
  await ledger.close();

  const to = join(root, 'restored');
  const restored = await restore(house.local, house.restorer, {
    to,
    file: DATABASE_FILE,
    until: null,
    house: null,
    snapshot: null,
    withoutTail: false,
  });
  expect(restored.report).toMatchObject({ ok: true, from: { batch: report.segments.at(-1)!.lastBatch + 1 } });
  const [live, back] = [rowsOf(dataDir), rowsOf(to)];
  for (const [table, rows] of Object.entries(live)) {
    if (DELETED.has(table))
      expect(
        rows.filter((row) => !back[table]!.includes(row)),
        table,
      ).toEqual([]);
    else expect([table, back[table]]).toEqual([table, rows]);
  }

  expect(faultsOf(join(to, DATABASE_FILE))).toEqual([]);

  // What was deleted after the snapshot is there again, and goes again, by the objects that hold it.
  cpSync(join(dataDir, 'archive'), join(to, 'archive'), { recursive: true });
  cpSync(join(dataDir, 'history'), join(to, 'history'), { recursive: true });
  const again = books.open(to);
  expect((await archive({ dataDir: to, ledger: again, now: books.now })).segments).toEqual([]);
  await again.close();
  for (const [table, rows] of Object.entries(rowsOf(to)))
    expect([
      table,
      OUTLIVED.includes(table) ? rows.filter((row) => live[table]!.includes(row)) : rows,
    ]).toEqual([table, live[table]!]);
}, 180_000);
