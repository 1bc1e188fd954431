import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OldBooks } from '../../test/simulation/archived-books.ts';
import { tapgrid } from '../../test/stage/command.ts';
import { openOperatorBooks } from '../../server/compose/books.ts';
import { loadConfig } from '../../server/config.ts';
import { REFUSALS_KEPT_DAYS } from '../../server/engine/refusal-desk.ts';
import { archiveHouse } from '../archive/house.ts';
import type { Period } from './period.ts';
import { refusalsOf } from './refused-rows.ts';

/** Refused orders that may have left the books, with an archive that is there or not. */

const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-refused-rows-'));
const books = new OldBooks(7, join(root, 'data'));
const env = (store: string) => ({
  DATA_DIR: books.dataDir,
  BACKUP_DIR: join(root, store),
  ARCHIVE_SEGMENT_ROWS: '100',
  LOG_LEVEL: 'warn',
});
const startedAt = Date.now() - 13 * DAY_MS;
const ALWAYS: Period = { from: 0, to: Number.MAX_SAFE_INTEGER };

beforeAll(async () => {
  await books.make(startedAt);
  expect((await tapgrid(['archive', 'run'], { env: env('store') })).code).toBe(0);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

/** How many rows there are, asked some days after the house began; or the code of why nobody can tell. */
async function found(store: string, period: Period, days: number): Promise<number | string> {
  const loaded = loadConfig(env(store));
  if ('errors' in loaded) throw new Error('wrong settings');
  const house = archiveHouse(loaded.ok);
  const operatorBooks = openOperatorBooks(books.dataDir);
  try {
    const sources = { books: operatorBooks, house, now: startedAt + days * DAY_MS };
    let rows = 0;
    for await (const page of refusalsOf(sources, books.account, period, () => {})) rows += page.length;
    return rows;
  } catch (cause) {
    return (cause as { code: string }).code;
  } finally {
    operatorBooks.close();
    house.source.close();
  }
}

test('while the books have them all the archive need not be there', async () => {
  const all = await found('store', ALWAYS, REFUSALS_KEPT_DAYS - 1);
  expect(all).toBeGreaterThan(10);
  expect(await found('away', ALWAYS, REFUSALS_KEPT_DAYS - 1)).toBe(all);
});

test('once some may have left the books, an archive that is away is not taken for one without any', async () => {
  expect(await found('store', ALWAYS, REFUSALS_KEPT_DAYS + 2)).toBeGreaterThan(10);
  expect(await found('away', ALWAYS, REFUSALS_KEPT_DAYS + 2)).toBe('archive_unreachable');
});

test('a time that the books have whole, or before the house began, needs none', async () => {
  const late = { from: startedAt + 5 * DAY_MS, to: Number.MAX_SAFE_INTEGER };
  const early = { from: 0, to: startedAt - DAY_MS };
  expect(await found('away', late, REFUSALS_KEPT_DAYS + 2)).toBeGreaterThan(3);
  expect(await found('away', early, REFUSALS_KEPT_DAYS + 2)).toBe(0);
});

test('archive verify reads them, and names a day that is damaged', async () => {
  const verify = () => tapgrid(['archive', 'verify'], { env: env('store') });
  expect(await verify()).toMatchObject({ code: 0 });
  const [folder = ''] = readdirSync(join(root, 'store/refusals'));
  const [day = ''] = readdirSync(join(root, 'store/refusals', folder));
  writeFileSync(join(root, 'store/refusals', folder, day), 'no archive');
  const { code, out } = await verify();
  expect([code, out.includes(`refused orders of ${day.slice(0, 10)}: `)]).toEqual([1, true]);
});
