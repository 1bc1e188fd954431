import { Type } from '@sinclair/typebox';
import { BOARDS_MAX } from '../game/boards.ts';
import { RULE_VERSIONS } from '../game/path.ts';
import type { Terms } from '../game/terms.ts';

/**
 * The shape of published terms as JSON, field by field as in `game/terms.ts`: the API documents it, the
 * verifier reads by it.
 */

const whole = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const Venues = (description: string) =>
  Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), { maxItems: 16, description });

export const TermsShape = Type.Object(
  {
    rule: Type.Union(
      RULE_VERSIONS.map((version) => Type.Literal(version)),
      { description: 'Version of the rule of touch for new bets' },
    ),
    model: Type.Union([Type.Literal(1), Type.Literal(2)], { description: 'Version of the odds model' }),
    windows: Type.Optional(
      Type.Array(whole('Length of a column'), {
        minItems: 1,
        maxItems: BOARDS_MAX,
        description: 'One a board',
      }),
    ),
    windowMs: Type.Optional(whole('In terms of before there were boards: length of every column')),
    tickMs: whole('Time between two ticks'),
    quoteEveryTicks: whole('Ticks per revision of the grid'),
    maxGapMs: whole('A longer time between two ticks is a gap'),
    holdMs: whole('From placing to the time at which the next revision locks'),
    accountHoldMsMax: Type.Optional(whole('Longest hold that an operator may set for a single account')),
    quoteTtlMs: whole('Greatest age of the quote that a tap names'),
    quoteTolerancePercent: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'Without a hold: how far the multiplier may have fallen',
    }),
    venues: Venues('Of a live price'),
    quorum: whole('Venues needed for a price'),
    simulatedVenues: Venues('Of a simulated price: a single one is enough'),
    prices: Type.Array(
      Type.Object({
        edge: share('0.05 is 5 %'),
        margin: share('Added to the probability'),
        capHundredths: whole('Highest multiplier, hundredths'),
      }),
      {
        minItems: 1,
        maxItems: 16,
        description: 'Parameters of the multipliers, in ordinary times and with little data',
      },
    ),
    fastEdge: share('What a fast market adds to the edge'),
    newsEdge: Type.Optional(share('What an entry of the news calendar adds to the edge')),
    newsCapHundredths: Type.Optional(whole('Highest multiplier around it, hundredths')),
    haircuts: Type.Array(share('Share deducted'), {
      minItems: 1,
      maxItems: 16,
      description: "Haircuts of a column's multipliers because of exposure",
    }),
    betsPerCellMax: Type.Optional(whole('Bets of one account on one cell; terms without it: 1')),
  },
  { description: 'What the house has committed itself to.' },
);

export const PublishedTermsShape = Type.Object({
  batch: whole('The commit that recorded them: they apply to its bets and later ones'),
  at: whole('When, UTC epoch ms'),
  terms: TermsShape,
});

/** The one way to write terms down: JSON with the fields in the order of the shape. */
export const termsText = (terms: Terms): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.keys(TermsShape.properties).map((name) => [
        name,
        name === 'prices'
          ? terms.prices.map(({ edge, margin, capHundredths }) => ({ edge, margin, capHundredths }))
          : terms[name as keyof Terms],
      ]),
    ),
  );
