import { expect, test } from 'bun:test';
import { Chance } from '../../scripts/replay-market/chance.ts';
import { tapsOfStep } from './taps-of-step.ts';

const stretch = (seconds: number) => ({ from: 0, until: seconds * 1000, stepMs: 1000 });

test.each([
  ['as many as asked for where there is time', 1_000, 10, 1_000, 10],
  ['more where it is short', 1_000, 10, 50, 20],
  ['all in the last step', 1_000, 10, 1.9, 1_000],
  ['none where no step fits', 1_000, 10, 0.9, null],
] as const)('%s', (_, left, perSecond, seconds, taps) =>
  expect(tapsOfStep(left, perSecond, 1, stretch(seconds))).toBe(taps),
);

test('a house of whose taps half are refused is done before the present', () => {
  const chance = new Chance(1);
  let [left, now, tried] = [50_000, 0, 0];
  for (; left > 0 && now < 60_000; now += 1000) {
    const taps = tapsOfStep(left, 1_000, tried === 0 ? 1 : (50_000 - left) / tried, {
      from: now,
      until: 60_000,
      stepMs: 1000,
    })!;
    tried += taps;
    for (let tap = 0; tap < taps && left > 0; tap++) if (chance.happens(0.5)) left--;
  }
  expect(now).toBeLessThan(55_000);
});
