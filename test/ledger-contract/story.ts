import { STAGES } from '../../server/game/learned/corrections.ts';
import { PRIOR_BOARDS } from '../../server/game/learned/learned-boards.ts';
import type { Cents } from '../../server/game/price.ts';
import type { Multiplier } from '../../server/game/money.ts';
import { dollars } from '../../server/game/money.ts';
import type { GridRevision } from '../../server/game/revision.ts';
import type { LedgerPort, Operation } from '../../server/ports/ledger.ts';
import { byHand, cellAt, NOON, opening, order, place } from './scenario.ts';

const ticks = (from: number, to: number): Operation => ({
  kind: 'record-ticks',
  ticks: Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index,
    at: NOON + (from + index) * 100,
    price: (6_000_000 + index) as Cents,
    sources: [
      { venue: 'coinbase', price: 6_000_000 as Cents },
      { venue: 'kraken', price: 6_000_001 as Cents },
    ],
  })),
});

const revision = (number: number, pause: GridRevision['pause'] = null): Operation => ({
  kind: 'record-revision',
  revision: {
    revision: number,
    at: NOON + number * 200,
    tickSeq: number,
    pause,
    inputs: {
      model: 1,
      spot: 6_000_000 as Cents,
      v10: 1.1,
      vf: 1e-9,
      cw: 2 / 3,
      edge: 0.05,
      margin: 0.004,
      haircut: 0,
      capHundredths: 2500,
      tickMs: 100,
    },
    columns: pause
      ? []
      : [
          { start: NOON + 60_000, windowMs: 5000, band: 1000, low: 5_990_000 as Cents, haircut: 0.02 },
          { start: NOON + 65_000, windowMs: 5000, band: 1000, low: 5_990_000 as Cents, haircut: 0 },
        ],
  },
});

/** Of a time from before all ticks: nothing can work it out again. */
const shadow = (number: number): Operation => ({
  kind: 'record-shadow',
  learned: PRIOR_BOARDS,
  block: {
    block: Math.floor(NOON / 300_000) - 20 + number,
    since: NOON - 8_000_000,
    simulated: false,
    boards: { windows: [5_000], rows: 16, rule: { version: 2, maxGapMs: 3_000 } },
    classes: [
      { key: 3, cells: 40, touched: 4, expected: 3_456_789 },
      { key: 900, cells: 2, touched: 0, expected: 0 },
    ],
    evidence: [{ key: 2, cells: 40, quoted: 37_000_123, paid: 1_240 }],
    offers: [{ key: 12, cells: 31, quoted: 28_000_001, paid: 930 }],
    learned: STAGES.map(({ classes }, stage) =>
      Array.from({ length: classes }, (_, index) => ({
        touched: index === 3 ? 4_000_000 : 0,
        expected: index === 3 ? 3_456_000 + stage : 0,
      })),
    ),
  },
});

const STORY: readonly (readonly Operation[])[] = [
  [
    ...opening('ada'),
    ...opening('ben', 50),
    { kind: 'open-account', accountId: 'cy', currency: 'USD', address: '0xC', grant: dollars(0), at: NOON },
  ],
  [
    ticks(1, 3),
    revision(1),
    { kind: 'post-transfer', accountId: 'cy', amount: dollars(20), entry: 'deposit', at: NOON },
    byHand(
      'credit',
      { what: 'transfer', accountId: 'ben', entry: 'adjustment', amount: dollars(15) },
      { approvedBy: 'Bo | half', reason: 'a stake | lost on 23 Nov: 100 %' },
    ),
  ],
  [
    place('n1', [order('won', cellAt(0)), 'quote_expired', order('lost', cellAt(1))]),
    place('n2', [order('moved', cellAt(2))]),
    place('n3', [order('gap', cellAt(0), 20), order('held', cellAt(3))], {
      accountId: 'ben',
      sessionId: 'ben-key',
    }),
  ],
  [ticks(4, 6), revision(2, 'shock'), shadow(1)],
  [
    place('n4', [order('filled', cellAt(4), 5, { filled: { multiplier: 333 as Multiplier, revision: 2 } })]),
    place('n5', [order('called', cellAt(5), 15)], { accountId: 'ben', sessionId: 'ben-key' }),
    {
      kind: 'lock-bets',
      at: NOON + 500,
      locks: [
        { betId: 'lost', multiplier: 190 as Multiplier, revision: 2 },
        { betId: 'won', multiplier: 235 as Multiplier, revision: 2 },
        { betId: 'moved', voidReason: 'moved', revision: 2 },
      ],
    },
  ],
  [
    {
      kind: 'close-bets',
      at: NOON + 70_000,
      closings: [
        { betId: 'won', outcome: 'won', tickSeq: 5, closedAt: NOON + 60_100 },
        { betId: 'lost', outcome: 'lost', tickSeq: 6, closedAt: NOON + 70_000 },
        { betId: 'gap', outcome: 'void', voidReason: 'gap', closedAt: NOON + 65_000 },
      ],
    },
    ticks(7, 7),
    shadow(2),
    byHand('off', { what: 'void-window', startMs: cellAt(5).startMs }),
  ],
];

/**
 * A little of everything: a bet in each state, orders of one and of several taps, ticks, revisions, both
 * currencies, two deeds of an operator. Two bets stay open: `held` and `filled`.
 */
export async function tellStory(ledger: LedgerPort): Promise<void> {
  for (const operations of STORY) await ledger.commitBatch(operations, NOON);
}
