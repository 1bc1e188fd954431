import { EDGE, FAST_MARKET_EDGE, FIRST_WEEKS, termsOfMargin } from './formula.ts';
import { HEADLINE_EDGE } from './headline.ts';
import type { Trust } from './learned/gate.ts';
import { UNPROVEN_MARGINS, usedMargins } from './learned/sale.ts';
import type { QuotedTerms } from './returns.ts';
import type { QuoteRecord } from './revision.ts';

/** The edge and margin that made the multiplier of a quote, and where they come from; all are shares. */
export interface UsedTerms extends QuotedTerms {
  /** What its range of multipliers had earned; null in model 1, which knows no ranges. */
  readonly trust: Trust | null;
  /** What is in the edge because of a fast market or a burst, of news, of an estimate that is not warm. */
  readonly fast: number;
  readonly news: number;
  readonly cold: number;
}

/** What the formula really took: in model 2 the margins of the range replace the ordinary ones. */
export function usedTerms(quote: QuoteRecord): UsedTerms {
  const { probability, learned, headline } = quote;
  const isLearned = quote.model === 2 && learned !== undefined;
  const base = isLearned ? EDGE : termsOfMargin(quote.margin).edge;
  const added = tidy(quote.edge - base);
  const news = headline === undefined ? 0 : HEADLINE_EDGE;
  const fast = tidy(added - news) >= FAST_MARKET_EDGE ? FAST_MARKET_EDGE : 0;
  const parts = { fast, news, cold: tidy(added - news - fast) };
  if (!isLearned) return { edge: tidy(quote.edge), margin: quote.margin, trust: null, ...parts };
  const { trust, edge, margin } = usedMargins(probability, learned.buckets, quote.edge - EDGE);
  return { edge: tidy(edge), margin, trust, ...parts };
}

/** Nothing is ever sold by a wider edge and margin: not proven, cold, in a burst and around news. */
export const WIDEST_MARGINS: QuotedTerms = {
  edge: UNPROVEN_MARGINS.edge + (FIRST_WEEKS.edge - EDGE) + FAST_MARKET_EDGE + HEADLINE_EDGE,
  margin: UNPROVEN_MARGINS.margin,
};

/** Without the last digits of sums of binary fractions; half widths have four. */
const tidy = (share: number): number => Number(share.toFixed(9)) + 0;
