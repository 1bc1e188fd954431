import { describe, expect, test } from 'bun:test';
import type { Cell } from '../../server/game/grid.ts';
import { dollars, type Micros, type Multiplier } from '../../server/game/money.ts';
import type { Operation } from '../../server/ports/ledger.ts';
import { cellAt, codesOf, failureOf, NOON, opening, order, place, settledOf, type Desk } from './scenario.ts';

export function settlingContract(desk: Desk): void {
  describe('locking and closing', () => {
    const lock = (betId: string, multiplier = 235): Operation => ({
      kind: 'lock-bets',
      locks: [{ betId, multiplier: multiplier as Multiplier, revision: 9 }],
      at: NOON + 500,
    });
    const moved = (betId: string): Operation => ({
      kind: 'lock-bets',
      locks: [{ betId, voidReason: 'moved', revision: 9 }],
      at: NOON + 500,
    });
    const close = (betId: string, outcome: 'won' | 'lost' | 'void'): Operation => ({
      kind: 'close-bets',
      at: NOON + 70_000,
      closings: [
        outcome === 'void'
          ? { betId, outcome, voidReason: 'gap', closedAt: NOON + 69_000 }
          : { betId, outcome, tickSeq: 12, closedAt: NOON + 69_000 },
      ],
    });

    const courses: readonly {
      readonly title: string;
      readonly steps: readonly Operation[];
      readonly heard: readonly string[];
      readonly balance: number;
      readonly house: number;
    }[] = [
      {
        title: 'locked, then won',
        steps: [lock('b'), close('b', 'won')],
        heard: ['b locked 0 990', 'b won 23.5 1013.5'],
        balance: 1013.5,
        house: 9986.5,
      },
      {
        title: 'locked, then lost',
        steps: [lock('b'), close('b', 'lost')],
        heard: ['b locked 0 990', 'b lost 0 990'],
        balance: 990,
        house: 10_010,
      },
      {
        title: 'locked, then void',
        steps: [lock('b'), close('b', 'void')],
        heard: ['b locked 0 990', 'b void 10 1000'],
        balance: 1000,
        house: 10_000,
      },
      {
        title: 'held, then void',
        steps: [close('b', 'void')],
        heard: ['b void 10 1000'],
        balance: 1000,
        house: 10_000,
      },
      { title: 'moved', steps: [moved('b')], heard: ['b void 10 1000'], balance: 1000, house: 10_000 },
      {
        title: 'locked twice',
        steps: [lock('b'), lock('b', 300), close('b', 'won')],
        heard: ['b locked 0 990', 'b won 23.5 1013.5'],
        balance: 1013.5,
        house: 9986.5,
      },
      {
        title: 'closed twice',
        steps: [lock('b'), close('b', 'won'), close('b', 'won'), close('b', 'lost'), close('b', 'void')],
        heard: ['b locked 0 990', 'b won 23.5 1013.5'],
        balance: 1013.5,
        house: 9986.5,
      },
      {
        title: 'moved, then locked and closed',
        steps: [moved('b'), lock('b'), close('b', 'won')],
        heard: ['b void 10 1000'],
        balance: 1000,
        house: 10_000,
      },
      {
        title: 'a payout is cut down to whole micro-dollars',
        steps: [lock('odd', 333), close('odd', 'won')],
        heard: ['odd locked 0 990', 'odd won 0.000009 990.000009'],
        balance: 990.000009,
        house: 9999.999994,
      },
    ];
    for (const { title, steps, heard, balance: had, house } of courses) {
      for (const [batching, together] of [
        ['one batch', true],
        ['batch by batch', false],
      ] as const) {
        test(`${title} (${batching})`, async () => {
          const books = await desk.start();
          const odd = title.startsWith('a payout');
          // 3 micro-dollars at 3.33 are 9.99: nine.
          const taps = odd
            ? [order('b', cellAt(0)), order('odd', cellAt(1), 0.000003)]
            : [order('b', cellAt(0))];
          await desk.commit(...opening('ada', odd ? 1000.000003 : 1000), place('n', taps));
          const results = together
            ? (await desk.commit(...steps)).results
            : (await Array.fromAsync(steps, async (step) => (await desk.commit(step)).results)).flat();
          expect(results.flatMap(settledOf)).toEqual([...heard]);
          expect([desk.balance(), books.bankroll('PLAY') / 1e6]).toEqual([had, house]);
        });
      }
    }

    test('a refunded tap may be tried again on the same cell, a lost one not', async () => {
      const books = await desk.start();
      await desk.commit(...opening('ada'), place('n1', [order('b1', cellAt(0))]), moved('b1'));
      expect(codesOf((await desk.commit(place('n2', [order('b2', cellAt(0))]))).results[0])).toEqual([
        'accepted',
      ]);
      await desk.commit(lock('b2'), close('b2', 'lost'));
      expect(codesOf((await desk.commit(place('n3', [order('b3', cellAt(0))]))).results[0])).toEqual([
        'duplicate_cell',
      ]);
      expect(
        books
          .bets('ada', 'closed', null, 10)
          .rows.map(({ id, status, voidReason }) => [id, status, voidReason]),
      ).toEqual([
        ['b2', 'lost', null],
        ['b1', 'void', 'moved'],
      ]);
    });

    test('a bet is told with everything that decided it', async () => {
      const books = await desk.start();
      await desk.commit(...opening('ada'), place('n', [order('b', cellAt(0))]), lock('b'), close('b', 'won'));
      expect(books.bet('b')).toMatchObject({
        status: 'won',
        locked: 235,
        lockedRevision: 9,
        payout: dollars(23.5),
        closedAt: NOON + 69_000,
        closedTick: 12,
        voidReason: null,
      });
      expect(books.ledgerOf('b').map(({ kind, amount, version }) => [kind, amount / 1e6, version])).toEqual([
        ['stake', -10, 2],
        ['payout', 23.5, 3],
      ]);
    });

    const bugs: readonly { readonly title: string; readonly step: Operation }[] = [
      { title: 'winning a held bet', step: close('b', 'won') },
      { title: 'losing a held bet', step: close('b', 'lost') },
      { title: 'closing a bet that was never placed', step: close('nothing', 'void') },
      {
        title: 'a tick that does not follow',
        step: {
          kind: 'record-ticks',
          ticks: [{ seq: 5, at: NOON, price: 6_000_000 as Cell['low'], sources: [] }],
        },
      },
      {
        title: 'half a micro-dollar',
        step: { kind: 'post-transfer', accountId: 'ada', amount: 0.5 as Micros, entry: 'deposit', at: NOON },
      },
      {
        title: 'no number',
        step: { kind: 'post-transfer', accountId: 'ada', amount: NaN as Micros, entry: 'deposit', at: NOON },
      },
      { title: 'the id of an earlier bet', step: place('n2', [order('b', cellAt(7))]) },
    ];
    for (const { title, step } of bugs) {
      test(`${title} fails the whole batch and all that follow; nothing of it is kept`, async () => {
        await desk.start();
        await desk.commit(...opening('ada'), place('n', [order('b', cellAt(0))]));
        const deposit: Operation = {
          kind: 'post-transfer',
          accountId: 'ada',
          amount: dollars(5),
          entry: 'deposit',
          at: NOON,
        };
        expect(await failureOf(desk.under.ledger.commitBatch([deposit, step], NOON))).toMatchObject({
          code: 'commit_unknown',
        });
        expect(await failureOf(desk.under.ledger.commitBatch([deposit], NOON))).toMatchObject({
          code: 'commit_unknown',
        });
        await desk.reopen();
        expect(desk.under.violations()).toEqual([]);
        expect(desk.balance()).toBe(990);
        await desk.commit(deposit);
        expect(desk.balance()).toBe(995);
      });
    }
  });
}
