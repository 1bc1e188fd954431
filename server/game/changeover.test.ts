import { expect, test } from 'bun:test';
import type { Bet } from './bet.ts';
import { cents } from './price.ts';
import { feedOf, quietUntil, type Provenance } from './changeover.ts';

const [LAST_AT, MAX_GAP_MS] = [1_000_000, 3_000];
const betOf = (simulated: boolean, startMs: number): Bet =>
  ({ simulated, cell: { startMs, windowMs: 5_000 } }) as Bet;
const [LIVE, WALK, RECORDING] = [
  { simulated: false },
  { simulated: true },
  { simulated: true, startsAnew: true },
] as const;

const CASES: readonly [about: string, feed: Provenance, open: readonly Bet[], until: number][] = [
  ['live prices go on', LIVE, [betOf(false, 1_030_000)], 0],
  ['a walk goes on', WALK, [betOf(true, 1_030_000)], 0],
  ['a recording begins behind a gap', RECORDING, [], 1_003_001],
  [
    'and decides no bet that was taken on what was played before',
    RECORDING,
    [betOf(true, 1_010_000), betOf(true, 1_030_000)],
    1_035_000,
  ],
  [
    'a walk waits for the last window of live bets',
    WALK,
    [betOf(false, 1_030_000), betOf(false, 1_010_000), betOf(true, 1_050_000)],
    1_035_000,
  ],
  ['live prices wait for the last window of simulated bets', LIVE, [betOf(true, 1_030_000)], 1_035_000],
  ['windows that are over leave a gap all the same', WALK, [betOf(false, 990_000)], 1_003_001],
  ['nothing to wait for', WALK, [], 0],
];
test.each(CASES)('%s', (_, feed, open, until) =>
  expect(quietUntil(open, feed, LAST_AT, MAX_GAP_MS)).toBe(until),
);

test.each([
  ['walk', 'walk'],
  ['replay', 'replay'],
  ['kraken', 'live'],
  ['binance', 'live'],
] as const)('a tick of %s is of the feed %s', (venue, feed) =>
  expect(feedOf({ sources: [{ venue, price: cents(7_000_000) }] })).toBe(feed),
);
