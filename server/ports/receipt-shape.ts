import { Type, type TSchema } from '@sinclair/typebox';
import { TRUSTS } from '../game/learned/gate.ts';
import { RULE_VERSIONS } from '../game/path.ts';
import { VOID_REASONS } from '../game/rejection.ts';

/**
 * The shape of a receipt as JSON, field by field as in `receipt.ts`: the API documents it, the verifier reads
 * by it.
 */

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const whole = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
const time = (description: string) => whole(`${description}, UTC epoch ms`);
const factor = (description: string) => Type.Number({ minimum: 0, maximum: 1e12, description });
const hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hex' });

const revisionAt = (description: string) =>
  Type.Object({ revision: whole('Its number'), at: time('When it was made') }, { description });
const commit = (description: string) =>
  Type.Object({ batch: whole('Number of the commit'), hash, at: time('When') }, { description });

export const TickShape = Type.Object(
  {
    seq: whole('Counts up from 1 without gaps'),
    at: time('When the oracle made it'),
    price: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Median of the sources, cents' }),
    sources: Type.Array(Type.Object({ venue: Type.String({ maxLength: 40 }), price: whole('Cents') }), {
      maxItems: 16,
    }),
    hash: Type.Optional(orNull(hash)),
  },
  { description: 'One oracle tick; the last of a batch carries the hash of the tick chain after it.' },
);

export const DriftShape = Type.Union([Type.Literal(-1), Type.Literal(0), Type.Literal(1)], {
  description: 'Model 2: sign of the move of the last 2 s',
});

export const LearnedShape = Type.Object(
  {
    version: whole('The block of the shadow book that it holds behind; 0 is the prior'),
    corrections: Type.Array(Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), { maxItems: 64 }), {
      maxItems: 8,
      description: 'Factors × 65,536, stage by stage',
    }),
    buckets: Type.Array(
      Type.Object({
        trust: Type.Union(TRUSTS.map((trust) => Type.Literal(trust))),
        halfWidth: Type.Number({ minimum: 0, maximum: 1, description: 'Share of a stake' }),
      }),
      { maxItems: 16, description: 'What each range of multipliers has earned' },
    ),
  },
  { description: 'Model 2: what it had learned.' },
);

const QuoteShape = Type.Object(
  {
    model: Type.Union([Type.Literal(1), Type.Literal(2)]),
    revision: whole('Number of the grid revision'),
    at: time('When the revision was made'),
    tickSeq: whole('The tick it was based on'),
    spot: whole('Price of that tick, cents'),
    v10: factor('Variance per second at a 10 s lag, bp²'),
    vf: factor('Its fast component, bp² per second'),
    cw: factor('Share of v10 that counts inside a window'),
    scaleBp: Type.Optional(factor("Model 2: scale of the price's moves, bp per √s")),
    drift: Type.Optional(DriftShape),
    learned: Type.Optional(LearnedShape),
    leadMs: Type.Integer({ description: 'Time from the quote to the opening of the window' }),
    edge: factor('Proportional edge, 0.05 is 5 %'),
    margin: factor('Additive margin on the probability'),
    haircut: factor('Share deducted because of liability'),
    capHundredths: whole('Highest multiplier offered, hundredths'),
    headline: Type.Optional(time('The entry of the news calendar that widened the edge')),
    tickMs: whole('Time between two ticks'),
    probability: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'That the price touches the band in the window',
    }),
    multiplier: orNull(whole('Hundredths; null if no bets were taken')),
    tick: orNull(TickShape),
  },
  { description: 'A quote with all its inputs.' },
);

const Entry = Type.Object({
  id: whole('Number of the ledger row'),
  batch: whole('The commit that wrote it'),
  at: time('When'),
  kind: Type.String({ maxLength: 20 }),
  amount: Type.Integer({ description: 'Micro-dollars; negative leaves the account' }),
  version: whole('Version of the account after it'),
  betId: orNull(Type.String({ maxLength: 64 })),
  balanceAfter: orNull(Type.Integer({ description: 'Micro-dollars; shown to the owner only' })),
});

export const ReceiptShape = Type.Object(
  {
    betId: Type.String({ minLength: 1, maxLength: 64 }),
    cell: Type.String({ maxLength: 48, description: '<startMs>.<windowMs>.<lowCents>.<highCents>' }),
    currency: Type.Union([Type.Literal('PLAY'), Type.Literal('USD')]),
    simulated: Type.Boolean({ description: 'Placed while prices were recorded or synthetic' }),
    stake: whole('Micro-dollars'),
    status: Type.Union(['placed', 'locked', 'won', 'lost', 'void'].map((status) => Type.Literal(status))),
    reason: orNull(
      Type.Union(
        Object.keys(VOID_REASONS).map((reason) => Type.Literal(reason)),
        { description: 'Why the stake was refunded' },
      ),
    ),
    payout: whole('Micro-dollars, the stake included'),
    guardPercent: Type.Number({
      minimum: 50,
      maximum: 95,
      description: 'Lowest multiplier to lock at, in percent of the shown one',
    }),
    ownHold: Type.Optional(
      Type.Object(
        {
          ms: whole('How long its taps were held'),
          action: whole("Number of the operator's action that set it"),
          batch: whole('The commit of that action'),
        },
        { description: 'The longer hold of its account, if it had one' },
      ),
    ),
    placedAt: time('When the bet was durable'),
    lockAt: time('The first revision from this time on locks it'),
    closedAt: orNull(time('When it was closed')),
    closedTick: orNull(whole('The tick that decided it')),
    rule: Type.Union(
      RULE_VERSIONS.map((version) => Type.Literal(version)),
      { description: 'Version of the touch rule the bet was placed under: docs/rules.md' },
    ),
    maxGapMs: whole('A longer time between two ticks is a gap'),
    shown: orNull(QuoteShape),
    locked: orNull(QuoteShape),
    before: orNull(revisionAt('The revision before the first one at or after the lock time')),
    after: orNull(
      revisionAt('For a bet that was never locked: the first revision at or after the lock time'),
    ),
    ticks: Type.Array(TickShape, { maxItems: 5000 }),
    previousTick: orNull(Type.Object({ seq: whole('The tick before the first'), hash })),
    ledger: Type.Array(Entry, { maxItems: 16 }),
    order: orNull(
      Type.Object({
        text: Type.String({ maxLength: 8192, description: 'The text that the session key signed' }),
        signature: Type.String({ maxLength: 100, description: 'base64url of r‖s' }),
        publicKey: Type.String({
          maxLength: 100,
          description: 'base64url of the 65 raw bytes of the P-256 key',
        }),
        index: Type.Integer({ minimum: -1, maximum: 63, description: "Line of this bet's tap" }),
      }),
    ),
    chain: Type.Object({
      bet: orNull(commit('That placed the bet')),
      lock: orNull(commit('That locked it')),
      revision: orNull(commit('That contains the locking revision')),
      opening: orNull(commit('That contains the first tick at or after the opening of the window')),
      tick: orNull(commit('That contains the deciding tick')),
      closing: orNull(commit('That closed the bet')),
      head: commit('The newest one'),
    }),
  },
  { description: 'Everything that decided one bet.' },
);
