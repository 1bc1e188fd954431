import { Type } from '@sinclair/typebox';
import type { Account, AccountLimits, Session } from '../../game/session.ts';
import { endpoint } from '../endpoint.ts';
import { ok } from '../reply.ts';
import { amount, Currency, orNull, time } from '../shape.ts';

const DailyLoss = orNull(Type.Integer({ minimum: 0, maximum: 1_000_000_000_000_000, description: 'micro-dollars, or null for no limit' }));
const GuardPercent = Type.Integer({ minimum: 50, maximum: 95, description: 'a whole number of percent from 50 to 95' });
const LimitsShape = Type.Object({ dailyLoss: DailyLoss, guardPercent: Type.Number({ description: 'Lowest locked multiplier that is taken, percent of the shown one' }) });

const AccountShape = Type.Object({
  id: Type.String(),
  currency: Currency,
  address: orNull(Type.String({ description: 'The wallet; null for practice' })),
  balance: amount('Free to bet'),
  openStake: amount('Stakes of open bets'),
  limits: LimitsShape,
  session: Type.Object({ id: Type.String(), expiresAt: time('End of the session'), stakeMax: amount('Highest stake of this key'), dailyCap: amount('Stakes of this key in one UTC day') }),
});

const EXAMPLE = {
  id: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d',
  currency: 'PLAY',
  address: null,
  balance: 9_995_000_000,
  openStake: 5_000_000,
  limits: { dailyLoss: 500_000_000, guardPercent: 80 },
  session: { id: '0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61', expiresAt: 1_781_524_800_000, stakeMax: 100_000_000, dailyCap: 5_000_000_000 },
};

export const account = endpoint({
  method: 'GET',
  path: '/api/v1/account',
  title: 'Read the account',
  about: 'Balance, stakes of open bets, the limits that the trader set for himself, and what the session key may do.',
  access: 'session',
  answers: { 200: { about: 'The account', schema: AccountShape, example: EXAMPLE } },
  refusals: [],
  run: ({ deps, session }) => {
    const found = deps.books.account(session!.accountId);
    return found === null ? { code: 'unauthenticated' } : ok(toJson(found, session!));
  },
});

export const limits = endpoint({
  method: 'PATCH',
  path: '/api/v1/account',
  title: 'Set own limits',
  about: 'A daily loss limit counts from the next tap on. The guard is the lowest locked multiplier that is taken, in percent of the one shown.',
  access: 'session',
  body: {
    schema: Type.Object({ dailyLoss: Type.Optional(DailyLoss), guardPercent: Type.Optional(GuardPercent) }, { additionalProperties: false, minProperties: 1, description: 'dailyLoss, guardPercent or both' }),
    example: { dailyLoss: 500_000_000 },
  },
  answers: { 200: { about: 'The account as it is now', schema: AccountShape, example: EXAMPLE } },
  refusals: ['busy'],
  run: async ({ deps, session, body }) => {
    const found = deps.books.account(session!.accountId);
    if (found === null) return { code: 'unauthenticated' };
    const wanted = { ...found.limits, ...body } as AccountLimits;
    const code = await deps.house.setLimits(found.id, wanted);
    return code ? { code } : ok(toJson({ ...found, limits: wanted }, session!));
  },
});

function toJson({ id, currency, address, balance, openStake, limits }: Account, session: Session) {
  const { dailyLoss, guardPercent } = limits;
  const { expiresAt, stakeMax, dailyCap } = session;
  return { id, currency, address, balance, openStake, limits: { dailyLoss, guardPercent }, session: { id: session.id, expiresAt, stakeMax, dailyCap } };
}
