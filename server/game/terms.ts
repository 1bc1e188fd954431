import { BETS_PER_CELL_BOUND, HAIRCUTS } from './exposure.ts';
import { HEADLINE_CAP, HEADLINE_EDGE } from './headline.ts';
import { FAST_MARKET_EDGE, FIRST_WEEKS, ORDINARY } from './formula.ts';
import { ACCOUNT_HOLD_MS_MAX } from './restriction.ts';
import { RULE_VERSION, type RuleVersion } from './path.ts';

/** What a price may be made with: edge and margin as shares, the highest multiplier in hundredths. */
export interface PriceTerms {
  readonly edge: number;
  readonly margin: number;
  readonly capHundredths: number;
}

/**
 * What a house has committed itself to, and what a receipt is checked against. A house records its terms in
 * the ledger chain when it starts with changed ones; they apply to bets placed from then on. Times in ms.
 */
export interface Terms {
  /** The rule that bets are taken under, and the odds model. */
  readonly rule: RuleVersion;
  readonly model: 1 | 2;
  /** Lengths of the windows of its boards, ascending; earlier terms have `windowMs` in their place. */
  readonly windows?: readonly number[];
  /** The only length of window of a house of before there were boards. */
  readonly windowMs?: number;
  readonly tickMs: number;
  readonly quoteEveryTicks: number;
  readonly maxGapMs: number;
  readonly holdMs: number;
  /** The longest hold of a single account, by an operator; earlier terms have none. */
  readonly accountHoldMsMax?: number;
  readonly quoteTtlMs: number;
  readonly quoteTolerancePercent: number;
  /** Venues of a live price, and how many of them make one. */
  readonly venues: readonly string[];
  readonly quorum: number;
  /** Sources of a simulated price: one of them alone makes it. */
  readonly simulatedVenues: readonly string[];
  /** What a revision may name; in model 2, ranges of multipliers that are not certified add to it. */
  readonly prices: readonly PriceTerms[];
  /** What a fast market adds to the edge. */
  readonly fastEdge: number;
  /**
   * Around an entry of the news calendar: what is added to the edge, and the highest multiplier, hundredths.
   * Terms of before there was a calendar have neither.
   */
  readonly newsEdge?: number;
  readonly newsCapHundredths?: number;
  /** Shares that exposure may take off the multipliers of a column. */
  readonly haircuts: readonly number[];
  /** Bets of one account on one cell that were not refunded; where earlier terms have none, one. */
  readonly betsPerCellMax?: number;
}

/** Terms with the commit that wrote them down: they hold for bets of that commit and later ones. */
export interface PublishedTerms {
  readonly batch: number;
  readonly at: number;
  readonly terms: Terms;
}

/** Lengths of the windows that bets may be on, ms. */
export const windowsOf = ({ windows, windowMs }: Pick<Terms, 'windows' | 'windowMs'>): readonly number[] =>
  windows ?? (windowMs === undefined ? [] : [windowMs]);

/** What follows from the code, whatever the settings are. */
export const FIXED_TERMS = {
  rule: RULE_VERSION,
  model: 2,
  simulatedVenues: ['walk', 'replay'],
  prices: [ORDINARY, { ...FIRST_WEEKS, margin: ORDINARY.margin }],
  fastEdge: FAST_MARKET_EDGE,
  accountHoldMsMax: ACCOUNT_HOLD_MS_MAX,
  newsEdge: HEADLINE_EDGE,
  newsCapHundredths: HEADLINE_CAP,
  haircuts: HAIRCUTS,
} as const satisfies Partial<Terms>;

/**
 * The terms of a house with default settings: what a receipt is checked against if nobody says what its house
 * has published.
 */
export const DEFAULT_TERMS: Terms = {
  ...FIXED_TERMS,
  windows: [2000, 5000, 15_000],
  tickMs: 100,
  quoteEveryTicks: 2,
  maxGapMs: 3000,
  holdMs: 400,
  quoteTtlMs: 2000,
  quoteTolerancePercent: 3,
  venues: ['coinbase', 'kraken', 'bitstamp'],
  quorum: 2,
  betsPerCellMax: 5,
};

/** The same of a house from before odds model 2. */
export const DEFAULT_TERMS_OF_MODEL_1: Terms = {
  ...DEFAULT_TERMS,
  model: 1,
  prices: [ORDINARY, FIRST_WEEKS],
  betsPerCellMax: 1,
};

/** Bets of one account on one cell under such terms; where none were ever published, as many as anywhere. */
export const betsPerCell = (terms: Pick<Terms, 'betsPerCellMax'> | undefined): number =>
  terms === undefined ? BETS_PER_CELL_BOUND : (terms.betsPerCellMax ?? 1);

/**
 * The terms under which a bet was placed: the newest that were written down by its commit. For bets from
 * before the first ones those count.
 * @param published in their order.
 */
export const termsFor = (batch: number, published: readonly PublishedTerms[]): PublishedTerms | undefined =>
  published.findLast((one) => one.batch <= batch) ?? published[0];
