import { describe, expect, test } from 'bun:test';
import { BALANCE_MICROS_MAX, dollars, type Micros, type Multiplier } from '../../server/game/money.ts';
import type { Operation } from '../../server/ports/ledger.ts';
import { BEFORE, tap, win, lose, OK, runCourses, type Course } from './courses.ts';
import { cellAt, codesOf, MIDNIGHT, NOON, opening, order, place, SETTING, type Desk } from './scenario.ts';
const COURSES: readonly Course[] = [
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
];

export function limitsContract(desk: Desk): void {
  describe('limits', () => {
    runCourses(desk, COURSES);

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
  });
}
