import { expect, test } from 'bun:test';
import { Walk } from '../feed/walk.ts';
import type { Bet } from '../game/bet.ts';
import { MARK_AFTER_MS } from '../game/mark-sums.ts';
import { dollars } from '../game/money.ts';
import type { Cents } from '../game/price.ts';
import { lockedQuote, type GridRevision } from '../game/revision.ts';
import { FillMarks } from './fill-marks.ts';

const START = 1_800_000_000_000;
const BAND = 2_000;

const revisionAt = (number: number, spot: number, at = START + number * 1_000): GridRevision => ({
  revision: number,
  at,
  tickSeq: number,
  inputs: {
    ...{ model: 1, spot: spot as Cents, v10: 1, vf: 0, cw: 1, tickMs: 100 },
    ...{ edge: 0.05, margin: 0.004, haircut: 0, capHundredths: 2500 },
  },
  columns: [],
  pause: null,
});

/** A bet at its price by the revision that locks it, or null where that has none. */
function betOn(
  accountId: string,
  revision: GridRevision,
  row: number,
  ahead: number,
  stake = 10,
): Bet | null {
  const low = (Math.floor(revision.inputs.spot / BAND) + row) * BAND;
  const startMs = Math.ceil(revision.at / 5_000) * 5_000 + ahead * 5_000;
  const cell = { startMs, windowMs: 5_000, low: low as Cents, high: (low + BAND) as Cents };
  const { multiplier: locked } = lockedQuote(revision, cell);
  return locked === null
    ? null
    : ({ accountId, cell, stake: dollars(stake), locked, placedAt: revision.at - 400 } as Bet);
}

test('who sees the price before it is ours is found, those who tap at random are not', () => {
  const walk = new Walk({ seed: 'marks', volatilityBp: 1 });
  // A second is ten steps of the walk; a sniper sees the price of the next second.
  const spots = Array.from({ length: 2_000 }, () => {
    for (let step = 0; step < 9; step++) walk.step();
    return walk.step();
  });
  const marks = new FillMarks();
  let seed = 7;
  const drawn = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const honest = Array.from({ length: 20 }, (_, index) => `honest-${index}`);
  for (const [second, spot] of spots.entries()) {
    const revision = revisionAt(second + 1, spot);
    marks.onRevision(revision);
    if (second % 5 !== 0 || second + 1 >= spots.length) continue;
    for (const name of honest) {
      const bet = betOn(name, revision, drawn(5) - 2, 1 + drawn(8), 1 + drawn(50));
      if (bet !== null) marks.onLocked(bet, revision);
    }
    const move = spots[second + 1]! - spot;
    const snipes = Math.abs(move) > 300 ? betOn('sniper', revision, Math.sign(move), 1, 5) : null;
    // What it adds at random between does not hide it.
    const hides = betOn('sniper', revision, drawn(5) - 2, 3, 1);
    for (const bet of [snipes, hides]) if (bet !== null) marks.onLocked(bet, revision);
  }
  const readings = marks.readings();
  expect(readings).toHaveLength(21);
  expect(readings.filter(({ isGaining }) => isGaining).map(({ accountId }) => accountId)).toEqual(['sniper']);
  const [sniper, ...others] = readings;
  expect(sniper!.gains![0].low).toBeGreaterThan(0.02);
  // The means of the others lie about zero, each within its interval.
  const means = others.map(({ gains }) => gains![1].mean);
  expect(Math.abs(means.reduce((sum, mean) => sum + mean, 0) / means.length)).toBeLessThan(0.01);
  expect(others.filter(({ gains }) => gains![1].high < 0)).toEqual([]);
  expect(sniper!.edge).toBeGreaterThan(0.05);
  // What is kept over a restart says the same.
  const again = new FillMarks();
  again.restore(JSON.parse(JSON.stringify(marks.state(START + 3_000_000))), START + 3_000_000);
  expect(again.readings()).toEqual(marks.readings());
  again.restore(marks.state(START), START);
  expect(again.state(START + 40 * 86_400_000).accounts).toEqual([]);
});

