import { expect, test } from 'bun:test';
import type { Cell } from '../game/grid.ts';
import type { RuleVersion } from '../game/path.ts';
import type { Cents } from '../game/price.ts';
import { medianOf } from '../game/tick.ts';
import type { Receipt } from '../ports/receipt.ts';
import { DEFAULT_TERMS } from '../game/terms.ts';
import { checkTerms } from './terms-check.ts';

const CELL: Cell = { startMs: 10_000, windowMs: 5_000, low: 1_000 as Cents, high: 1_100 as Cents };

/** A lost bet over ticks of two venues that are so far apart at `at`. */
function receipt(rule: RuleVersion, apart: number, at: number): Receipt {
  const ticks = Array.from({ length: 80 }, (_, index) => {
    const time = 8_000 + index * 100;
    const prices = [500, 500 + (time === at ? apart : 2)] as Cents[];
    return {
      seq: index + 1,
      at: time,
      price: medianOf(prices),
      sources: prices.map((price, place) => ({ venue: 'ab'[place]!, price })),
      hash: null,
    };
  });
  const closed = ticks.find((tick) => tick.at === 15_000)!;
  return {
    status: 'lost',
    reason: null,
    simulated: false,
    rule,
    ticks,
    ledger: [],
    maxGapMs: 3_000,
    placedAt: 8_500,
    lockAt: 8_900,
    shown: null,
    locked: null,
    chain: { bet: null },
    closedAt: 15_000,
    closedTick: closed.seq,
  } as never;
}

test.each([
  ['two venues half a row apart', 2, 50, 12_000, null],
  ['a cent more, in the window', 2, 51, 12_000, 'tick 41 comes from one venue'],
  ['a cent more, at the opening', 2, 51, 10_000, 'tick 21 comes from one venue'],
  ['before the bet was placed', 2, 51, 8_400, null],
  ['when the window is over', 2, 51, 15_000, null],
  ['by rule version 1', 1, 51, 12_000, null],
] as const)('%s', (_name, rule, apart, at, expected) => {
  const finding = checkTerms(receipt(rule, apart, at), CELL, {
    ...DEFAULT_TERMS,
    ofLock: DEFAULT_TERMS,
    venues: ['a', 'b'],
    from: null,
  }).find(({ check }) => check === 'venues');
  expect(finding!.ok).toBe(expected === null);
  if (expected !== null) expect(finding!.detail).toContain(expected);
});

test.each([
  ['one of the windows of its boards', { windows: [2_000, 5_000] }, true],
  ['the only window of terms from before there were boards', { windows: undefined, windowMs: 5_000 }, true],
  ['none of them', { windows: [2_000, 15_000] }, false],
  ['another one, in terms from before', { windows: undefined, windowMs: 2_000 }, false],
  ['a window of terms that name none', { windows: undefined }, false],
])('a bet on %s', (_name, windows, isRight) => {
  const terms = { ...DEFAULT_TERMS, ...windows };
  const findings = checkTerms(receipt(2, 2, 0), CELL, {
    ...terms,
    ofLock: terms,
    venues: ['a', 'b'],
    from: null,
  });
  const details = findings.map(({ detail }) => detail).join('\n');
  expect(/a window of 5000 ms, the terms have/.test(details)).toBe(!isRight);
});
