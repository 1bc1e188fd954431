import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_MARKS } from '../game/mark-sums.ts';
import type { MarkedPeriod } from '../ports/readings.ts';
import { keepMarks, readMarks } from './mark-period.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-marks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Marks that are what they were told to be. */
function watchOf(period: MarkedPeriod) {
  const restored: MarkedPeriod[] = [];
  const asked: boolean[] = [];
  return {
    changes: 0,
    restored,
    asked,
    state: (_: number, isLast: boolean) => (asked.push(isLast), period),
    restore: (kept: MarkedPeriod) => void restored.push(kept),
  };
}

test('marks are written when there are new ones, and what is no marks is not taken for any', () => {
  const period: MarkedPeriod = { period: 7, accounts: [['ada', { ...NO_MARKS, bets: 2, staked: 10.5 }]] };
  const first = watchOf(period);
  const keep = keepMarks(first, folder, 1);
  keep(2, false);
  expect([first.restored, readMarks(folder)]).toEqual([[], null]);
  first.changes = 1;
  keep(3, false);
  expect(readMarks(folder)).toEqual(period);
  // A step that ran then has ended by the next time, or ends with the server; then nothing is left to write.
  keep(4, true);
  keep(5, false);
  expect(first.asked).toEqual([false, true]);
  const second = watchOf(period);
  keepMarks(second, folder, 4);
  expect(second.restored).toEqual([period]);
  for (const text of [
    '',
    '{"period":7}',
    '{"period":7,"accounts":[["ada",{"bets":1}]]}',
    JSON.stringify(period).replace('10.5', '"10.5"'),
  ]) {
    writeFileSync(join(folder, 'marks.json'), text);
    expect(readMarks(folder)).toBeNull();
  }
});
