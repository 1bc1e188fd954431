import { describe, expect, test } from 'bun:test';
import { BALANCE_MICROS_MAX, dollars, type Micros, type Multiplier } from '../../server/game/money.ts';
import type { OwnLimits } from '../../server/game/own-limits.ts';
import type { Operation, PlaceBets } from '../../server/ports/ledger.ts';
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
  SETTING,
  type Desk,
} from './scenario.ts';

type Row = readonly [event: string, operation: Operation, told: readonly string[], balance: number];

const BEFORE = MIDNIGHT - 1;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Taps of ten dollars each on cells of their own, filled at 2.00×. */
const tap = (nonce: number, at: number, over: Partial<PlaceBets> = {}): Operation =>
  place(
    `n${nonce}`,
    [
      order(`b${nonce}`, cellAt(nonce + Math.ceil((at - NOON) / 5000)), 10, {
        filled: { multiplier: 200 as Multiplier, revision: 1 },
      }),
    ],
    { at, ...over },
  );
const win = (bet: number, at: number): Operation => ({
  kind: 'close-bets',
  closings: [{ betId: `b${bet}`, outcome: 'won', tickSeq: 1, closedAt: at }],
  at,
});
const lose = (bet: number, at: number): Operation => ({
  kind: 'close-bets',
  closings: [{ betId: `b${bet}`, outcome: 'lost', tickSeq: 1, closedAt: at }],
  at,
});
const take = (amount: number): Operation => ({
  kind: 'post-transfer',
  accountId: 'ada',
  amount: dollars(amount),
  entry: 'withdrawal',
  at: NOON,
});
const refill = (at: number, accountId = 'ada'): Operation => ({
  kind: 'refill',
  accountId,
  below: dollars(5),
  upTo: dollars(1000),
  at,
});
const loss = (dailyLoss: number | null, at = NOON): Operation =>
  limit({ dailyLoss: dailyLoss === null ? null : dollars(dailyLoss) }, at);

