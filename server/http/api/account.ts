import { Type } from '@sinclair/typebox';
import {
  CHANGES_PER_DAY_MAX,
  DAILY_LOSS_MAX,
  FOR_GOOD,
  GUARD_PERCENT_MAX,
  GUARD_PERCENT_MIN,
  limitsAt,
  PAUSE_LENGTHS,
  REMINDER_MINUTES_MAX,
  type LimitsChange,
  type OwnLimits,
  type PauseLength,
} from '../../game/own-limits.ts';
import type { Account, Session } from '../../game/session.ts';
import { endpoint } from '../endpoint.ts';
import { ok } from '../reply.ts';
import { amount, count, Currency, oneOf, orNull, time } from '../shape.ts';

const DailyLoss = orNull(
  Type.Integer({
    minimum: 0,
    maximum: DAILY_LOSS_MAX,
    description: `a whole number of micro-dollars up to ${DAILY_LOSS_MAX} (5000000 is $5), as a number`,
  }),
);
const GuardPercent = Type.Integer({
  minimum: GUARD_PERCENT_MIN,
  maximum: GUARD_PERCENT_MAX,
  description: `a whole number of percent from ${GUARD_PERCENT_MIN} to ${GUARD_PERCENT_MAX}`,
});
const ReminderMinutes = orNull(
  Type.Integer({
    minimum: 1,
    maximum: REMINDER_MINUTES_MAX,
    description: `a whole number of minutes from 1 to ${REMINDER_MINUTES_MAX}`,
  }),
);
const Pause = oneOf(Object.keys(PAUSE_LENGTHS) as PauseLength[], '"day", "week", "half-year" or "for-good"');

export const RestrictionShape = Type.Object(
  {
    blocked: Type.Boolean({ description: 'Taps and sign-in are refused; open bets continue and are paid' }),
    stakeMax: orNull(amount('Highest stake of one tap')),
    dailyStake: orNull(amount('Highest sum of stakes in one UTC day, refunded ones included')),
    openPayout: orNull(amount('Highest total that open bets could pay')),
    holdMs: orNull(count('Your taps are held at least this long, ms; null: as long as all')),
  },
  { description: "Set by the operator in addition to the trader's own limits; the tighter limit applies" },
);

const LimitsShape = Type.Object({
  dailyLoss: orNull(amount('Highest loss of one UTC day; open stakes count as lost')),
  loosening: orNull(
    Type.Object({ dailyLoss: orNull(amount('The future daily loss limit')), at: time('From then on') }),
  ),
  pause: orNull(Type.Object({ until: orNull(time('No bets before then; null: for good')) })),
  reminderMinutes: orNull(
    Type.Number({ description: 'Minutes between reminders of how long they have been playing' }),
  ),
  guardPercent: Type.Number({
    description: 'Lowest multiplier to lock at, in percent of the shown one',
  }),
});

const AccountShape = Type.Object({
  id: Type.String(),
  currency: Currency,
  address: orNull(Type.String({ description: 'The wallet; null for practice' })),
  balance: amount('Available to bet'),
  openStake: amount('Stakes of open bets'),
  limits: LimitsShape,
  restriction: RestrictionShape,
  session: Type.Object({
    id: Type.String(),
    expiresAt: time('End of the session'),
    stakeMax: amount('Highest stake of this key'),
    dailyCap: amount('Stakes of this key in one UTC day'),
  }),
});

const EXAMPLE = {
  id: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d',
  currency: 'PLAY',
  address: null,
  balance: 9_995_000_000,
  openStake: 5_000_000,
  limits: {
    dailyLoss: 50_000_000,
    loosening: { dailyLoss: 500_000_000, at: 1_781_568_000_000 },
    pause: null,
    reminderMinutes: 60,
    guardPercent: 80,
  },
  restriction: { blocked: false, stakeMax: null, dailyStake: 200_000_000, openPayout: null, holdMs: null },
  session: {
    id: '0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61',
    expiresAt: 1_781_524_800_000,
    stakeMax: 100_000_000,
    dailyCap: 5_000_000_000,
  },
};

export const account = endpoint({
  method: 'GET',
  path: '/api/v1/account',
  title: 'Read the account',
  about:
    "Balance, stakes of open bets, the trader's own limits, the operator's limits for the account, and " +
    'those of the session key.',
  access: 'session',
  answers: { 200: { about: 'The account', schema: AccountShape, example: EXAMPLE } },
  refusals: [],
  run: ({ deps, session, now }) => {
    const found = deps.books.account(session.accountId);
    return found === null
      ? { code: 'unauthenticated' }
      : ok(toJson(found, limitsAt(found.limits, now), session));
  },
});

export const limits = endpoint({
  method: 'PATCH',
  path: '/api/v1/account',
  title: 'Set your limits',
  about:
    'Omitted fields stay as they are. `dailyLoss`: a tighter limit applies from the next tap; ' +
    'a looser one, or `null`, applies 24 hours later and is listed under `loosening` until then. ' +
    'Sending the current limit cancels a loosening; sending the pending one keeps its time. ' +
    '`pause` stops bets for 24 hours, 7 days, 183 days or for good; open bets continue. ' +
    'Nobody can end or shorten a pause, only extend it: anything shorter is refused with ' +
    '`pause_running`. `guardPercent`: the lowest multiplier to lock at, in percent of the one shown. ' +
    '`reminderMinutes`: how often the page reminds the trader how long they have been playing, ' +
    'and with what result. ' +
    `After ${CHANGES_PER_DAY_MAX} changes in 24 hours further ones are \`rate_limited\`; changes that ` +
    'only protect more (a lower `dailyLoss`, a cancelled loosening, a longer `pause`) are always ' +
    'accepted.',
  access: 'session',
  body: {
    schema: Type.Object(
      {
        dailyLoss: Type.Optional(DailyLoss),
        guardPercent: Type.Optional(GuardPercent),
        reminderMinutes: Type.Optional(ReminderMinutes),
        pause: Type.Optional(orNull(Pause)),
      },
      {
        additionalProperties: false,
        minProperties: 1,
        description: 'one or more of dailyLoss, guardPercent, reminderMinutes and pause',
      },
    ),
    example: { dailyLoss: 500_000_000 },
  },
  answers: { 200: { about: 'The account as it is now', schema: AccountShape, example: EXAMPLE } },
  refusals: ['busy', 'pause_running'],
  run: async ({ deps, session, body }) => {
    const found = deps.books.account(session.accountId);
    if (found === null) return { code: 'unauthenticated' };
    const answer = await deps.house.changeLimits(found.id, body as LimitsChange);
    return 'code' in answer ? answer : ok(toJson(found, answer.limits, session));
  },
});

function toJson(account: Account, limits: OwnLimits, session: Session) {
  const { id, currency, address, balance, openStake, restriction } = account;
  const { expiresAt, stakeMax, dailyCap } = session;
  return {
    id,
    currency,
    address,
    balance,
    openStake,
    limits: limitsToJson(limits),
    restriction,
    session: { id: session.id, expiresAt, stakeMax, dailyCap },
  };
}

function limitsToJson({ dailyLoss, loosening, pausedUntil, reminderMinutes, guardPercent }: OwnLimits) {
  return {
    dailyLoss,
    loosening,
    pause: pausedUntil === null ? null : { until: pausedUntil === FOR_GOOD ? null : pausedUntil },
    reminderMinutes,
    guardPercent,
  };
}
