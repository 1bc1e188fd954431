import { describe, expect, test } from 'bun:test';
import { dollars, type Multiplier } from '../../game/money.ts';
import type { Operation, PlaceBets } from '../../ports/ledger.ts';
import { cellAt, codesOf, MIDNIGHT, NOON, opening, order, place, SETTING, type Desk } from './scenario.ts';

type Row = readonly [event: string, operation: Operation, told: readonly string[], balance: number];

const BEFORE = MIDNIGHT - 1;

/** Taps of ten dollars each on cells of their own, filled at 2.00×. */
const tap = (nonce: number, at: number, over: Partial<PlaceBets> = {}): Operation =>
  place(`n${nonce}`, [order(`b${nonce}`, cellAt(nonce), 10, { filled: { multiplier: 200 as Multiplier, revision: 1 } })], { at, ...over });
const win = (bet: number, at: number): Operation => ({ kind: 'close-bets', closings: [{ betId: `b${bet}`, outcome: 'won', tickSeq: 1, closedAt: at }], at });
const lose = (bet: number, at: number): Operation => ({ kind: 'close-bets', closings: [{ betId: `b${bet}`, outcome: 'lost', tickSeq: 1, closedAt: at }], at });
const limit = (dailyLoss: number | null): Operation => ({ kind: 'set-limits', accountId: 'ada', limits: { dailyLoss: dailyLoss === null ? null : dollars(dailyLoss), guardPercent: 80 } });
const take = (amount: number): Operation => ({ kind: 'post-transfer', accountId: 'ada', amount: dollars(amount), entry: 'withdrawal', at: NOON });
const refill = (at: number, accountId = 'ada'): Operation => ({ kind: 'refill', accountId, below: dollars(5), upTo: dollars(1000), at });

