import { expect, test } from 'bun:test';
import type { HeadStartFigures } from '../../server/ports/head-start.ts';
import { hold } from './hold.ts';

const SPREAD = { count: 0, p50: null, p90: null, p99: null };
const figures = (more: Partial<HeadStartFigures>): HeadStartFigures => ({
  ...{ state: 'measured', holdMs: 400, proposedHoldMs: 400, headStarts: 300, needed: 300, remainingMs: null },
  ...{ watchedMs: 1, tick: SPREAD, ahead: SPREAD, takenBack: 0, alone: 0, venues: [], ...more },
});

test.each<[string, HeadStartFigures | undefined, [state: string, words: RegExp] | null]>([
  ['a hold as proposed', figures({}), ['well', /HOLD_MS is 400, 400 is proposed/]],
  ['a hold that is short', figures({ proposedHoldMs: 410 }), ['warn', /HOLD_MS is 400, .* 410 is proposed/]],
  [
    'one that is being measured',
    figures({ state: 'measuring', proposedHoldMs: null, headStarts: 12, remainingMs: 7_200_000 }),
    ['warn', /12 of 300 moves, about 2 h 0 min more; no real money/],
  ],
  [
    'one that has just begun',
    figures({ state: 'measuring', proposedHoldMs: null, headStarts: 0 }),
    ['warn', /0 of 300 moves; no real money/],
  ],
  ['simulated prices', figures({ state: 'not-needed', proposedHoldMs: null }), null],
  ['an older server', undefined, null],
])('%s', (_, headStarts, found) => {
  const [check, ...more] = hold(headStarts === undefined ? {} : { headStarts });
  expect(more).toEqual([]);
  if (found === null) return expect(check).toBeUndefined();
  expect(check).toMatchObject({ name: 'hold', state: found[0] as 'well' | 'warn' });
  expect(check?.says).toMatch(found[1]);
});

test('nothing is said of a server that is away', () => expect(hold(null)).toEqual([]));
