import type { ExposureCaps } from '../../server/game/exposure.ts';
import type { Cell } from '../../server/game/grid.ts';
import type { OperatorDeed, OperatorOrder } from '../../server/game/operator.ts';
import { type Currency, dollars, type Micros, multiplier } from '../../server/game/money.ts';
import type { LimitsChange } from '../../server/game/own-limits.ts';
import type { Books } from '../../server/ports/books.ts';
import type {
  BetOrder,
  Commit,
  LedgerPort,
  Operation,
  OperationResult,
  PlaceBets,
  TapResult,
} from '../../server/ports/ledger.ts';

/** A ledger under test with the books that show what it did. `reopen` starts again from what is durable. */
export interface LedgerUnderTest {
  readonly ledger: LedgerPort;
  readonly books: Books;
  /** Sentences on what is wrong with the rows; empty when there is nothing wrong. */
  violations(): readonly string[];
  reopen(): Promise<LedgerUnderTest>;
  close(): Promise<void>;
}

export interface LedgerSetting {
  readonly caps: ExposureCaps;
  readonly bankrolls: Readonly<Record<Currency, Micros>>;
}

export const MIDNIGHT = Date.UTC(2026, 10, 24);
export const NOON = MIDNIGHT - 43_200_000;
const WINDOW_MS = 5000;
export const SETTING: LedgerSetting = {
  caps: {
    cellShare: 0.5,
    columnShare: 0.8,
    totalShare: 1,
    accountShare: 1,
    openBetsMax: 5,
    betsPerCellMax: 1,
  },
  bankrolls: { PLAY: dollars(10_000), USD: dollars(0) },
};

export const cellAt = (column: number, row = 0): Cell => ({
  startMs: NOON + 60_000 + column * WINDOW_MS,
  windowMs: WINDOW_MS,
  low: (6_000_000 + row * 1000) as Cell['low'],
  high: (6_001_000 + row * 1000) as Cell['high'],
});

export const order = (betId: string, cell: Cell, stake = 10, over: Partial<BetOrder> = {}): BetOrder => ({
  betId,
  cell,
  stake: dollars(stake),
  shown: multiplier(200),
  shownRevision: 7,
  guardPercent: 80,
  lockAt: NOON + 400,
  filled: null,
  multiplierMax: multiplier(400),
  ...over,
});

export const place = (nonce: string, taps: PlaceBets['taps'], over: Partial<PlaceBets> = {}): PlaceBets => ({
  kind: 'place-bets',
  accountId: 'ada',
  sessionId: 'ada-key',
  currency: 'PLAY',
  simulated: true,
  rule: 2,
  nonce,
  text: `order ${nonce}`,
  signature: `signed ${nonce}`,
  taps,
  dailyCap: dollars(5000),
  at: NOON,
  ...over,
});

/** A change of Ada's own limits. */
export const limit = (change: LimitsChange, at = NOON): Operation => ({
  kind: 'change-limits',
  accountId: 'ada',
  change,
  at,
});

/** What an operator orders. */
export const byHand = (id: string, deed: OperatorDeed, over: Partial<OperatorOrder> = {}): Operation => ({
  kind: 'operate',
  at: NOON + 200,
  order: { id, operator: 'Ann', approvedBy: null, reason: 'because it is so', deed, ...over },
});

export const opening = (id: string, grant = 1000): readonly Operation[] => [
  { kind: 'open-account', accountId: id, currency: 'PLAY', address: null, grant: dollars(grant), at: NOON },
  {
    kind: 'start-session',
    session: {
      id: `${id}-key`,
      accountId: id,
      currency: 'PLAY',
      tokenHash: `token of ${id}`,
      publicKey: `key of ${id}`,
      stakeMax: dollars(100),
      dailyCap: dollars(5000),
      createdAt: NOON,
      expiresAt: NOON + 43_200_000,
      seenAt: NOON,
    },
  },
];

export const tapsOf = (result: OperationResult | undefined): readonly TapResult[] => {
  if (result?.kind !== 'placed') throw new Error(`not placed but ${JSON.stringify(result)}`);
  return result.results;
};
export const codesOf = (result: OperationResult | undefined): readonly string[] =>
  result?.kind === 'refused'
    ? [result.code]
    : tapsOf(result).map((tap) => (tap.status === 'rejected' ? tap.code : 'accepted'));
export const settledOf = (result: OperationResult | undefined): readonly string[] => {
  if (result?.kind !== 'settled') throw new Error(`not settled but ${JSON.stringify(result)}`);
  return result.bets.map(
    ({ betId, status, payout, balance }) => `${betId} ${status} ${payout / 1e6} ${balance / 1e6}`,
  );
};

/**
 * What a promise was rejected with. Not `expect().rejects`, which waits in a way that lets no answer of a
 * Worker in.
 */
export const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** One test's ledger. */
export interface Desk {
  start(setting?: Partial<LedgerSetting>): Promise<Books>;
  /** Starts again from what is durable. */
  reopen(): Promise<Books>;
  readonly under: LedgerUnderTest;
  /** Commits, and asserts that nothing is wrong with the rows after it. */
  commit(...operations: readonly Operation[]): Promise<Commit>;
  /** Dollars of an account, Ada's unless told. */
  balance(id?: string): number;
}
