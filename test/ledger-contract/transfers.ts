import { describe, expect, test } from 'bun:test';
import { dollars } from '../../server/game/money.ts';
import { BEFORE, tap, lose, take, refill, OK, runCourses, type Course } from './courses.ts';
import { MIDNIGHT, NOON, opening, type Desk } from './scenario.ts';
const COURSES: readonly Course[] = [
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

export function transfersContract(desk: Desk): void {
  describe('transfers', () => {
    runCourses(desk, COURSES);

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
      const heard = [];
      for (let count = 0; count < 8; count++) heard.push(await deposit());
      expect(heard).toEqual(Array(8).fill({ kind: 'refused', code: 'exposure_account' }));
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
