import { Type } from '@sinclair/typebox';
import type { HeadStartFigures } from '../../ports/head-start.ts';
import { count, oneOf, orNull } from '../shape.ts';

const ms = (description: string) => count(`${description}, ms`);
const Spread = (description: string) =>
  Type.Object(
    {
      count: count('How many were measured'),
      p50: orNull(ms('Half took at most so long')),
      p90: orNull(ms('90 % took at most so long')),
      p99: orNull(ms('99 % took at most so long')),
    },
    { description: `${description}; null while too few were measured to know it` },
  );

export const HeadStartsShape = Type.Object(
  {
    state: oneOf(
      ['measured', 'measuring', 'not-needed'],
      'measuring: no real money yet; not-needed: prices are recorded or simulated',
    ),
    holdMs: ms('Time from placing a bet to locking it'),
    proposedHoldMs: orNull(ms('What it should be at least: ahead.p99 + 100')),
    headStarts: count('Head starts that the price followed; older ones fade'),
    needed: count('So many until it is measured'),
    remainingMs: orNull(ms('Time until then at the pace so far')),
    watchedMs: ms('Time in which head starts were looked for'),
    tick: Spread('From the arrival of the first exchange to the tick that followed'),
    ahead: Spread('The same, with what the first price was on its way by the time of its exchange'),
    takenBack: count('Moves that an exchange took back before the price followed'),
    alone: count('Moves of one exchange that nothing followed'),
    venues: Type.Array(
      Type.Object({
        venue: Type.String({ description: 'The exchange' }),
        first: count('Head starts that it had'),
        behind: Spread('How much later it followed the head starts of others'),
        missed: count('Head starts of others that it did not follow within 5 s'),
        age: Spread('Age of its newest price at the tick, since the start of the engine'),
        delay: Spread('From its own time to the arrival here, since the start of the engine'),
      }),
    ),
  },
  {
    description:
      'How far single exchanges run ahead of the price. A move counts from 1 bp, twice the usual move of a ' +
      'second, and six times the usual distance of that exchange.',
  },
);

export const HEAD_STARTS_EXAMPLE: HeadStartFigures = {
  state: 'measured',
  holdMs: 600,
  proposedHoldMs: 540,
  headStarts: 1912,
  needed: 300,
  remainingMs: null,
  watchedMs: 259_200_000,
  tick: { count: 1912, p50: 178, p90: 290, p99: 388 },
  ahead: { count: 1912, p50: 215, p90: 328, p99: 433 },
  takenBack: 141,
  alone: 97,
  venues: [
    {
      venue: 'coinbase',
      first: 1488,
      behind: { count: 391, p50: 82, p90: 196, p99: 351 },
      missed: 33,
      age: { count: 864_000, p50: 48, p90: 178, p99: 567 },
      delay: { count: 864_000, p50: 37, p90: 44, p99: 108 },
    },
  ],
};
