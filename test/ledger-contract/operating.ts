import { describe, expect, test } from 'bun:test';
import type { OperatorDeed, OperatorOrder } from '../../server/game/operator.ts';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import type { Operation, OperationResult } from '../../server/ports/ledger.ts';
import { byHand, cellAt, NOON, opening, order, place, type Desk } from './scenario.ts';

const credit = (amount: number, accountId = 'ada'): OperatorDeed => ({
  what: 'transfer',
  accountId,
  entry: 'deposit',
  amount: dollars(amount),
});
const debit = (amount: number): OperatorDeed => ({
  what: 'transfer',
  accountId: 'ada',
  entry: 'withdrawal',
  amount: dollars(amount),
});

/** `replayed`, `done before → after`, or the code of the refusal. */
const heard = (result: OperationResult | undefined): string => {
  if (result?.kind === 'not-operated') return result.refused;
  if (result?.kind !== 'operated') throw new Error(`not operated but ${JSON.stringify(result)}`);
  return `${result.replayed ? 'replayed' : 'done'} ${result.action.before} → ${result.action.after}`;
};

const voided = (result: OperationResult | undefined): unknown[] =>
  result?.kind === 'operated'
    ? result.bets.map(({ betId, status, payout }) => [betId, status, payout / 1e6])
    : [];

type Row = readonly [
  event: string,
  id: string,
  deed: OperatorDeed,
  over: Partial<OperatorOrder>,
  heard: string,
  balance: number,
];

const ROWS: readonly Row[] = [
  ['a credit', 'a1', credit(5), {}, 'done 1000000000 → 1005000000', 1005],
  ['the same again', 'a1', credit(5), {}, 'replayed 1000000000 → 1005000000', 1005],
  ['its id for another amount', 'a1', credit(6), {}, 'id_reused', 1005],
  ['its id by another person', 'a1', credit(5), { operator: 'Bea' }, 'id_reused', 1005],
  ['its id for another reason', 'a1', credit(5), { reason: 'no, for this' }, 'id_reused', 1005],
  ['its id with an approval', 'a1', credit(5), { approvedBy: 'Bea' }, 'id_reused', 1005],
  ['a debit', 'a2', debit(1004), {}, 'done 1005000000 → 1000000', 1],
  ['more than there is', 'a3', debit(2), {}, 'insufficient_balance', 1],
  ['the id of what was refused', 'a3', debit(1), {}, 'done 1000000 → 0', 0],
  ['to nobody', 'a4', credit(1, 'nobody'), {}, 'not_found', 0],
  ['to the house', 'a5', credit(1, 'house'), {}, 'not_found', 0],
  ['a halt', 'a6', { what: 'halt' }, {}, 'done running → halted', 0],
  ['a halt again', 'a7', { what: 'halt' }, {}, 'done halted → halted', 0],
  ['on with it', 'a8', { what: 'resume' }, { approvedBy: 'Bea' }, 'done halted → running', 0],
  [
    'a session that is not there',
    'a9',
    { what: 'revoke-sessions', accountId: 'ada', sessionId: 'other' },
    {},
    'not_found',
    0,
  ],
  [
    'all sessions',
    'a10',
    { what: 'revoke-sessions', accountId: 'ada', sessionId: null },
    {},
    'done 1 open → 0 open',
    0,
  ],
  ['of nobody', 'a11', { what: 'revoke-sessions', accountId: 'nobody', sessionId: null }, {}, 'not_found', 0],
  ['a window without bets', 'a12', { what: 'void-window', startMs: NOON }, {}, 'not_found', 0],
];

export function operatingContract(desk: Desk): void {
  describe('deeds of operators', () => {
    for (const restarts of [false, true]) {
      test(`each is done once and written down${restarts ? ' (with a restart before each event)' : ''}`, async () => {
        await desk.start();
        await desk.commit(...opening('ada'));
        for (const [event, id, deed, over, expected, balance] of ROWS) {
          if (restarts) await desk.reopen();
          const { results, batch } = await desk.commit(byHand(id, deed, over));
          expect([event, heard(results[0]), desk.balance()]).toEqual([event, expected, balance]);
          expect(desk.under.books.chain().ledger.batch).toBe(batch);
        }
        expect(desk.under.books.bankroll('PLAY')).toBe(dollars(10_000));
      });
    }

    test('a refusal leaves no row and no link', async () => {
      await desk.start();
      const before = await desk.commit(...opening('ada'));
      expect((await desk.commit(byHand('x', credit(1, 'nobody')))).batch).toBe(before.batch);
    });

    test('a window is called off whole: held and locked bets of everybody go back, others and closed ones stay', async () => {
      const books = await desk.start();
      const lock: Operation = {
        kind: 'lock-bets',
        locks: ['locked', 'lost'].map((betId) => ({ betId, multiplier: 235 as Multiplier, revision: 9 })),
        at: NOON + 500,
      };
      await desk.commit(
        ...opening('ada'),
        ...opening('ben'),
        place('n1', [
          order('held', cellAt(0)),
          order('locked', cellAt(0, 1)),
          order('lost', cellAt(0, 2)),
          order('next', cellAt(1)),
        ]),
        place('n2', [order('bens', cellAt(0), 30)], { accountId: 'ben', sessionId: 'ben-key' }),
        lock,
        {
          kind: 'close-bets',
          closings: [{ betId: 'lost', outcome: 'lost', tickSeq: 1, closedAt: NOON + 600 }],
          at: NOON + 600,
        },
      );
      const deed = byHand('off', { what: 'void-window', startMs: cellAt(0).startMs });
      const [result, again] = (await desk.commit(deed, deed)).results;
      expect(heard(result)).toBe('done 3 open bets, PLAY 50000000, USD 0 → 0 open bets');
      expect(heard(again)).toStartWith('replayed');
      expect(voided(result)).toEqual([
        ['held', 'void', 10],
        ['locked', 'void', 10],
        ['bens', 'void', 30],
      ]);
      expect(voided(again)).toEqual([]);
      expect([desk.balance('ada'), desk.balance('ben')]).toEqual([980, 1000]);
      expect(
        ['held', 'locked', 'bens', 'lost', 'next']
          .map((id) => books.bet(id))
          .map((bet) => [bet!.status, bet!.voidReason]),
      ).toEqual([
        ['void', 'operator'],
        ['void', 'operator'],
        ['void', 'operator'],
        ['lost', null],
        ['placed', null],
      ]);
      // What was decided meanwhile comes too late.
      const late = await desk.commit({
        kind: 'close-bets',
        closings: [{ betId: 'locked', outcome: 'won', tickSeq: 2, closedAt: NOON + 60_000 }],
        at: NOON + 60_000,
      });
      expect(late.results[0]).toEqual({ kind: 'settled', bets: [] });
      expect(books.voidsByReason('PLAY')).toEqual({ operator: 3 });
    });
  });
}
