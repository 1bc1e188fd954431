import { describe, expect, test } from 'bun:test';
import { lockOf } from './lock.ts';
import { multiplier } from './money.ts';
import { ORDINARY } from './formula.ts';
import type { Cents } from './price.ts';
import { lockedQuote, type GridRevision } from './revision.ts';

const START = 1_800_000_000_000;
const cell = { startMs: START, windowMs: 5_000, low: 7_600_000 as Cents, high: 7_602_000 as Cents };
const revision = (spot: number, at = START - 8_000): GridRevision => ({
  revision: 9,
  at,
  tickSeq: 1,
  pause: null,
  columns: [],
  inputs: { model: 1, spot: spot as Cents, v10: 1, vf: 0, cw: 0.65, ...ORDINARY, haircut: 0, tickMs: 100 },
});
const bet = (shown: number, guardPercent = 80) => ({
  cell,
  shown: multiplier(shown),
  guardPercent,
  lockAt: START - 8_000,
});
const fair = lockedQuote(revision(7_601_000), cell).multiplier!;

describe('lockOf', () => {
  test('locks at the multiplier of the revision, better or worse', () => {
    expect(lockOf(bet(fair + 5), revision(7_601_000))).toEqual({
      outcome: 'locked',
      multiplier: fair,
      revision: 9,
    });
    expect(lockOf(bet(fair - 5), revision(7_601_000))).toEqual({
      outcome: 'locked',
      multiplier: fair,
      revision: 9,
    });
  });
  test('exactly at the guard it is locked, one hundredth below it the stake comes back', () => {
    const shownAtGuard = Math.floor((fair * 100) / 80);
    expect(lockOf(bet(shownAtGuard), revision(7_601_000)).outcome).toBe('locked');
    expect(lockOf(bet(shownAtGuard + 1), revision(7_601_000))).toEqual({
      outcome: 'void',
      reason: 'moved',
      revision: 9,
    });
    expect(lockOf(bet(shownAtGuard + 1, 50), revision(7_601_000)).outcome).toBe('locked');
  });
  test('never above the highest multiplier for sale', () => {
    expect(lockOf(bet(2_400), revision(7_650_000))).toMatchObject({
      outcome: 'locked',
      multiplier: ORDINARY.capHundredths,
    });
  });
  test('no revision before the opening gives the stake back', () => {
    expect(lockOf(bet(fair), null)).toEqual({ outcome: 'void', reason: 'no_revision', revision: null });
    expect(lockOf(bet(fair), revision(7_601_000, START))).toEqual({
      outcome: 'void',
      reason: 'no_revision',
      revision: null,
    });
  });
  test('a revision before the lock time is a bug', () => {
    expect(() => lockOf(bet(fair), revision(7_601_000, START - 8_001))).toThrow(RangeError);
  });
});
