import { Type } from '@sinclair/typebox';
import { STEPS_MAX } from '../../game/day-of-play.ts';
import type { Today } from '../../ports/today.ts';
import { endpoint } from '../endpoint.ts';
import { ok } from '../reply.ts';
import { amount, count, Currency, hundredths, oneOf, orNull, time } from '../shape.ts';

const TodayShape = Type.Object({
  day: time('When the UTC day began'),
  currency: Currency,
  balance: amount('Now, with the stakes of open bets'),
  net: amount('Won or lost by bets that closed today'),
  staked: amount('Stakes of those that were won or lost'),
  paid: amount('Their payouts, including the stakes'),
  returned: orNull(Type.Number({ description: 'paid / staked; null before the first' })),
  bets: Type.Object({ won: count('Bets'), lost: count('Bets'), refunded: count('Bets') }),
  streak: orNull(
    Type.Object(
      { outcome: oneOf(['won', 'lost'], 'won or lost'), bets: count('How many') },
      { description: 'The last bets in a row with the same outcome; refunds do not end it' },
    ),
  ),
  wonInARowMax: count('Longest row of won bets'),
  best: orNull(
    Type.Object(
      {
        betId: Type.String({ description: 'Its receipt: `GET /api/v1/bets/{id}/receipt`' }),
        multiplier: hundredths('As locked'),
        stake: amount('Stake'),
        payout: amount('Amount returned, including the stake'),
        at: time('When it was won'),
      },
      { description: 'The won bet with the highest multiplier' },
    ),
  ),
  curve: Type.Array(
    Type.Object({
      at: time('When that bet closed; of the first entry, when the day began'),
      bets: count('Won and lost until then'),
      balance: amount('With the stakes of open bets'),
    }),
    {
      maxItems: STEPS_MAX + 1,
      description:
        'The balance as play moved it, oldest first; of many bets only some, peaks included. Money ' +
        'that came in or went out today counts as if it had been there since the day began',
    },
  ),
});

const DAY = 1_781_481_600_000;

export const today = endpoint({
  method: 'GET',
  path: '/api/v1/account/today',
  title: 'Read your day',
  about:
    'What the bets that closed in this UTC day came to: result, return, longest and current row, best ' +
    'hit, and the curve of the balance. Days of limits are UTC days too.',
  access: 'session',
  answers: {
    200: {
      about: 'The day so far',
      schema: TodayShape,
      example: {
        day: DAY,
        currency: 'PLAY',
        balance: 10_006_900_000,
        net: 6_900_000,
        staked: 10_000_000,
        paid: 16_900_000,
        returned: 1.69,
        bets: { won: 1, lost: 1, refunded: 1 },
        streak: { outcome: 'won', bets: 1 },
        wonInARowMax: 1,
        best: {
          betId: '0190a5c2-7000-7000-8000-000000000001',
          multiplier: 338,
          stake: 5_000_000,
          payout: 16_900_000,
          at: DAY + 43_512_300,
        },
        curve: [
          { at: DAY, bets: 0, balance: 10_000_000_000 },
          { at: DAY + 43_500_000, bets: 1, balance: 9_995_000_000 },
          { at: DAY + 43_512_300, bets: 2, balance: 10_006_900_000 },
        ],
      },
    },
  },
  refusals: ['busy'],
  run: async ({ deps, session, address }) => {
    const look = () => deps.lookAtToday(session.accountId);
    let found = look();
    // Of a day with very many bets that nobody has asked for before; each look waits for its turn.
    while (found?.isWhole === false) {
      const next = await deps.turns.take<Today | null | 'busy'>(address, look, () => 'busy');
      if (next === 'busy') return { code: 'busy' };
      found = next;
    }
    return found === null ? { code: 'unauthenticated' } : ok(toJson(found));
  },
});

function toJson(found: Today) {
  const { day, currency, balance, net, staked, paid, won, lost, refunded, streak, wonInARowMax } = found;
  const { best, steps } = found;
  const start = balance - net;
  return {
    day,
    currency,
    balance,
    net,
    staked,
    paid,
    returned: staked === 0 ? null : paid / staked,
    bets: { won, lost, refunded },
    streak,
    wonInARowMax,
    best: best && {
      betId: best.betId,
      multiplier: best.multiplier,
      stake: best.stake,
      payout: best.payout,
      at: best.at,
    },
    curve: [
      { at: day, bets: 0, balance: start },
      ...steps.map((step) => ({ at: step.at, bets: step.bets, balance: start + step.net })),
    ],
  };
}
