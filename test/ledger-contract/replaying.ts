import { describe, expect, test } from 'bun:test';
import type { Multiplier } from '../../server/game/money.ts';
import type { OperationResult } from '../../server/ports/ledger.ts';
import { cellAt, codesOf, NOON, opening, order, place, tapsOf, type Desk } from './scenario.ts';

export function replayingContract(desk: Desk): void {
  describe('the same nonce', () => {
    const taps = [order('b1', cellAt(0)), 'column_locked', order('b2', cellAt(1), 20)] as const;
    const again = [order('x1', cellAt(0)), 'quote_expired', order('x2', cellAt(1), 20)] as const;

    for (const [title, between] of [
      ['twice in one batch', 'nothing'],
      ['in a later batch', 'commit'],
      ['after a restart', 'restart'],
      ['after the bets have closed', 'close'],
    ] as const) {
      test(`${title} gets the first answer and moves nothing`, async () => {
        await desk.start();
        await desk.commit(...opening('ada'));
        let first: OperationResult;
        let second: OperationResult;
        if (between === 'nothing')
          [first, second] = (await desk.commit(place('n', taps), place('n', again))).results as [
            OperationResult,
            OperationResult,
          ];
        else {
          first = (await desk.commit(place('n', taps))).results[0]!;
          if (between === 'close')
            await desk.commit({
              kind: 'close-bets',
              closings: [{ betId: 'b1', outcome: 'void', voidReason: 'gap', closedAt: NOON }],
              at: NOON,
            });
          if (between === 'restart') await desk.reopen();
          second = (await desk.commit(place('n', again))).results[0]!;
        }
        expect(second).toEqual({
          ...(first as Extract<OperationResult, { kind: 'placed' }>),
          replayed: true,
        });
        expect(tapsOf(first).map(({ status }) => status)).toEqual(['accepted', 'rejected', 'accepted']);
        expect(desk.balance()).toBe(between === 'close' ? 980 : 970);
        expect(desk.under.books.bet('x1')).toBeNull();
      });
    }

    test('a bet filled as shown is replayed with the multiplier of its fill', async () => {
      await desk.start();
      const filled = place('n', [
        order('b', cellAt(0), 10, { filled: { multiplier: 190 as Multiplier, revision: 8 } }),
      ]);
      const { results } = await desk.commit(...opening('ada'), filled, filled);
      expect(tapsOf(results[3])).toEqual(tapsOf(results[2]));
    });

    test('with other content is refused, also of a session of the same account', async () => {
      await desk.start();
      await desk.commit(...opening('ada'), place('n', taps));
      const { results } = await desk.commit(place('n', [order('x', cellAt(5))], { text: 'something else' }));
      expect(results).toEqual([{ kind: 'refused', code: 'nonce_reused' }]);
      expect(desk.balance()).toBe(970);
    });

    test('of another account is another nonce', async () => {
      await desk.start();
      const { results } = await desk.commit(
        ...opening('ada'),
        ...opening('ben'),
        place('n', [order('a', cellAt(0))]),
        place('n', [order('b', cellAt(0))], { accountId: 'ben', sessionId: 'ben-key' }),
      );
      expect([codesOf(results[4]), codesOf(results[5])]).toEqual([['accepted'], ['accepted']]);
    });

    test('of an order that was refused whole is judged anew', async () => {
      await desk.start();
      await desk.commit(...opening('ada'), place('n', ['quote_expired']));
      expect(codesOf((await desk.commit(place('n', [order('b', cellAt(0))]))).results[0])).toEqual([
        'accepted',
      ]);
    });
  });
}
