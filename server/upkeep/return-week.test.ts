import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReturnWeek } from '../ports/readings.ts';
import { keepReturns, RETURN_WEEK_FILE } from './return-week.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-week-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, RETURN_WEEK_FILE);

const watchOf = (week: ReturnWeek) => {
  const restored: ReturnWeek[] = [];
  return { restored, state: () => week, restore: (kept: ReturnWeek) => void restored.push(kept) };
};
const WEEK: ReturnWeek = { week: 2_945, buckets: [['USD 2-5', 12.5, 800]] };

test('what was kept is taken up; it is written when it changed, and for nobody else to read', () => {
  const first = watchOf(WEEK);
  const keep = keepReturns(first, folder, 0);
  keep(1);
  const { mtimeMs, mode } = statSync(path);
  expect([first.restored, mode & 0o777]).toEqual([[], 0o600]);
  keep(2);
  expect(statSync(path).mtimeMs).toBe(mtimeMs);
  const second = watchOf(WEEK);
  keepReturns(second, folder, 3);
  expect(second.restored).toEqual([WEEK]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(WEEK);
});

test.each([
  '',
  '{}',
  '{"week":1}',
  '{"week":1,"buckets":[["a",1]]}',
  '{"week":1,"buckets":[["a",null,2]]}',
  '{"week":1,"buckets":[["a",1,-2]]}',
])('what is no week is not taken up: %s', (text) => {
  writeFileSync(path, text);
  const watch = watchOf(WEEK);
  keepReturns(watch, folder, 0);
  expect(watch.restored).toEqual([]);
});
