import { describe, expect, test } from 'bun:test';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import type { OperatorDeed } from '../../server/game/operator.ts';
import { UNRESTRICTED, type AccountLimits } from '../../server/game/restriction.ts';
import type { BetOrder, Operation, OperationResult, PlaceBets } from '../../server/ports/ledger.ts';
import {
  byHand,
  cellAt,
  codesOf,
  limit,
  MIDNIGHT,
  NOON,
  opening,
  order,
  place,
  tapsOf,
  type Desk,
} from './scenario.ts';

const block: OperatorDeed = { what: 'block', accountId: 'ada' };
const unblock: OperatorDeed = { what: 'unblock', accountId: 'ada' };
const limits = (set: Partial<AccountLimits>): OperatorDeed => ({
  what: 'limit-account',
  accountId: 'ada',
  limits: set,
});
/** A tap filled at 2.00×, on a cell of its own. */
const tap = (
  nonce: number,
  stake = 10,
  over: Partial<PlaceBets> = {},
  more: Partial<BetOrder> = {},
): Operation =>
  place(
    `n${nonce}`,
    [
      order(`b${nonce}`, cellAt(nonce + Math.ceil(((over.at ?? NOON) - NOON) / 5000)), stake, {
        filled: { multiplier: 200 as Multiplier, revision: 1 },
        ...more,
      }),
    ],
    over,
  );
const win = (bet: number, at = NOON): Operation => ({
  kind: 'close-bets',
  closings: [{ betId: `b${bet}`, outcome: 'won', tickSeq: 1, closedAt: at }],
  at,
});
const again = (id: string): Operation => {
  const start = opening('ada')[1] as Extract<Operation, { kind: 'start-session' }>;
  return { ...start, session: { ...start.session, id, tokenHash: id, publicKey: id } };
};

type Row = readonly [event: string, what: OperatorDeed | Operation, heard: string | readonly string[]];

const heard = (result: OperationResult | undefined): string | readonly string[] =>
  result?.kind === 'operated'
    ? `${result.action.before} → ${result.action.after}`
    : result?.kind === 'not-operated'
      ? result.refused
      : result?.kind === 'placed' || result?.kind === 'refused'
        ? codesOf(result)
        : (result?.kind ?? '');

const OPEN = 'open stake=none day=none payout=none';
const BLOCKED = 'blocked stake=none day=none payout=none';
const COURSES: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: 'a blocked account takes no tap and no sign-in; its open bets are paid and its money can leave',
    rows: [
      ['a bet', tap(1), ['accepted']],
      ['of nobody', { what: 'block', accountId: 'nobody' }, 'not_found'],
      ['of the house', { what: 'block', accountId: 'house:PLAY' }, 'not_found'],
      ['blocked', block, `${OPEN} → ${BLOCKED}`],
      ['no tap', tap(2), ['account_blocked']],
      ['whatever else speaks against it', tap(2, 10, { dailyCap: dollars(1) }), ['account_blocked']],
      ['also in a pause of its own', limit({ pause: 'day' }), 'limits'],
      ['of which it is not told', tap(2), ['account_blocked']],
      ['no sign-in', again('ada-2'), ['account_blocked']],
      ['the bet wins', win(1), 'settled'],
      [
        'a withdrawal',
        { what: 'transfer', accountId: 'ada', entry: 'withdrawal', amount: dollars(1010) },
        '1010000000 → 0',
      ],
      ['blocked again', block, `${BLOCKED} → ${BLOCKED}`],
      ['unblocked', unblock, `${BLOCKED} → ${OPEN}`],
      ['a sign-in', again('ada-2'), 'done'],
      ['a tap, but for the pause', tap(2), ['account_paused']],
    ],
  },
  {
    title: 'the limits of the operator hold beside the others, and each can be set and ended alone',
    rows: [
      [
        'stakes of up to 5',
        limits({ stakeMax: dollars(5) }),
        `${OPEN} → open stake=5000000 day=none payout=none`,
      ],
      ['above it', tap(1, 6), ['account_stake_limit']],
      ['at it', tap(1, 5), ['accepted']],
      [
        'and 20 a day',
        limits({ dailyStake: dollars(20) }),
        'open stake=5000000 day=none payout=none → open stake=5000000 day=20000000 payout=none',
      ],
      [
        'the first one ends',
        limits({ stakeMax: null }),
        'open stake=5000000 day=20000000 payout=none → open stake=none day=20000000 payout=none',
      ],
      ['16 more are too much', tap(2, 16), ['account_daily_limit']],
      ['15 are not', tap(2, 15), ['accepted']],
      ['what it won is no more to stake', win(2), 'settled'],
      ['nothing more', tap(3, 1), ['account_daily_limit']],
      ['an own limit that is tighter', limit({ dailyLoss: dollars(1) }), 'limits'],
      ['counts first', tap(3, 2), ['account_daily_limit']],
      ['a new day', tap(4, 1, { at: MIDNIGHT }), ['accepted']],
      ['the own one', tap(5, 2, { at: MIDNIGHT }), ['daily_loss_limit']],
      [
        'blocked, and the limits stay',
        block,
        'open stake=none day=20000000 payout=none → blocked stake=none day=20000000 payout=none',
      ],
      ['no tap', tap(5, 1, { at: MIDNIGHT }), ['account_blocked']],
    ],
  },
  {
    title: 'open bets may pay as much as the operator says: a held one counts at its highest multiplier',
    rows: [
      ['40', limits({ openPayout: dollars(40) }), `${OPEN} → open stake=none day=none payout=40000000`],
      ['held, it could pay 40', place('n1', [order('b1', cellAt(1))]), ['accepted']],
      ['nothing more', tap(2, 1), ['account_payout_limit']],
      [
        'locked, it pays 20',
        { kind: 'lock-bets', locks: [{ betId: 'b1', multiplier: 200 as Multiplier, revision: 2 }], at: NOON },
        'settled',
      ],
      ['11 at 2.00×', tap(2, 11), ['account_payout_limit']],
      ['10 at 2.00×', tap(2, 10), ['accepted']],
      ['one wins', win(1), 'settled'],
      ['so there is room', tap(3, 10), ['accepted']],
      [
        'none at all',
        limits({ openPayout: dollars(0) }),
        'open stake=none day=none payout=40000000 → open stake=none day=none payout=0',
      ],
      ['not a cent', tap(4, 1), ['account_payout_limit']],
    ],
  },
];

