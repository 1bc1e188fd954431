import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ExposureBook, haircutFor, type Stake } from './exposure.ts';
import { cellId } from './grid.ts';
import { dollars, multiplier } from './money.ts';
import type { Cents } from './price.ts';

const CAPS = {
  cellShare: 0.005,
  columnShare: 0.01,
  totalShare: 0.05,
  accountShare: 0.002,
  openBetsMax: 3,
  betsPerCellMax: 1,
};
const BANK = dollars(100_000);
const at = (column: number, row: number) => ({
  startMs: column * 5_000,
  windowMs: 5_000,
  cell: cellId({
    startMs: column * 5_000,
    windowMs: 5_000,
    low: (100 + row) as Cents,
    high: (101 + row) as Cents,
  }),
});
let id = 0;
const stake = (more: Partial<Stake> = {}): Stake => ({
  betId: String(id++),
  accountId: 'a',
  currency: 'PLAY',
  ...at(1, 1),
  stake: dollars(10),
  multiplier: multiplier(300),
  ...more,
});

describe('ExposureBook', () => {
  const rows: readonly [name: string, held: Stake[], asked: Stake, code: string | null][] = [
    ['nothing held', [], stake(), null],
    ['the same cell again', [stake()], stake(), null],
    ['the same cell of another account', [stake({ accountId: 'b' })], stake(), null],
    [
      'as many open bets as allowed',
      [1, 2, 3].map((row) => stake({ ...at(1, row) })),
      stake({ ...at(1, 9) }),
      'too_many_open_bets',
    ],
    [
      'payout of one account just at 0.2 %',
      [stake({ stake: dollars(100), multiplier: multiplier(100) })],
      stake({ ...at(2, 1), stake: dollars(10), multiplier: multiplier(1000) }),
      null,
    ],
    [
      'payout of one account above 0.2 %',
      [stake({ stake: dollars(100), multiplier: multiplier(101) })],
      stake({ ...at(2, 1), stake: dollars(10), multiplier: multiplier(1000) }),
      'exposure_account',
    ],
    [
      'another board with a column that opens then: it is another column',
      [0, 1].flatMap((n) =>
        [1, 2, 3].map((row) =>
          stake({
            accountId: `c${n}${row}`,
            ...at(1, 10 * n + row),
            stake: dollars(80),
            multiplier: multiplier(300),
          }),
        ),
      ),
      stake({
        startMs: 5_000,
        windowMs: 15_000,
        cell: cellId({ startMs: 5_000, windowMs: 15_000, low: 100 as Cents, high: 101 as Cents }),
      }),
      null,
    ],
    [
      'the same column',
      [0, 1].flatMap((n) =>
        [1, 2, 3].map((row) =>
          stake({
            accountId: `c${n}${row}`,
            ...at(1, 10 * n + row),
            stake: dollars(80),
            multiplier: multiplier(300),
          }),
        ),
      ),
      stake({ ...at(1, 30), stake: dollars(30) }),
      'exposure_column',
    ],
    [
      'one cell sold out',
      [0, 1, 2, 3].map((n) => stake({ accountId: `b${n}`, stake: dollars(60), multiplier: multiplier(300) })),
      stake({ multiplier: multiplier(400) }),
      'exposure_cell',
    ],
    [
      'one column sold out',
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
        stake({ accountId: `b${n}`, ...at(1, n), stake: dollars(60), multiplier: multiplier(300) }),
      ),
      stake({ ...at(1, 9), multiplier: multiplier(600) }),
      'exposure_column',
    ],
    [
      'another column is free',
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
        stake({ accountId: `b${n}`, ...at(1, n), stake: dollars(60), multiplier: multiplier(300) }),
      ),
      stake({ ...at(2, 9), multiplier: multiplier(600) }),
      null,
    ],
    [
      'all columns together sold out',
      Array.from({ length: 41 }, (_, n) =>
        stake({ accountId: `b${n}`, ...at(n, 1), stake: dollars(60), multiplier: multiplier(300) }),
      ),
      stake({ ...at(90, 9), multiplier: multiplier(1000) }),
      'exposure_total',
    ],
    [
      'the other currency does not count',
      Array.from({ length: 41 }, (_, n) =>
        stake({
          currency: 'USD',
          accountId: `b${n}`,
          ...at(n, 1),
          stake: dollars(60),
          multiplier: multiplier(300),
        }),
      ),
      stake({ ...at(90, 9) }),
      null,
    ],
  ];
  for (const [name, held, asked, code] of rows)
    test(`${name}: ${code ?? 'accepted'}`, () => {
      const book = new ExposureBook(CAPS);
      for (const one of held) book.add(one);
      expect(book.check(asked, BANK)).toBe(code as ReturnType<typeof book.check>);
    });

  test('without a bank nothing is sold', () => {
    expect(new ExposureBook(CAPS).check(stake(), dollars(0))).toBe('exposure_account');
  });

  test('removing all that was added leaves nothing', () => {
    const one = fc.record({
      account: fc.integer({ min: 0, max: 3 }),
      column: fc.integer({ min: 0, max: 4 }),
      row: fc.integer({ min: 0, max: 99 }),
      dollars: fc.integer({ min: 1, max: 100 }),
      times: fc.integer({ min: 101, max: 2500 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, {
          maxLength: 40,
          selector: ({ account, column, row }) => `${account} ${column} ${row}`,
        }),
        (wanted) => {
          const book = new ExposureBook(CAPS);
          const stakes = wanted.map(({ account, column, row, dollars: whole, times }) =>
            stake({
              accountId: `a${account}`,
              ...at(column, row),
              stake: dollars(whole),
              multiplier: multiplier(times),
            }),
          );
          const holdings = stakes.map((each) => book.add({ ...each, multiplier: multiplier(2500) }));
          holdings.forEach((holding, index) => book.reprice(holding, stakes[index]!.multiplier));
          const alone = new ExposureBook(CAPS);
          for (const each of stakes) alone.add(each);
          expect([book.totalRisk('PLAY'), book.columns('PLAY')]).toEqual([
            alone.totalRisk('PLAY'),
            alone.columns('PLAY'),
          ]);
          expect(book.totalRisk('PLAY')).toBe(
            [...book.columns('PLAY').values()].reduce((sum, risk) => sum + risk, 0),
          );
          for (const holding of holdings) book.remove(holding);
          expect([book.totalRisk('PLAY'), book.columns('PLAY').size, book.openBets('a0')]).toEqual([0, 0, 0]);
          expect(book.check(stake(), BANK)).toBeNull();
        },
      ),
    );
  });

  test('the haircut grows with what is used of the column', () => {
    expect([0, 0.49, 0.5, 0.75, 0.9, 2].map(haircutFor)).toEqual([0, 0, 0.02, 0.05, 0.1, 0.1]);
  });
});