test('a mark is made by the first revision after its time, and by none that comes too late', () => {
  const marks = new FillMarks();
  const spot = 7_600_000;
  const lock = revisionAt(1, spot);
  const bet = betOn('ada', lock, 1, 3)!;
  marks.onLocked(bet, lock);
  const up = revisionAt(2, spot + 500, lock.at + MARK_AFTER_MS[0]);
  const after = revisionAt(3, spot + 900, lock.at + MARK_AFTER_MS[1] + 100);
  for (const revision of [revisionAt(2, spot + 9_000, up.at - 1), up, after]) marks.onRevision(revision);
  // The step ends with the next one.
  const next = revisionAt(4, spot, lock.at + 20_000);
  const later = betOn('ada', next, 1, 3)!;
  marks.onLocked(later, next);
  marks.onRevision(revisionAt(5, spot, next.at + 1_000));
  marks.onRevision(revisionAt(6, spot, next.at + 3_000));
  expect(marks.marked).toBe(2);
  const [[, sums]] = marks.state(next.at).accounts as any;
  const pays = (10 * bet.locked!) / 100;
  const gain = ({ cell }: Bet, revision: GridRevision) =>
    pays * (lockedQuote(revision, cell).probability - lockedQuote(lock, cell).probability);
  expect(sums.gains.map(([sum]: any) => sum)).toEqual([gain(bet, up), gain(bet, after)]);
  expect([sums.bets, sums.steps, sums.staked]).toEqual([1, 1, 10]);
  // One whose revision is missing for longer than a second is not marked, nor one whose window opens before.
  marks.onLocked(betOn('ada', next, 1, 4)!, next);
  marks.onRevision(revisionAt(7, spot, next.at + 2_001));
  marks.onLocked(betOn('ada', next, 0, 0)!, next);
  marks.onRevision(revisionAt(8, spot, next.at + 9_000));
  expect(marks.marked).toBe(2);
});

test('a step ends with its time, and with the run; of an account that is forgotten nothing is kept', () => {
  const marks = new FillMarks();
  const lock = revisionAt(1, 7_600_000, START + 9_000);
  marks.onLocked(betOn('ada', lock, 0, 3)!, lock);
  for (const ms of MARK_AFTER_MS) marks.onRevision(revisionAt(2, 7_600_000, lock.at + ms));
  const kept = (at: number, isLast = false) =>
    marks.state(at, isLast).accounts.map(([name, { bets, steps }]) => [name, bets, steps]);
  expect([marks.marked, marks.readings()]).toEqual([1, []]);
  expect(kept(lock.at + 4_999)).toEqual([['ada', 0, 0]]);
  // No other bet follows.
  marks.onRevision(revisionAt(3, 7_600_000, lock.at + 5_000));
  expect(marks.readings().map(({ accountId, bets }) => [accountId, bets])).toEqual([['ada', 1]]);
  const next = revisionAt(4, 7_600_000, START + 20_000);
  marks.onLocked(betOn('ada', next, 0, 3)!, next);
  for (const ms of MARK_AFTER_MS) marks.onRevision(revisionAt(5, 7_600_000, next.at + ms));
  expect(kept(next.at + 3_000)).toEqual([['ada', 1, 1]]);
  expect(kept(next.at + 3_000, true)).toEqual([['ada', 2, 2]]);
  const { changes } = marks;
  marks.forget('ada');
  expect([marks.changes - changes, marks.marked, kept(next.at + 4_000)]).toEqual([1, 2, []]);
});

test('neither accounts nor bets that wait are without number', () => {
  const marks = new FillMarks(20, 10);
  const lock = revisionAt(1, 7_600_000);
  for (let n = 0; n < 25; n++) marks.onLocked(betOn(`a${n}`, lock, 0, 3)!, lock);
  for (const ms of MARK_AFTER_MS) marks.onRevision(revisionAt(2, 7_600_000, lock.at + ms));
  expect([marks.marked, marks.unmarked]).toEqual([20, 5]);
  const { accounts } = marks.state(lock.at);
  expect([accounts.length, accounts.at(-1)![0]]).toEqual([10, 'a19']);
});
