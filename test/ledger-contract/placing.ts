import { describe, expect, test } from 'bun:test';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import type { RejectionCode } from '../../server/game/rejection.ts';
import type { BetOrder, Operation, PlaceBets } from '../../server/ports/ledger.ts';
import {
  cellAt,
  codesOf,
  limit,
  NOON,
  opening,
  order,
  place,
  SETTING,
  type Desk,
  type LedgerSetting,
} from './scenario.ts';

interface Case {
  readonly setting?: Partial<LedgerSetting>;
  readonly before?: readonly Operation[];
  readonly tap?: BetOrder;
  readonly over?: Partial<PlaceBets>;
}

export function placingContract(desk: Desk): void {
  describe('placing', () => {
    const refusals: readonly (Case & { readonly code: RejectionCode })[] = [
      { code: 'daily_cap', over: { dailyCap: dollars(9) } },
      {
        code: 'daily_cap',
        before: [place('n0', [order('b0', cellAt(9), 10)])],
        over: { dailyCap: dollars(19) },
      },
      { code: 'duplicate_cell', before: [place('n0', [order('b0', cellAt(0))])] },
      {
        code: 'too_many_on_cell',
        setting: { caps: { ...SETTING.caps, betsPerCellMax: 2 } },
        before: [place('n0', [order('b0', cellAt(0)), order('b1', cellAt(0))])],
      },
      {
        code: 'too_many_open_bets',
        before: [
          place(
            'n0',
            [1, 2, 3, 4, 5].map((column) => order(`b${column}`, cellAt(column))),
          ),
        ],
      },
      { code: 'daily_loss_limit', before: [limit({ dailyLoss: dollars(9) })] },
      { code: 'account_paused', before: [limit({ pause: 'day' })] },
      { code: 'exposure_account', setting: { caps: { ...SETTING.caps, accountShare: 0.0039 } } },
      { code: 'exposure_cell', setting: { caps: { ...SETTING.caps, cellShare: 0.0029 } } },
      { code: 'exposure_column', setting: { caps: { ...SETTING.caps, columnShare: 0.0029 } } },
      { code: 'exposure_total', setting: { caps: { ...SETTING.caps, totalShare: 0.0029 } } },
      { code: 'exposure_account', setting: { bankrolls: { PLAY: dollars(0), USD: dollars(0) } } },
      { code: 'insufficient_balance', tap: order('b', cellAt(0), 1001), over: { dailyCap: dollars(9999) } },
      { code: 'quote_expired', over: { at: NOON - 2001 } },
      { code: 'column_locked', tap: order('b', cellAt(-12)) },
      { code: 'unauthenticated', over: { accountId: 'nobody' } },
      { code: 'unauthenticated', over: { sessionId: 'no-key' } },
    ];
    for (const [
      index,
      { code, setting, before = [], tap = order('b', cellAt(0)), over },
    ] of refusals.entries()) {
      test(`${index + 1}: refuses by ${code} and leaves no trace`, async () => {
        const books = await desk.start(setting);
        const first = await desk.commit(...opening('ada'), ...before);
        const had = desk.balance();
        const { results, batch } = await desk.commit(place('n', [tap], over));
        expect(codesOf(results[0])).toEqual([code]);
        expect(desk.balance()).toBe(had);
        expect(books.bet('b')).toBeNull();
        expect(batch).toBe(first.batch);
      });
    }

    const precedence: readonly (Case & { readonly first: RejectionCode; readonly then: RejectionCode })[] = [
      {
        first: 'account_paused',
        then: 'daily_cap',
        before: [limit({ pause: 'day' })],
        over: { dailyCap: dollars(9) },
      },
      {
        first: 'daily_cap',
        then: 'duplicate_cell',
        before: [place('n0', [order('b0', cellAt(0))])],
        over: { dailyCap: dollars(10) },
      },
      {
        first: 'duplicate_cell',
        then: 'too_many_open_bets',
        before: [
          place(
            'n0',
            [0, 1, 2, 3, 4].map((column) => order(`b${column}`, cellAt(column))),
          ),
        ],
      },
      {
        first: 'too_many_open_bets',
        then: 'daily_loss_limit',
        before: [
          place(
            'n0',
            [1, 2, 3, 4, 5].map((column) => order(`b${column}`, cellAt(column))),
          ),
          limit({ dailyLoss: dollars(1) }),
        ],
      },
      {
        first: 'daily_loss_limit',
        then: 'exposure_account',
        setting: { caps: { ...SETTING.caps, accountShare: 0 } },
        before: [limit({ dailyLoss: dollars(1) })],
      },
      {
        first: 'daily_loss_limit',
        then: 'insufficient_balance',
        before: [limit({ dailyLoss: dollars(1) })],
        tap: order('b', cellAt(0), 1001),
      },
      {
        first: 'exposure_total',
        then: 'insufficient_balance',
        setting: { caps: { ...SETTING.caps, totalShare: 0.0001 } },
        tap: order('b', cellAt(0), 1001),
      },
    ];
    for (const { first, then, setting, before = [], tap = order('b', cellAt(0)), over } of precedence) {
      test(`${first} comes before ${then}`, async () => {
        await desk.start(setting);
        await desk.commit(...opening('ada'), ...before);
        const { results } = await desk.commit(place('n', [tap], over));
        expect(codesOf(results[0])).toEqual([first]);
      });
    }

    test('an accepted tap deducts its stake at once and is held with all that was ordered', async () => {
      const books = await desk.start();
      await desk.commit(...opening('ada'));
      const { results } = await desk.commit(place('n', [order('b', cellAt(3, 2), 25)]));
      expect(results).toEqual([
        {
          kind: 'placed',
          replayed: false,
          results: [
            {
              status: 'accepted',
              betId: 'b',
              multiplier: 200 as Multiplier,
              lockAt: NOON + 400,
              balance: dollars(975),
            },
          ],
          balance: dollars(975),
        },
      ]);
      expect(books.bet('b')).toEqual({
        id: 'b',
        accountId: 'ada',
        currency: 'PLAY',
        simulated: true,
        cell: cellAt(3, 2),
        stake: dollars(25),
        shown: 200 as Multiplier,
        shownRevision: 7,
        guardPercent: 80,
        placedAt: NOON,
        rule: 2,
        lockAt: NOON + 400,
        locked: null,
        lockedRevision: null,
        status: 'placed',
        payout: dollars(0),
        closedAt: null,
        closedTick: null,
        voidReason: null,
      });
      expect(books.account('ada')).toMatchObject({ balance: dollars(975), openStake: dollars(25) });
      expect(books.intentOf('b')).toEqual({
        accountId: 'ada',
        sessionId: 'ada-key',
        nonce: 'n',
        at: NOON,
        text: 'order n',
        signature: 'signed n',
        publicKey: 'key of ada',
        idx: 0,
      });
    });

    test('without a hold a bet is locked from the start', async () => {
      const books = await desk.start();
      await desk.commit(
        ...opening('ada'),
        place('n', [order('b', cellAt(0), 10, { filled: { multiplier: 210 as Multiplier, revision: 8 } })]),
      );
      expect(books.bet('b')).toMatchObject({ status: 'locked', locked: 210, lockedRevision: 8 });
    });

    test('a cell takes as many bets as allowed, in one order or in several, also after a restart; a refund frees its place', async () => {
      const caps = { ...SETTING.caps, betsPerCellMax: 3 };
      const books = await desk.start({ caps });
      const { results } = await desk.commit(
        ...opening('ada'),
        place('n1', [order('b1', cellAt(0)), order('b2', cellAt(0)), order('c', cellAt(0, 1))]),
        place('n2', [order('b3', cellAt(0), 25)]),
        place('n3', [order('b4', cellAt(0))]),
      );
      expect(results.slice(2).map(codesOf)).toEqual([
        ['accepted', 'accepted', 'accepted'],
        ['accepted'],
        ['too_many_on_cell'],
      ]);
      // Two lines of one order are alike: each bet says which was its own.
      expect(['b1', 'b2', 'c'].map((id) => books.intentOf(id)?.idx)).toEqual([0, 1, 2]);
      // What was sent before is not sent again.
      const again = await desk.commit(place('n2', [order('b3', cellAt(0), 25)]));
      expect(again.results[0]).toMatchObject({ replayed: true, results: [{ betId: 'b3' }] });
      await desk.reopen();
      const after = (nonce: string) => desk.commit(place(nonce, [order(nonce, cellAt(0))]));
      expect(codesOf((await after('b5')).results[0])).toEqual(['too_many_on_cell']);
      await desk.commit({
        kind: 'lock-bets',
        locks: [{ betId: 'b2', voidReason: 'moved', revision: 9 }],
        at: NOON + 400,
      });
      expect(codesOf((await after('b6')).results[0])).toEqual(['accepted']);
      expect(codesOf((await after('b7')).results[0])).toEqual(['too_many_on_cell']);
      expect(desk.balance()).toBe(1000 - 10 - 10 - 25 - 10);
    });

    test('a tap that fails spoils neither its order nor its batch', async () => {
      const books = await desk.start();
      const { results } = await desk.commit(
        ...opening('ada', 25),
        ...opening('ben', 5),
        place('n1', [
          order('b1', cellAt(0)),
          'quote_expired',
          order('b2', cellAt(0)),
          order('b3', cellAt(1)),
          order('b4', cellAt(2)),
        ]),
        place('n2', [order('c1', cellAt(0))], { accountId: 'ben', sessionId: 'ben-key' }),
        place('n3', [order('c2', cellAt(0), 5)], { accountId: 'ben', sessionId: 'ben-key' }),
      );
      expect(codesOf(results[4])).toEqual([
        'accepted',
        'quote_expired',
        'duplicate_cell',
        'accepted',
        'insufficient_balance',
      ]);
      expect(codesOf(results[5])).toEqual(['insufficient_balance']);
      expect(codesOf(results[6])).toEqual(['accepted']);
      expect([desk.balance('ada'), desk.balance('ben')]).toEqual([5, 0]);
      expect(books.openBets().map(({ id }) => id)).toEqual(['b1', 'b3', 'c2']);
    });
  });
}
