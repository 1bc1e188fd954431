import { Type } from '@sinclair/typebox';
import type { Crowd } from '../../ports/crowd.ts';
import { CellText } from '../../ports/signed-taps.ts';
import { endpoint } from '../endpoint.ts';
import { onceFor } from '../once-for.ts';
import { ok, publicFor } from '../reply.ts';
import { amount, count, Currency, hundredths, orNull, time } from '../shape.ts';

/** It is made anew once a second. */
const CACHE_SECONDS = 1;

const WinShape = Type.Object({
  at: time('When it was decided'),
  profit: amount('What it paid beyond its stake'),
  multiplier: hundredths('As locked'),
  windowMs: count('Length of its window, which says on which board it was placed, ms'),
  currency: Currency,
  name: orNull(
    Type.String({ description: 'Of a practice account that agreed to be shown; null for all others' }),
  ),
});

export const CROWD_FIELDS = {
  people: count(
    'Who have the board open: each account once, and each address once of those who are not signed in, by ' +
      'process; programs do not count',
  ),
  wins: Type.Array(WinShape, { description: 'The newest, newest first; of one second three at most' }),
  wanted: Type.Array(
    Type.Object({
      cell: CellText,
      want: Type.Integer({
        minimum: 1,
        maximum: 3,
        description: '1: three accounts or more have open bets on it; 2: six or more; 3: twelve or more',
      }),
    }),
    { description: 'The most wanted first. Cells of fewer than three accounts are not listed' },
  ),
} as const;

export const CROWD_EXAMPLE = {
  people: 214,
  wins: [
    {
      at: 1_781_481_600_100,
      profit: 74_000_000,
      multiplier: 840,
      windowMs: 5000,
      currency: 'PLAY',
      name: 'Ada-1815',
    },
    {
      at: 1_781_481_598_400,
      profit: 5_500_000,
      multiplier: 210,
      windowMs: 5000,
      currency: 'USD',
      name: null,
    },
  ],
  wanted: [{ cell: '1781481610000.5000.7604000.7605000', want: 2 }],
};

const rendered = onceFor<Crowd>((crowd) => crowd);

export const crowd = endpoint({
  method: 'GET',
  path: '/api/v1/crowd',
  title: 'See what others do',
  about:
    'The newest wins, how many people have the board open, and the cells that several accounts have open ' +
    'bets on. Nobody is named without having agreed. The stream sends the same when it changes, once a ' +
    'second at most. Empty where the operator shows nothing of others.',
  access: 'open',
  answers: {
    200: {
      about: 'As of the last second',
      schema: Type.Object(CROWD_FIELDS),
      example: CROWD_EXAMPLE,
    },
  },
  refusals: [],
  run: ({ deps }) => ok(rendered(deps.house.crowd()), publicFor(CACHE_SECONDS)),
});
