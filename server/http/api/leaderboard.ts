import { Type } from '@sinclair/typebox';
import {
  LEADERBOARD_ORDERS,
  LEADERBOARD_PERIODS,
  LEADERS_SHOWN,
  type LeaderboardOrder,
  type LeaderboardPeriod,
  type Leaderboards,
} from '../../ports/crowd.ts';
import { endpoint } from '../endpoint.ts';
import { onceFor } from '../once-for.ts';
import type { Rendered } from '../rendered.ts';
import { ok, publicFor } from '../reply.ts';
import { amount, count, hundredths, oneOf, orNull, time } from '../shape.ts';

/** It is made anew every five seconds. */
const CACHE_SECONDS = 5;

const LeaderboardShape = Type.Object({
  period: oneOf(LEADERBOARD_PERIODS, 'day or week'),
  by: oneOf(LEADERBOARD_ORDERS, 'profit or hit'),
  since: time('Bets that closed from then on count'),
  until: time('The next period begins'),
  counting: Type.Boolean({
    description: 'The server has started and still counts the bets of the week: some may be missing',
  }),
  leaders: Type.Array(
    Type.Object({
      rank: count('From 1'),
      name: Type.String({ description: 'Of an account that agreed to be shown' }),
      profit: orNull(
        amount('Payouts minus stakes of the bets that closed; grants are no profit. Null: none'),
      ),
      hit: orNull(hundredths('Highest multiplier of a bet that it won')),
      bets: count('Its bets that closed, without refunded ones'),
    }),
    { maxItems: LEADERS_SHOWN },
  ),
});

const EXAMPLE = {
  period: 'week' as const,
  by: 'profit' as const,
  since: 1_781_481_600_000,
  until: 1_782_086_400_000,
  counting: false,
  leaders: [
    { rank: 1, name: 'Ada-1815', profit: 4_120_000_000, hit: 2320, bets: 611 },
    { rank: 2, name: 'grace', profit: 2_002_500_000, hit: 840, bets: 240 },
  ],
};

const written = (period: LeaderboardPeriod, by: LeaderboardOrder) =>
  onceFor<Leaderboards>(({ counting, [period]: { since, until, leaders } }) => ({
    period,
    by,
    since,
    until,
    counting,
    leaders: leaders[by].map((leader, index) => ({ rank: index + 1, ...leader })),
  }));

const RENDERED: Readonly<
  Record<LeaderboardPeriod, Readonly<Record<LeaderboardOrder, (all: Leaderboards) => Rendered>>>
> = {
  day: { profit: written('day', 'profit'), hit: written('day', 'hit') },
  week: { profit: written('week', 'profit'), hit: written('week', 'hit') },
};

export const leaderboard = endpoint({
  method: 'GET',
  path: '/api/v1/leaderboard',
  title: 'Read a leaderboard',
  about:
    `The best ${LEADERS_SHOWN} practice accounts of the UTC day, or of the week from Monday to Sunday, ` +
    'by profit or by the highest multiplier won. Only accounts whose traders agreed to be shown, by ' +
    'choosing a name, are listed; all their bets of the period count, also those from before.',
  access: 'open',
  query: Type.Object({
    period: Type.Optional(oneOf(LEADERBOARD_PERIODS, 'day or week', 'day')),
    by: Type.Optional(oneOf(LEADERBOARD_ORDERS, 'profit or hit', 'profit')),
  }),
  answers: { 200: { about: 'The leaderboard', schema: LeaderboardShape, example: EXAMPLE } },
  refusals: [],
  run: ({ deps, query }) =>
    ok(
      RENDERED[(query.period ?? 'day') as LeaderboardPeriod][(query.by ?? 'profit') as LeaderboardOrder](
        deps.house.leaderboards(),
      ),
      publicFor(CACHE_SECONDS),
    ),
});
