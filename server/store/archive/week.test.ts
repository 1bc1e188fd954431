import { expect, test } from 'bun:test';
import { isoWeek, weekOf } from './week.ts';

for (const [date, week] of [
  ['1970-01-01', '1970-W01'],
  ['2024-12-30', '2025-W01'],
  ['2026-01-01', '2026-W01'],
  ['2026-12-31', '2026-W53'],
  ['2027-01-03', '2026-W53'],
  ['2027-01-04', '2027-W01'],
  ['2026-11-24', '2026-W48'],
] as const) {
  test(`${date} is in ${week}`, () => {
    const at = Date.parse(date);
    expect(isoWeek(at)).toBe(week);
    expect(isoWeek(weekOf(at).from)).toBe(week);
    expect(isoWeek(weekOf(at).to - 1)).toBe(week);
    expect(isoWeek(weekOf(at).to)).not.toBe(week);
  });
}
