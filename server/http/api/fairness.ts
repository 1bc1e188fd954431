import { Type } from '@sinclair/typebox';
import { CURRENCIES, type Currency as CurrencyCode } from '../../game/money.ts';
import { AllCellsShape } from '../all-cells.ts';
import { endpoint } from '../endpoint.ts';
import { ok, publicFor } from '../reply.ts';
import { CONFIDENCE, fairnessOf } from '../returns.ts';
import { amount, count, Currency, hundredths, oneOf, orNull, time } from '../shape.ts';
import { HEAD_STARTS_EXAMPLE, HeadStartsShape } from './head-starts.ts';

const CACHE_SECONDS = 5;

const share = (description: string) => Type.Number({ description: `${description}; 1 is the whole stake` });

const BucketShape = Type.Object({
  from: hundredths('Locked multiplier at least'),
  to: hundredths('Locked multiplier below'),
  bets: count('Closed bets, without refunded ones'),
  staked: amount('Sum of their stakes'),
  paid: amount('Sum of their payouts'),
  realised: orNull(share('Mean return of a bet')),
  low: orNull(share('Lower end of the 95 % confidence interval of realised')),
  high: orNull(share('Upper end of it')),
  quoted: share(
    'Mean return that their multipliers promise in ordinary times, at the margins of now: without what a ' +
      'burst or news added to the edge, and without haircuts; without bets, that of the middle of the range',
  ),
});

const FairnessShape = Type.Object({
  at: time('When it was counted'),
  currency: Currency,
  simulated: Type.Boolean({ description: 'Prices are recorded or synthetic now' }),
  buckets: Type.Array(BucketShape),
  confidence: Type.String({ description: 'How the interval is computed' }),
  allCells: AllCellsShape,
  headStarts: HeadStartsShape,
  voids: Type.Record(Type.String(), count('Bets whose stake came back')),
  refusals: Type.Record(Type.String(), count('Taps refused since start')),
  accepted: count('Taps accepted since start'),
  latency: Type.Object({
    count: count('Orders measured since start'),
    p50: Type.Number({ description: 'ms' }),
    p95: Type.Number({ description: 'ms' }),
    p99: Type.Number({ description: 'ms' }),
  }),
});

/** Of one board. */
const ALL_CELLS_EXAMPLE = {
  windowMs: 5_000,
  from: 1_780_876_800_000,
  to: 1_781_481_600_000,
  all: { cells: 2_300_000, quoted: 0.914, realised: 0.912, d: -0.002, h: 0.011 },
  buckets: [
    {
      from: 105,
      to: 150,
      cells: 210_000,
      quoted: 0.942,
      realised: 0.946,
      d: 0.004,
      h: 0.012,
      earned: 'certified' as const,
      closedBecause: null,
      evidence: { cells: 212_000, quoted: 0.942, realised: 0.946, d: 0.004, h: 0.012 },
    },
    {
      from: 1000,
      to: 2501,
      cells: 0,
      quoted: null,
      realised: null,
      d: null,
      h: null,
      earned: 'closed' as const,
      closedBecause: 'unproven' as const,
      evidence: { cells: 96_000, quoted: 0.891, realised: 0.87, d: -0.021, h: 0.062 },
    },
  ],
  leads: [{ belowMs: 10_000, cells: 80_000, quoted: 0.931, realised: 0.928, d: -0.003, h: 0.02 }],
  hours: [{ hour: 14, cells: 96_000, quoted: 0.912, realised: 0.915, d: 0.003, h: 0.03 }],
};

const EXAMPLE = {
  at: 1_781_481_600_000,
  currency: 'PLAY',
  simulated: false,
  buckets: [
    {
      from: 105,
      to: 200,
      bets: 1200,
      staked: 6_000_000_000,
      paid: 5_640_000_000,
      realised: 0.94,
      low: 0.9,
      high: 0.98,
      quoted: 0.946571,
    },
  ],
  confidence: CONFIDENCE,
  allCells: { ...ALL_CELLS_EXAMPLE, boards: [{ name: 'normal', ...ALL_CELLS_EXAMPLE }] },
  headStarts: HEAD_STARTS_EXAMPLE,
  voids: { gap: 3, moved: 41 },
  refusals: { column_locked: 17, quote_expired: 5 },
  accepted: 5120,
  latency: { count: 4980, p50: 1.9, p95: 4.2, p99: 6.1 },
};

export const fairness = endpoint({
  method: 'GET',
  path: '/api/v1/fairness',
  title: 'Check the house',
  about:
    'For each range of multipliers, the realised return of closed bets and the return the odds are built ' +
    'for (normal market, no haircut), at the margins of now; what all cells of the board promised and ' +
    'paid, why a range takes no bets; how far exchanges run ahead of the price; refunds by reason, ' +
    'refusals by code, and tap latency in ms.',
  access: 'open',
  query: Type.Object({ currency: Type.Optional(oneOf(CURRENCIES, 'PLAY or USD', 'PLAY')) }),
  answers: { 200: { about: 'The figures', schema: FairnessShape, example: EXAMPLE } },
  refusals: [],
  run: ({ deps, query, now }) =>
    ok(fairnessOf(deps, (query.currency ?? 'PLAY') as CurrencyCode, now), publicFor(CACHE_SECONDS)),
});