const OK = ['accepted'];
const NONE: OwnLimits = {
  dailyLoss: null,
  loosening: null,
  pausedUntil: null,
  reminderMinutes: null,
  guardPercent: 80,
};
const COURSES: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: 'the daily loss limit counts open stakes as lost, and what came back on the same UTC day',
    rows: [
      ['limit of 25', loss(25), [], 1000],
      ['first', tap(1, NOON), OK, 990],
      ['second', tap(2, NOON), OK, 980],
      ['third is too much', tap(3, NOON), ['daily_loss_limit'], 980],
      ['the first is lost', lose(1, NOON), [], 980],
      ['still too much', tap(3, NOON), ['daily_loss_limit'], 980],
      ['the second wins 20', win(2, NOON), [], 1000],
      ['now 0 lost', tap(3, NOON), OK, 990],
      ['and again', tap(4, NOON), OK, 980],
      ['and no more', tap(5, NOON), ['daily_loss_limit'], 980],
      ['a tighter one', loss(5), [], 980],
      ['no more', tap(5, NOON), ['daily_loss_limit'], 980],
    ],
  },
  {
    title: 'a looser daily loss limit holds 24 hours later, a tighter one at once',
    rows: [
      ['limit of 10', loss(10), [], 1000],
      ['first', tap(1, NOON), OK, 990],
      ['20 from tomorrow on', loss(20), [], 990],
      ['not yet', tap(2, NOON + 1), ['daily_loss_limit'], 990],
      ['a new day begins before that', tap(2, MIDNIGHT), OK, 980],
      ['a millisecond too early', tap(3, NOON + DAY - 1), ['daily_loss_limit'], 980],
      ['asked for again, it is no later', loss(20, NOON + DAY - 1), [], 980],
      ['now', tap(3, NOON + DAY), OK, 970],
      ['and no more', tap(4, NOON + DAY), ['daily_loss_limit'], 970],
      ['none from the day after on', loss(null, NOON + DAY), [], 970],
      ['not yet', tap(4, NOON + DAY + 1), ['daily_loss_limit'], 970],
      ['called off', loss(20, NOON + DAY + 2), [], 970],
      ['not the day after either', tap(4, NOON + 2 * DAY - 1), OK, 960],
      ['the first are lost', lose(1, NOON + 2 * DAY), [], 960],
      ['nor later', tap(5, NOON + 2 * DAY), OK, 950],
      ['than the limit', tap(6, NOON + 2 * DAY), ['daily_loss_limit'], 950],
    ],
  },
  {
    title: 'another looser limit begins to wait anew, and a tighter one drops what waits',
    rows: [
      ['limit of 10', loss(10), [], 1000],
      ['none from tomorrow on', loss(null), [], 1000],
      ['30 instead, asked for an hour later', loss(30, NOON + HOUR), [], 1000],
      ['spent', tap(1, NOON + DAY), OK, 990],
      ['not yet', tap(2, NOON + DAY + HOUR - 1), ['daily_loss_limit'], 990],
      ['now', tap(2, NOON + DAY + HOUR), OK, 980],
      ['none from the day after on', loss(null, NOON + DAY + HOUR), [], 980],
      ['25 at once', loss(25, NOON + DAY + HOUR), [], 980],
      ['no more', tap(3, NOON + DAY + HOUR), ['daily_loss_limit'], 980],
      ['two days later', tap(3, NOON + 3 * DAY), OK, 970],
      ['the first is lost', lose(1, NOON + 3 * DAY), [], 970],
      ['25', tap(4, NOON + 3 * DAY), OK, 960],
      ['it is', tap(5, NOON + 3 * DAY), ['daily_loss_limit'], 960],
    ],
  },
  {
    title: 'a pause takes no bets until it ends; what was open goes on, and what was placed is told again',
    rows: [
      ['open', tap(1, NOON), OK, 990],
      ['a day', limit({ pause: 'day' }, NOON + 1), [], 990],
      ['no bets', tap(2, NOON + 2), ['account_paused'], 990],
      ['nor one that was signed before', tap(2, NOON), ['account_paused'], 990],
      ['the retry of the first', tap(1, NOON), OK, 990],
      ['it wins', win(1, NOON + 3), [], 1010],
      ['not taken back', limit({ pause: null }, NOON + 4), ['pause_running'], 1010],
      ['limits may be set meanwhile', loss(50, NOON + 4), [], 1010],
      ['a millisecond too early', tap(2, NOON + DAY), ['account_paused'], 1010],
      ['over', tap(2, NOON + DAY + 1), OK, 1000],
      ['nothing to end', limit({ pause: null }, NOON + DAY + 1), [], 1000],
    ],
  },
  {
    title: 'a pause is made longer, never shorter, and one for good has no end',
    rows: [
      ['a week', limit({ pause: 'week' }), [], 1000],
      ['not a day', limit({ pause: 'day' }, NOON + 1), ['pause_running'], 1000],
      ['a day at its end', limit({ pause: 'day' }, NOON + 7 * DAY - 1), [], 1000],
      ['goes on', tap(1, NOON + 8 * DAY - 2), ['account_paused'], 1000],
      ['for good', limit({ pause: 'for-good' }, NOON + 8 * DAY - 2), [], 1000],
      ['not half a year', limit({ pause: 'half-year' }, NOON + 8 * DAY), ['pause_running'], 1000],
      ['in a hundred years', tap(1, NOON + 36_525 * DAY), ['account_paused'], 1000],
    ],
  },
  {
    title: 'another key of a paused account places no bets either, and money that comes in changes nothing',
    rows: [
      ['half a year', limit({ pause: 'half-year' }), [], 1000],
      ['signed out', { kind: 'end-sessions', accountId: 'ada', sessionId: null, at: NOON }, [], 1000],
      [
        'in again',
        {
          kind: 'start-session',
          session: {
            ...(opening('ada')[1] as Extract<Operation, { kind: 'start-session' }>).session,
            id: 'ada-2',
            tokenHash: 'token 2',
            publicKey: 'key 2',
          },
        },
        [],
        1000,
      ],
      ['no bets', tap(1, NOON, { sessionId: 'ada-2' }), ['account_paused'], 1000],
      [
        'money by hand',
        byHand('a', { what: 'transfer', accountId: 'ada', entry: 'deposit', amount: dollars(5) }),
        [],
        1005,
      ],
      ['the account again', opening('ada')[0]!, [], 1005],
      ['no bets', tap(1, NOON, { sessionId: 'ada-2' }), ['account_paused'], 1005],
      ['until then', tap(1, NOON + 183 * DAY, { sessionId: 'ada-2' }), OK, 995],
    ],
  },
  {
    title: 'the daily loss limit starts anew at midnight UTC, and a win of yesterday does not widen it',
    rows: [
      ['limit of 15', loss(15), [], 1000],
      ['late', tap(1, BEFORE), OK, 990],
      ['too much', tap(2, BEFORE), ['daily_loss_limit'], 990],
      ['a new day', tap(2, MIDNIGHT), OK, 980],
      ['yesterday wins 20', win(1, MIDNIGHT + 5000), [], 1000],
      ['too much today', tap(3, MIDNIGHT + 6000), ['daily_loss_limit'], 1000],
      ['today wins 20', win(2, MIDNIGHT + 7000), [], 1020],
      ['room for one', tap(3, MIDNIGHT + 8000), OK, 1010],
    ],
  },
  {
    title: 'the daily cap of a session key counts what it ordered in a UTC day, whatever came back',
    rows: [
      ['first', tap(1, NOON, { dailyCap: dollars(20) }), OK, 990],
      ['it wins', win(1, NOON), [], 1010],
      ['second', tap(2, BEFORE, { dailyCap: dollars(20) }), OK, 1000],
      ['third', tap(3, BEFORE, { dailyCap: dollars(20) }), ['daily_cap'], 1000],
      ['a new day', tap(3, MIDNIGHT, { dailyCap: dollars(20) }), OK, 990],
    ],
  },
  {
    title: 'money from outside',
    rows: [
      [
        'deposit',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(50), entry: 'deposit', at: NOON },
        [],
        1050,
      ],
      [
        'withdrawal',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(1050), entry: 'withdrawal', at: NOON },
        [],
        0,
      ],
      [
        'one too many',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(0.000001), entry: 'withdrawal', at: NOON },
        ['insufficient_balance'],
        0,
      ],
      [
        'below zero',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(-1), entry: 'adjustment', at: NOON },
        ['insufficient_balance'],
        0,
      ],
      [
        'up',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(3), entry: 'adjustment', at: NOON },
        [],
        3,
      ],
      [
        'down',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(-1), entry: 'adjustment', at: NOON },
        [],
        2,
      ],
      [
        'a negative deposit',
        { kind: 'post-transfer', accountId: 'ada', amount: dollars(-1), entry: 'deposit', at: NOON },
        ['bad_request'],
        2,
      ],
      [
        'to nobody',
        { kind: 'post-transfer', accountId: 'nobody', amount: dollars(1), entry: 'deposit', at: NOON },
        ['not_found'],
        2,
      ],
      [
        'to the house',
        { kind: 'post-transfer', accountId: 'house:PLAY', amount: dollars(1), entry: 'deposit', at: NOON },
        ['not_found'],
        2,
      ],
      [
        'limits of nobody',
        { kind: 'change-limits', accountId: 'nobody', change: { dailyLoss: null }, at: NOON },
        ['not_found'],
        2,
      ],
    ],
  },
  {
    title: 'an account is refilled when it is empty, once in a UTC day, and not for what it was opened with',
    rows: [
      ['it is full', refill(NOON), ['not_empty'], 1000],
      ['most is gone', take(985), [], 15],
      ['a bet', tap(1, NOON), OK, 5],
      ['the lowest stake is there', refill(NOON), ['not_empty'], 5],
      ['a little less', take(1), [], 4],
      ['a bet is open', refill(NOON), ['not_empty'], 4],
      ['it is lost', lose(1, NOON), [], 4],
      ['up to the grant', refill(NOON), [], 1000],
      ['gone again', take(1000), [], 0],
      ['once a day', refill(BEFORE), ['refilled_today'], 0],
      ['a new day', refill(MIDNIGHT), [], 1000],
      ['gone once more', take(998), [], 2],
      ['once that day', refill(MIDNIGHT + 1), ['refilled_today'], 2],
      ['of nobody', refill(MIDNIGHT, 'nobody'), ['not_found'], 2],
      ['of the house', refill(MIDNIGHT, 'house:PLAY'), ['not_found'], 2],
    ],
  },
];

