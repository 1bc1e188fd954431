import { Type, type TSchema } from '@sinclair/typebox';
import { CURRENCIES } from '../game/money.ts';
import { HEADLINES_MAX } from '../game/headline.ts';
import { PAUSE_LENGTHS } from '../game/own-limits.ts';
import { REJECTIONS } from '../game/rejection.ts';

/** Shapes that messages either way are made of. */

export const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const signed = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
/** Ids, names and numbers in words. */
export const short = Type.String({ minLength: 1, maxLength: 128 });
export const sentence = Type.String({ maxLength: 4_096 });
export const orNull = <Shape extends TSchema>(shape: Shape) => Type.Union([shape, Type.Null()]);
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Union(words.map((word) => Type.Literal(word)));
const object = <Fields extends Record<string, TSchema>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });

const Currency = oneOf(CURRENCIES);
export const Code = oneOf(REJECTIONS.map(([code]) => code));

export const SessionShape = object({
  id: short,
  accountId: short,
  currency: Currency,
  tokenHash: short,
  publicKey: short,
  stakeMax: whole,
  dailyCap: whole,
  createdAt: whole,
  expiresAt: whole,
  seenAt: whole,
});

export const NewAccount = object({
  accountId: short,
  currency: Currency,
  address: orNull(short),
  grant: whole,
});

export const LimitsChangeShape = object({
  dailyLoss: Type.Optional(orNull(whole)),
  guardPercent: Type.Optional(whole),
  reminderMinutes: Type.Optional(orNull(whole)),
  pause: Type.Optional(orNull(oneOf(Object.keys(PAUSE_LENGTHS)))),
});

export const Checked = orNull(
  object({ signed: orNull(Type.Boolean()), ms: Type.Number({ minimum: 0, maximum: 60_000 }) }),
);

export const TickShape = object({
  seq: whole,
  at: whole,
  price: whole,
  sources: Type.Array(object({ venue: short, price: whole }), { maxItems: 64 }),
});

/** What a revision was made of is shown nowhere but in receipts, which read it from the books. */
const Revision = Type.Object({
  revision: whole,
  at: whole,
  tickSeq: whole,
  inputs: Type.Object({ margin: Type.Number() }),
  columns: Type.Array(Type.Object({ start: whole }), { maxItems: 512 }),
  pause: orNull(short),
});

export const BoardShape = object({
  revision: Revision,
  tick: TickShape,
  windowMs: whole,
  rows: whole,
  columns: Type.Array(
    object({
      start: whole,
      band: whole,
      low: signed,
      locked: Type.Boolean(),
      multipliers: Type.Array(orNull(whole), { maxItems: 512 }),
    }),
    { maxItems: 512 },
  ),
});

export const BetShape = object({
  id: short,
  accountId: short,
  currency: Currency,
  simulated: Type.Boolean(),
  rule: whole,
  cell: object({ startMs: whole, windowMs: whole, low: signed, high: signed }),
  stake: whole,
  shown: whole,
  shownRevision: whole,
  guardPercent: whole,
  placedAt: whole,
  lockAt: whole,
  locked: orNull(whole),
  lockedRevision: orNull(whole),
  status: oneOf(['placed', 'locked', 'won', 'lost', 'void']),
  payout: whole,
  closedAt: orNull(whole),
  closedTick: orNull(whole),
  voidReason: orNull(short),
});

const Severity = oneOf(['degraded', 'open']);

export const HealthShape = object({
  state: oneOf(['closed', 'degraded', 'open']),
  causes: Type.Array(object({ cause: short, severity: Severity, since: whole, detail: sentence }), {
    maxItems: 64,
  }),
  settling: Type.Optional(object({ since: whole, until: whole })),
});

export const AnnouncedShape = object({
  from: whole,
  until: whole,
  reason: sentence,
  running: Type.Boolean(),
});

export const CountersShape = object({
  accepted: whole,
  refusals: Type.Record(short, whole),
  latency: object({ count: whole, p50: Type.Number(), p95: Type.Number(), p99: Type.Number() }),
  batches: whole,
  queued: whole,
});

export const CrowdShape = object({
  people: whole,
  wins: Type.Array(
    object({
      at: whole,
      profit: signed,
      multiplier: whole,
      windowMs: whole,
      currency: Currency,
      name: orNull(short),
    }),
    { maxItems: 64 },
  ),
  wanted: Type.Array(object({ cell: short, want: whole }), { maxItems: 256 }),
});

const LeaderTable = Type.Array(
  object({ name: short, profit: orNull(whole), hit: orNull(whole), bets: whole }),
  {
    maxItems: 256,
  },
);
const LeaderboardShape = object({
  since: whole,
  until: whole,
  leaders: object({ profit: LeaderTable, hit: LeaderTable }),
});
export const LeaderboardsShape = object({
  day: LeaderboardShape,
  week: LeaderboardShape,
  counting: Type.Boolean(),
});

const SpreadShape = object({ count: whole, p50: orNull(whole), p90: orNull(whole), p99: orNull(whole) });
export const HeadStartsShape = object({
  state: oneOf(['measured', 'measuring', 'not-needed']),
  holdMs: whole,
  proposedHoldMs: orNull(whole),
  headStarts: whole,
  needed: whole,
  remainingMs: orNull(whole),
  watchedMs: whole,
  tick: SpreadShape,
  ahead: SpreadShape,
  takenBack: whole,
  alone: whole,
  venues: Type.Array(
    object({
      venue: short,
      first: whole,
      behind: SpreadShape,
      missed: whole,
      age: SpreadShape,
      delay: SpreadShape,
    }),
    { maxItems: 64 },
  ),
});

const ROUTES_MAX = 1_000;
export const EdgeHasShape = object({
  sockets: whole,
  people: whole,
  memoryBytes: whole,
  openFilesShare: orNull(Type.Number({ minimum: 0 })),
});
export const CountedShape = object({
  cpuMs: whole,
  slowConsumers: whole,
  logDropped: whole,
  turnedAway: whole,
  shed: whole,
  traffic: object({
    requests: Type.Array(Type.Tuple([short, whole, whole]), { maxItems: 10 * ROUTES_MAX }),
    durations: Type.Array(
      Type.Tuple([
        short,
        object({
          sumMs: Type.Number({ minimum: 0 }),
          counts: Type.Array(Type.Tuple([whole, whole]), { maxItems: 1_000 }),
        }),
      ]),
      { maxItems: ROUTES_MAX },
    ),
  }),
});

export const CalendarShape = object({
  headlines: Type.Array(object({ at: whole, name: short, beforeMs: whole, afterMs: whole }), {
    maxItems: HEADLINES_MAX,
  }),
  notice: orNull(object({ at: whole, name: short, from: whole, until: whole, running: Type.Boolean() })),
});
