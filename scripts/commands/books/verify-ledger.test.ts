import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../../server/store/store.ts';
import type { IntegrityReport } from '../../../server/upkeep/integrity.ts';
import { World } from '../../../test/simulation/world.ts';
import { tapgrid } from '../../../test/stage/command.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-verify-'));
const file = join(dir, DATABASE_FILE);
const metrics = join(dir, 'verify.prom');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

beforeAll(async () => {
  const world = new World(11, dir);
  await world.open();
  await world.addTrader();
  for (let step = 0; step < 600; step++) {
    await world.tick();
    await world.order();
  }
  await world.store.close();
}, 180_000);

const ran = (...words: string[]) => tapgrid(['verify-ledger', ...words]);
const metric = (name: string): number =>
  Number(new RegExp(`^${name} (.+)$`, 'm').exec(readFileSync(metrics, 'utf8'))![1]);

describe('the command', () => {
  test('says how to use it', async () =>
    expect(await ran('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') }));

  test.each([
    [['--unknown']],
    [['--since', 'yesterday']],
    [['--anchor', '12:zz']],
    [['--file', '/no/such/file']],
    [['--file', file, '--since', '999999999']],
    [['--file', import.meta.path]],
  ])('%j is refused with code 2', async (words) => {
    const { code, out, error } = await ran(...words);
    expect([code, out]).toEqual([2, '']);
    expect(error.length).toBeGreaterThan(20);
  });

  test('tells a person that all is well, and the monitoring when', async () => {
    const { code, out } = await ran('--file', file, '--metrics', metrics);
    expect(code).toBe(0);
    expect(out).toContain('All that was checked holds.');
    expect(metric('tapgrid_verify_last_success_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(readFileSync(metrics, 'utf8')).toContain('tapgrid_verify_violations{check="balance"} 0\n');
  });

  test('sees that an order was not signed by its key, when asked', async () => {
    const { code, out } = await ran('--file', file, '--signatures');
    expect(code).toBe(1);
    expect(out).toMatch(/signatures +order 1: was not signed by the key of its session/);
  });

  test('gives a program the same, with code 1 where a check fails, and changes nothing', async () => {
    const before = metric('tapgrid_verify_last_success_timestamp_seconds');
    const db = new Database(file);
    db.run(`UPDATE accounts SET balance = balance - 5 WHERE kind = 'player'`);
    db.run('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(file);
    const { code, out } = await ran('--file', file, '--json', '--metrics', metrics, '--no-pages');
    expect(code).toBe(1);
    const report = JSON.parse(out) as IntegrityReport;
    expect(report.violations.map(({ check }) => check)).toContain('balance');
    expect(report.checks.find(({ name }) => name === 'pages')).toMatchObject({ ran: false });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(metric('tapgrid_verify_last_success_timestamp_seconds')).toBe(before);
    expect(readFileSync(metrics, 'utf8')).toMatch(/tapgrid_verify_violations\{check="balance"\} [1-9]/);
    expect(existsSync(`${metrics}.${process.pid}`)).toBe(false);
  });

  test('a damaged page of the house’s own books is a violation, for the monitoring too', async () => {
    const own = join(dir, 'damaged');
    mkdirSync(own);
    cpSync(file, join(own, DATABASE_FILE));
    const db = new Database(join(own, DATABASE_FILE));
    const { root, size } = db
      .query<{ root: number; size: number }, []>(
        `SELECT rootpage AS root, page_size AS size FROM sqlite_schema, pragma_page_size WHERE name = 'intents'`,
      )
      .get()!;
    db.close();
    const page = openSync(join(own, DATABASE_FILE), 'r+');
    writeSync(page, Buffer.alloc(size, 0xa5), 0, size, (root - 1) * size);
    closeSync(page);
    const { code, out } = await tapgrid(['verify-ledger', '--json', '--metrics', metrics], {
      env: { DATA_DIR: own },
    });
    expect(code).toBe(1);
    const places = (JSON.parse(out) as IntegrityReport).violations.map(({ check, place }) => [check, place]);
    expect(places).toContainEqual(['pages', 'intents']);
    expect(readFileSync(metrics, 'utf8')).toMatch(/tapgrid_verify_violations\{check="pages"\} [1-9]/);
  });

  test('a file that SQLite does not open is code 2', async () => {
    const cut = join(dir, 'cut.db');
    writeFileSync(cut, readFileSync(file).subarray(0, 20 * 4096));
    expect(await ran('--file', cut)).toMatchObject({ code: 2, out: '' });
  });
});
