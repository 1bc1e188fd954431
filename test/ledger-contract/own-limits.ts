import { describe, expect, test } from 'bun:test';
import { dollars } from '../../server/game/money.ts';
import { CHANGES_PER_DAY_MAX, type OwnLimits } from '../../server/game/own-limits.ts';
import type { Operation, OperationResult } from '../../server/ports/ledger.ts';
import { BEFORE, DAY, HOUR, lose, loss, OK, runCourses, tap, win, type Course } from './courses.ts';
import { byHand, limit, MIDNIGHT, NOON, opening, type Desk } from './scenario.ts';

const NONE: OwnLimits = {
  dailyLoss: null,
  loosening: null,
  pausedUntil: null,
  reminderMinutes: null,
  guardPercent: 80,
};

const COURSES: readonly Course[] = [
  {
    title: 'the daily loss limit counts open stakes as lost, and what came back on the same UTC day',
    rows: [
      ['limit of 25', loss(25), [], 1000],
      ['first', tap(1, NOON), OK, 990],
      ['second', tap(2, NOON), OK, 980],
      ['third is one too many', tap(3, NOON), ['daily_loss_limit'], 980],
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
];

/** What traders set for themselves: what it does to their taps, and how often they may change it. */
export function ownLimitsContract(desk: Desk): void {
  describe('own limits', () => {
    runCourses(desk, COURSES);

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
  });

  describe('changes of own limits', () => {
    test(
      'an account changes its limits so often in a day; what only protects more is taken whatever came ' +
        'before',
      async () => {
        await desk.start();
        await desk.commit(
          ...opening('ada'),
          ...Array.from({ length: CHANGES_PER_DAY_MAX }, (_, n) => limit({ guardPercent: 51 + (n % 2) })),
        );
        const heard = async (operation: Operation) =>
          (await desk.commit(operation)).results[0] as Extract<OperationResult, { kind: 'limits' }>;
        const refused = async (operation: Operation) => (await heard(operation)).refused;
        expect(await heard(limit({ guardPercent: 60 }, NOON + HOUR))).toMatchObject({
          refused: 'rate_limited',
          freeAt: NOON + DAY,
        });
        expect(await refused(limit({ guardPercent: 52 }))).toBeNull();
        expect(await refused(loss(25))).toBeNull();
        expect(await refused(loss(20))).toBeNull();
        expect(await refused(loss(30))).toBe('rate_limited');
        expect(await refused(loss(null))).toBe('rate_limited');
        expect(await refused(limit({ dailyLoss: dollars(10), reminderMinutes: 30 }))).toBe('rate_limited');
        expect(await refused(limit({ pause: 'day' }))).toBeNull();
        expect(await refused(limit({ pause: 'week' }))).toBeNull();
        expect((await desk.reopen()).account('ada')!.limits).toMatchObject({
          dailyLoss: dollars(20),
          loosening: null,
          pausedUntil: NOON + 7 * DAY,
          guardPercent: 52,
        });
        expect(await refused(limit({ guardPercent: 60 }, NOON + DAY - 1))).toBe('rate_limited');
        expect(await refused(limit({ guardPercent: 60 }, NOON + DAY))).toBeNull();
      },
    );

    test('a loosening is called off whatever came before', async () => {
      await desk.start();
      await desk.commit(
        ...opening('ada'),
        loss(10),
        loss(20),
        ...Array.from({ length: CHANGES_PER_DAY_MAX }, (_, n) => limit({ guardPercent: 51 + (n % 2) })),
      );
      expect((await desk.commit(loss(10))).results).toMatchObject([
        { refused: null, limits: { dailyLoss: dollars(10), loosening: null } },
      ]);
      expect((await desk.commit(loss(20))).results).toMatchObject([{ refused: 'rate_limited' }]);
    });
  });
}