const OK = ['accepted'];
const COURSES: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: 'the daily loss limit counts open stakes as lost, and what came back on the same UTC day',
    rows: [
      ['limit of 25', limit(25), [], 1000],
      ['first', tap(1, NOON), OK, 990],
      ['second', tap(2, NOON), OK, 980],
      ['third is too much', tap(3, NOON), ['daily_loss_limit'], 980],
      ['the first is lost', lose(1, NOON), [], 980],
      ['still too much', tap(3, NOON), ['daily_loss_limit'], 980],
      ['the second wins 20', win(2, NOON), [], 1000],
      ['now 0 lost', tap(3, NOON), OK, 990],
      ['and again', tap(4, NOON), OK, 980],
      ['and no more', tap(5, NOON), ['daily_loss_limit'], 980],
      ['without a limit', limit(null), [], 980],
      ['all is open', tap(5, NOON), OK, 970],
    ],
  },
  {
    title: 'the daily loss limit starts anew at midnight UTC, and a win of yesterday does not widen it',
    rows: [
      ['limit of 15', limit(15), [], 1000],
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
      ['deposit', { kind: 'post-transfer', accountId: 'ada', amount: dollars(50), entry: 'deposit', at: NOON }, [], 1050],
      ['withdrawal', { kind: 'post-transfer', accountId: 'ada', amount: dollars(1050), entry: 'withdrawal', at: NOON }, [], 0],
      ['one too many', { kind: 'post-transfer', accountId: 'ada', amount: dollars(0.000001), entry: 'withdrawal', at: NOON }, ['insufficient_balance'], 0],
      ['below zero', { kind: 'post-transfer', accountId: 'ada', amount: dollars(-1), entry: 'adjustment', at: NOON }, ['insufficient_balance'], 0],
      ['up', { kind: 'post-transfer', accountId: 'ada', amount: dollars(3), entry: 'adjustment', at: NOON }, [], 3],
      ['down', { kind: 'post-transfer', accountId: 'ada', amount: dollars(-1), entry: 'adjustment', at: NOON }, [], 2],
      ['a negative deposit', { kind: 'post-transfer', accountId: 'ada', amount: dollars(-1), entry: 'deposit', at: NOON }, ['bad_request'], 2],
      ['to nobody', { kind: 'post-transfer', accountId: 'nobody', amount: dollars(1), entry: 'deposit', at: NOON }, ['not_found'], 2],
      ['to the house', { kind: 'post-transfer', accountId: 'house:PLAY', amount: dollars(1), entry: 'deposit', at: NOON }, ['not_found'], 2],
      ['limits of nobody', { kind: 'set-limits', accountId: 'nobody', limits: { dailyLoss: null, guardPercent: 80 } }, ['not_found'], 2],
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
    for (const { title, rows } of COURSES) for (const restarts of [false, true]) {
      test(`${title}${restarts ? ' (with a restart before each event)' : ''}`, async () => {
        await desk.start();
        await desk.commit(...opening('ada'));
        for (const [event, operation, told, balance] of rows) {
          if (restarts) await desk.reopen();
          const result = (await desk.commit(operation)).results[0]!;
          const codes = result.kind === 'placed' || result.kind === 'refused' ? codesOf(result) : [];
          expect([event, codes, desk.balance()]).toEqual([event, told, balance]);
        }
      });
    }

    test('the daily cap of a key does not count what another key of the account ordered, also after a restart', async () => {
      const [many, cap] = [300, { dailyCap: dollars(302) }];
      await desk.start({ caps: { ...SETTING.caps, openBetsMax: 1000 } });
      await desk.commit(...opening('ada'), { kind: 'start-session', session: { ...(opening('ada')[1] as Extract<Operation, { kind: 'start-session' }>).session, id: 'ada-phone', tokenHash: 'phone', publicKey: 'phone' } });
      const small = (nonce: number, sessionId: string): Operation => place(`n${nonce}`, [order(`b${nonce}`, cellAt(Math.floor(nonce / 20), nonce % 20), 1)], { sessionId, ...cap });
      const answer = async (nonce: number, sessionId: string) => codesOf((await desk.commit(small(nonce, sessionId))).results[0]);
      await desk.commit(small(0, 'ada-phone'), ...Array.from({ length: many }, (_, n) => small(n + 1, 'ada-key')));
      await desk.reopen();
      // 301 dollars of the account, of them 1 of the phone and 300 of the key.
      expect([await answer(301, 'ada-phone'), await answer(302, 'ada-phone'), await answer(303, 'ada-key'), await answer(304, 'ada-key')]).toEqual([OK, OK, OK, OK]);
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
      await desk.commit({ kind: 'lock-bets', locks: [{ betId: 'b1', multiplier: 300 as Multiplier, revision: 2 }], at: NOON });
      await desk.reopen();
      expect(codesOf((await desk.commit(held('b2', 2))).results[0])).toEqual(['accepted']);
      expect(codesOf((await desk.commit(held('b3', 3))).results[0])).toEqual(['exposure_column']);
      await desk.commit({ kind: 'close-bets', closings: [{ betId: 'b1', outcome: 'lost', tickSeq: 1, closedAt: NOON }], at: NOON });
      expect(codesOf((await desk.commit(held('b3', 3))).results[0])).toEqual(['exposure_column']);
      await desk.commit({ kind: 'close-bets', closings: [{ betId: 'b2', outcome: 'void', voidReason: 'gap', closedAt: NOON }], at: NOON });
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
      expect(['funding:PLAY', 'funding:PLAY:2', 'funding:PLAY:3', 'funding:PLAY:4'].map((id) => desk.under.books.account(id)?.balance)).toEqual([dollars(-4_000_010_000), dollars(-4e9), dollars(-2e9), undefined]);
    });

    test('play money and real money never meet', async () => {
      const books = await desk.start({ bankrolls: { PLAY: dollars(100), USD: dollars(200) } });
      await desk.commit(...opening('ada'), { kind: 'open-account', accountId: 'rich', currency: 'USD', address: '0xA', grant: dollars(0), at: NOON });
      await desk.commit({ kind: 'post-transfer', accountId: 'rich', amount: dollars(5), entry: 'deposit', at: NOON }, tap(1, NOON), lose(1, NOON));
      expect([books.bankroll('PLAY'), books.bankroll('USD')]).toEqual([dollars(110), dollars(200)]);
    });
  });
}
