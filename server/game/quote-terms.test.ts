import { describe, expect, test } from 'bun:test';
import { EDGE, FAST_MARKET_EDGE, FIRST_WEEKS, MARGIN, priceOf, type FormulaInputs } from './formula.ts';
import { cellOfRow } from './grid.ts';
import { HEADLINE_CAP, HEADLINE_EDGE } from './headline.ts';
import { UNCORRECTED } from './learned/corrections.ts';
import { GATE_BUCKETS, type BucketTerms } from './learned/gate.ts';
import type { LearnedInputs } from './learned/learned-quote.ts';
import { burstEdge } from './learned/sale.ts';
import { cents } from './price.ts';
import { usedTerms, WIDEST_MARGINS } from './quote-terms.ts';
import { lockedQuote, type GridRevision } from './revision.ts';

const AT = 1_780_000_000_000;
const COLUMN = { start: AT + 10_000, windowMs: 5_000, band: 1_000, low: cents(6_992_000), haircut: 0.02 };
const common = { spot: cents(7_000_000), v10: 1, vf: 0, cw: 0.65, haircut: 0, tickMs: 100 };
const learnedBy = (terms: BucketTerms, edge: number, capHundredths = 2_500): LearnedInputs => ({
  ...{ ...common, model: 2, edge, margin: MARGIN, capHundredths, scaleBp: 0.8, drift: 1 },
  learned: { version: 7, corrections: UNCORRECTED, buckets: GATE_BUCKETS.map(() => terms) },
});
const unproven = { trust: 'provisional', halfWidth: 0.2 } as const;
const proven = { trust: 'certified', halfWidth: 0.02 } as const;
const locked = (inputs: GridRevision['inputs'], row: number, headline?: number) =>
  lockedQuote(
    {
      ...{ revision: 3, at: AT, tickSeq: 9, inputs, columns: [COLUMN], pause: null },
      ...(headline !== undefined && { headline }),
    },
    cellOfRow(COLUMN, row, 5_000),
  );
const NONE = { fast: 0, news: 0, cold: 0 };

describe('the terms that made a multiplier', () => {
  test.each([
    ['proven', learnedBy(proven, EDGE), undefined, { edge: 0.05, margin: 0.004, trust: 'certified' }, {}],
    ['not proven', learnedBy(unproven, EDGE), undefined, { edge: 0.13, margin: 0.008 }, {}],
    [
      'not proven, in a burst',
      learnedBy(unproven, EDGE + FAST_MARKET_EDGE),
      undefined,
      { edge: 0.18, margin: 0.008 },
      { fast: 0.05 },
    ],
    [
      'not proven, around news',
      learnedBy(unproven, EDGE + HEADLINE_EDGE, HEADLINE_CAP),
      AT,
      { edge: 0.23, margin: 0.008 },
      { news: 0.1 },
    ],
    [
      'closed meanwhile, cold, in a burst, around news',
      learnedBy({ trust: 'closed', halfWidth: 0.2 }, FIRST_WEEKS.edge + FAST_MARKET_EDGE + HEADLINE_EDGE),
      AT,
      { edge: 0.29, margin: 0.008, trust: 'closed' },
      { fast: 0.05, news: 0.1, cold: 0.01 },
    ],
    [
      'model 1, in a fast market and around news',
      { ...common, model: 1, edge: 0.2, margin: MARGIN, capHundredths: 500 } satisfies FormulaInputs,
      AT,
      { edge: 0.2, margin: 0.004, trust: null },
      { fast: 0.05, news: 0.1 },
    ],
  ] as const)('%s', (_, inputs, headline, terms, parts) => {
    for (let row = 0; row < 16; row++) {
      const quote = locked(inputs, row, headline);
      const used = usedTerms(quote);
      expect(used).toEqual({ trust: 'provisional', ...NONE, ...terms, ...parts });
      // The formula with these very terms gives the multiplier.
      const price = priceOf(quote.probability, { ...used, haircut: quote.haircut });
      expect(quote.multiplier).toBe(Math.min(price, quote.capHundredths) as never);
      expect(used.edge).toBeLessThanOrEqual(WIDEST_MARGINS.edge + 1e-12);
      expect(used.margin).toBeLessThanOrEqual(WIDEST_MARGINS.margin);
    }
  });

  test('a burst adds no more than a fast market: the widest edge is that of both', () => {
    expect(burstEdge(9, 9)).toBeLessThanOrEqual(FAST_MARKET_EDGE);
    expect(WIDEST_MARGINS.edge).toBeCloseTo(0.29, 12);
  });
});