const FROM = NOON + 120_000;
const plan = (from = FROM, until = FROM + 600_000): OperatorDeed => ({
  what: 'plan-maintenance',
  from,
  until,
});
const PLAN = `${FROM}-${FROM + 600_000}`;
/** On a window that ends so many windows before the maintenance. */
const before = (nonce: number, windows: number, at = NOON): Operation =>
  place(`n${nonce}`, [order(`b${nonce}`, cellAt((FROM - NOON - 60_000) / 5000 - 1 - windows))], { at });

const MAINTENANCE: readonly Row[] = [
  ['none yet', { what: 'cancel-maintenance' }, 'no_maintenance'],
  ['announced', plan(), `none → ${PLAN}`],
  ['a window before it', before(1, 1), ['accepted']],
  ['the last one before it', before(2, 0), ['maintenance']],
  ['one in it', before(2, -5), ['maintenance']],
  ['at another time', plan(FROM + 5_000), `${PLAN} → ${FROM + 5_000}-${FROM + 600_000}`],
  ['so there is one more', before(2, 0), ['accepted']],
  ['called off', { what: 'cancel-maintenance' }, `${FROM + 5_000}-${FROM + 600_000} → none`],
  ['taken', before(3, -1), ['accepted']],
  // Orders of operators come 200 ms after noon.
  ['under way', plan(NOON + 100, NOON + 10_000), `none → ${NOON + 100}-${NOON + 10_000}`],
  ['nothing now', before(4, -2, NOON + 300), ['maintenance']],
  ['no other meanwhile', plan(), 'under_way'],
  ['ended', { what: 'resume' }, 'running → running'],
  ['at once', before(4, -2, NOON + 300), ['accepted']],
  ['another one', plan(NOON + 100, NOON + 10_000), `none → ${NOON + 100}-${NOON + 10_000}`],
  ['nothing before its end', before(5, -3, NOON + 300), ['maintenance']],
  ['again when it is over', before(5, -3, NOON + 10_000), ['accepted']],
];

export function restrictingContract(desk: Desk): void {
  describe('accounts that operators restrict', () => {
    for (const restarts of [false, true])
      for (const { title, rows } of [...COURSES, { title: 'a maintenance is announced', rows: MAINTENANCE }])
        test(`${title}${restarts ? ' (with a restart before each event)' : ''}`, async () => {
          await desk.start();
          await desk.commit(...opening('ada'));
          for (const [index, [event, what, expected]] of rows.entries()) {
            if (restarts) await desk.reopen();
            const operation = 'what' in what ? byHand(`o${index}`, what) : what;
            expect([event, heard((await desk.commit(operation)).results[0])]).toEqual([event, expected]);
          }
        });

    test('one batch is taken in order, and others are not touched', async () => {
      const books = await desk.start();
      await desk.commit(...opening('ada'), ...opening('ben'));
      const ben = { accountId: 'ben', sessionId: 'ben-key' };
      const { results } = await desk.commit(tap(1), byHand('o1', block), tap(2), tap(3, 10, ben));
      expect([results[0], results[2], results[3]].map(codesOf)).toEqual([
        ['accepted'],
        ['account_blocked'],
        ['accepted'],
      ]);
      expect([books.account('ada')!.restriction, books.account('ben')!.restriction]).toEqual([
        { ...UNRESTRICTED, blocked: true },
        UNRESTRICTED,
      ]);
    });

    test('a refusal has its figures', async () => {
      await desk.start();
      await desk.commit(
        ...opening('ada'),
        byHand('o1', limits({ stakeMax: dollars(50), dailyStake: dollars(30), openPayout: dollars(30) })),
        tap(1),
      );
      const why = async (nonce: number, stake: number) => {
        const [first] = tapsOf((await desk.commit(tap(nonce, stake))).results[0]);
        return first?.status === 'rejected' ? first.why : first;
      };
      expect([await why(2, 60), await why(3, 25), await why(4, 6)]).toEqual([
        { limit: 'stakeMax', most: dollars(50), used: dollars(0), stake: dollars(60) },
        { limit: 'dailyStake', most: dollars(30), used: dollars(10), stake: dollars(25) },
        { limit: 'openPayout', most: dollars(30), used: dollars(20), stake: dollars(6) },
      ]);
    });
  });
}
