import { expect, test } from 'bun:test';
import { brokenBounds } from './flood.ts';

const QUIET = {
  ticks: 300,
  lateP50Ms: 0,
  lateP99Ms: 2,
  lateMaxMs: 3,
  engineRan: 0.05,
  engineWaited: 0.01,
  tapP50Ms: 5,
  tapP99Ms: 10,
  acknowledged: 900,
  unanswered: 0,
};
const AT_BOUND = { ...QUIET, lateP99Ms: 20, lateMaxMs: 300, tapP99Ms: 20 };

test.each([
  ['nothing, at each bound', AT_BOUND, 0, 0, 0, 0],
  ['ticks that are usually late', { ...AT_BOUND, lateP99Ms: 21 }, 0, 0, 0, 1],
  ['a tick that is very late', { ...AT_BOUND, lateMaxMs: 301 }, 0, 0, 0, 1],
  ['traders elsewhere who wait', { ...AT_BOUND, tapP99Ms: 20.1 }, 0, 0, 0, 1],
  ['a trader elsewhere without an answer', { ...AT_BOUND, unanswered: 1 }, 0, 0, 0, 1],
  ['a refund for a gap', AT_BOUND, 1, 0, 0, 1],
  ['a lost bet', AT_BOUND, 0, 1, 0, 1],
  ['bets that nobody decides', AT_BOUND, 0, 0, 1, 1],
  ['all three', AT_BOUND, 1, 1, 1, 3],
])('a flood costs %s', (_, flooded, gaps, lost, undecided, broken) =>
  expect(brokenBounds({ quiet: QUIET, flooded, gaps, lost, undecided })).toHaveLength(broken),
);