/** The rows once in one life, once with a restart before each: nothing in memory may be lost that decides. */
export function limitsContract(desk: Desk): void {
  describe('limits and transfers', () => {
    for (const { title, rows } of COURSES)
      for (const restarts of [false, true]) {
        test(`${title}${restarts ? ' (with a restart before each event)' : ''}`, async () => {
          await desk.start();
          await desk.commit(...opening('ada'));
          for (const [event, operation, told, balance] of rows) {
            if (restarts) await desk.reopen();
            const result = (await desk.commit(operation)).results[0]!;
            const codes =
              result.kind === 'limits'
                ? [result.refused].filter((code) => code !== null)
                : result.kind === 'placed' || result.kind === 'refused'
                  ? codesOf(result)
                  : [];
            expect([event, codes, desk.balance()]).toEqual([event, told, balance]);
          }
        });
      }

    test('a refusal by an own limit has its figures, and a change of limits tells what they are then', async () => {
      await desk.start();
      await desk.commit(...opening('ada'));
      expect((await desk.commit(loss(15))).results).toEqual([
        { kind: 'limits', limits: { ...NONE, dailyLoss: dollars(15) }, refused: null },
      ]);
      const loosening = { dailyLoss: dollars(40), at: NOON + DAY };
      expect((await desk.commit(loss(40))).results).toEqual([
        { kind: 'limits', limits: { ...NONE, dailyLoss: dollars(15), loosening }, refused: null },
      ]);
      await desk.commit(tap(1, NOON));
      expect((await desk.commit(tap(2, NOON))).results).toMatchObject([
        {
          results: [
            {
              code: 'daily_loss_limit',
              why: { dailyLoss: dollars(15), lost: dollars(10), stake: dollars(10), loosening },
            },
          ],
        },
      ]);
      await desk.commit(limit({ pause: 'week' }));
      expect((await desk.commit(tap(2, NOON))).results).toMatchObject([
        { results: [{ code: 'account_paused', why: { pausedUntil: NOON + 7 * DAY } }] },
      ]);
      const kept = { ...NONE, dailyLoss: dollars(15), loosening, pausedUntil: NOON + 7 * DAY };
      expect((await desk.commit(limit({ pause: 'day' }))).results).toEqual([
        { kind: 'limits', limits: kept, refused: 'pause_running' },
      ]);
      expect((await desk.reopen()).account('ada')!.limits).toEqual(kept);
    });

    test('the daily cap of a key does not count what another key of the account ordered, also after a restart', async () => {
      const [many, cap] = [300, { dailyCap: dollars(302) }];
      await desk.start({ caps: { ...SETTING.caps, openBetsMax: 1000 } });
      await desk.commit(...opening('ada'), {
        kind: 'start-session',
        session: {
          ...(opening('ada')[1] as Extract<Operation, { kind: 'start-session' }>).session,
          id: 'ada-phone',
          tokenHash: 'phone',
          publicKey: 'phone',
        },
      });
      const small = (nonce: number, sessionId: string): Operation =>
        place(`n${nonce}`, [order(`b${nonce}`, cellAt(Math.floor(nonce / 20), nonce % 20), 1)], {
          sessionId,
          ...cap,
        });
      const answer = async (nonce: number, sessionId: string) =>
        codesOf((await desk.commit(small(nonce, sessionId))).results[0]);
      await desk.commit(
        small(0, 'ada-phone'),
        ...Array.from({ length: many }, (_, n) => small(n + 1, 'ada-key')),
      );
      await desk.reopen();
      // 301 dollars of the account, of them 1 of the phone and 300 of the key.
      expect([
        await answer(301, 'ada-phone'),
        await answer(302, 'ada-phone'),
        await answer(303, 'ada-key'),
        await answer(304, 'ada-key'),
      ]).toEqual([OK, OK, OK, OK]);
      expect([await answer(305, 'ada-key'), await answer(306, 'ada-phone')]).toEqual([['daily_cap'], OK]);
      await desk.reopen();
      expect([await answer(305, 'ada-key'), await answer(307, 'ada-phone')]).toEqual([['daily_cap'], OK]);
    });

    test('a sold-out column sells again when its bets are locked lower or closed, also after a restart', async () => {
      // Held, each bet risks 30 at the cap of 4.00×; the column may risk 50.
      await desk.start({ caps: { ...SETTING.caps, columnShare: 0.005 } });
      const held = (nonce: string, row: number): Operation => place(nonce, [order(nonce, cellAt(0, row))]);
      await desk.commit(...opening('ada'), held('b1', 1));
      await desk.reopen();
      expect(codesOf((await desk.commit(held('b2', 2))).results[0])).toEqual(['exposure_column']);
      await desk.commit({
        kind: 'lock-bets',
        locks: [{ betId: 'b1', multiplier: 300 as Multiplier, revision: 2 }],
        at: NOON,
      });
      await desk.reopen();
      expect(codesOf((await desk.commit(held('b2', 2))).results[0])).toEqual(['accepted']);
      expect(codesOf((await desk.commit(held('b3', 3))).results[0])).toEqual(['exposure_column']);
      await desk.commit({
        kind: 'close-bets',
        closings: [{ betId: 'b1', outcome: 'lost', tickSeq: 1, closedAt: NOON }],
        at: NOON,
      });
      expect(codesOf((await desk.commit(held('b3', 3))).results[0])).toEqual(['exposure_column']);
      await desk.commit({
        kind: 'close-bets',
        closings: [{ betId: 'b2', outcome: 'void', voidReason: 'gap', closedAt: NOON }],
        at: NOON,
      });
      await desk.reopen();
      expect(codesOf((await desk.commit(held('b3', 3))).results[0])).toEqual(['accepted']);
    });

    test('grants go on when one funding account has given all that it can, also after a restart', async () => {
      await desk.start();
      const [ids, each] = [['a1', 'a2', 'a3', 'a4', 'a5'], 2e9];
      await desk.commit(...ids.slice(0, 2).flatMap((id) => opening(id, each)));
      for (const id of ids.slice(2)) {
        await desk.reopen();
        await desk.commit(...opening(id, each));
      }
      expect(ids.map((id) => desk.balance(id))).toEqual(ids.map(() => each));
      expect(
        ['funding:PLAY', 'funding:PLAY:2', 'funding:PLAY:3', 'funding:PLAY:4'].map(
          (id) => desk.under.books.account(id)?.balance,
        ),
      ).toEqual([dollars(-4_000_010_000), dollars(-4e9), dollars(-2e9), undefined]);
    });

    test('the house sells nothing whose loss would take its money beyond what is counted exactly, and says so before', async () => {
      await desk.start({
        bankrolls: { PLAY: (BALANCE_MICROS_MAX - dollars(25)) as Micros, USD: dollars(0) },
      });
      await desk.commit(...opening('ada'));
      const codes = async (nonce: number) => codesOf((await desk.commit(tap(nonce, NOON))).results[0]);
      expect([await codes(1), await codes(2), await codes(3)]).toEqual([
        ['accepted'],
        ['accepted'],
        ['exposure_total'],
      ]);
      await desk.reopen();
      expect(await codes(4)).toEqual(['exposure_total']);
      await desk.commit(lose(1, NOON), lose(2, NOON));
      expect([desk.under.books.bankroll('PLAY'), desk.balance('ada'), await codes(5)]).toEqual([
        (BALANCE_MICROS_MAX - dollars(5)) as Micros,
        980,
        ['exposure_total'],
      ]);
    });

    test('no deposit makes a balance that is not counted exactly', async () => {
      await desk.start();
      await desk.commit(...opening('ada'));
      const deposit = async () =>
        (
          await desk.commit({
            kind: 'post-transfer',
            accountId: 'ada',
            amount: dollars(900_000_000),
            entry: 'deposit',
            at: NOON,
          })
        ).results[0];
      for (let count = 0; count < 5; count++) expect(await deposit()).toEqual({ kind: 'done' });
      const told = [];
      for (let count = 0; count < 8; count++) told.push(await deposit());
      expect(told).toEqual(Array(8).fill({ kind: 'refused', code: 'exposure_account' }));
      expect(desk.balance('ada')).toBe(4_500_001_000);
    });

    test('play money and real money never meet', async () => {
      const books = await desk.start({ bankrolls: { PLAY: dollars(100), USD: dollars(200) } });
      await desk.commit(...opening('ada'), {
        kind: 'open-account',
        accountId: 'rich',
        currency: 'USD',
        address: '0xA',
        grant: dollars(0),
        at: NOON,
      });
      await desk.commit(
        { kind: 'post-transfer', accountId: 'rich', amount: dollars(5), entry: 'deposit', at: NOON },
        tap(1, NOON),
        lose(1, NOON),
      );
      expect([books.bankroll('PLAY'), books.bankroll('USD')]).toEqual([dollars(110), dollars(200)]);
    });
  });
}
