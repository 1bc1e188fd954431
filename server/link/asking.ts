import { Type, type TSchema } from '@sinclair/typebox';
import type { Counted, EdgeHas } from '../ports/counted.ts';
import type { House } from '../ports/house.ts';
import { SHED_LETTERS, SHED_LINES } from '../ports/shed-order.ts';
import { SignedTapsShape } from '../ports/signed-taps.ts';
import { compiled, has } from './compiled.ts';
import { SHED_LENGTH_MAX, SHED_PER_CALL_MAX } from './limits.ts';
import {
  Checked,
  Code,
  CountedShape,
  EdgeHasShape,
  LimitsChangeShape,
  NewAccount,
  orNull,
  sentence,
  SessionShape,
  short,
  whole,
} from './shapes.ts';

/** Of the protocol: both ends are the same program, but one may be older for a moment. */
export const LINK_VERSION = 2;

/** What an edge may call, by name, with the shapes of the arguments and of the answer. */
const Refusal = orNull(Code);
const WhyNot = {
  code: Code,
  message: Type.Optional(sentence),
  retryAfterMs: Type.Optional(Type.Number({ minimum: 0 })),
};

const CALLS = {
  order: {
    args: Type.Tuple([SignedTapsShape, SessionShape, orNull(short), Checked]),
    answer: Type.Union([
      Type.Object(WhyNot, { additionalProperties: false }),
      Type.Object({
        replayed: Type.Boolean(),
        results: Type.Array(
          Type.Object({ status: Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]) }),
        ),
        balance: orNull(whole),
      }),
    ]),
  },
  shed: {
    args: Type.Tuple([Type.String({ maxLength: SHED_PER_CALL_MAX * SHED_LENGTH_MAX, pattern: SHED_LINES })]),
    answer: Type.String({ maxLength: SHED_PER_CALL_MAX, pattern: SHED_LETTERS }),
  },
  openAccount: { args: Type.Tuple([NewAccount]), answer: Refusal },
  startSession: { args: Type.Tuple([SessionShape, orNull(short)]), answer: Refusal },
  refill: { args: Type.Tuple([short, whole, whole]), answer: Refusal },
  endSessions: { args: Type.Tuple([short, orNull(short)]), answer: Refusal },
  seeSession: { args: Type.Tuple([short, whole]), answer: Refusal },
  nameAccount: { args: Type.Tuple([short, orNull(short)]), answer: Refusal },
  changeLimits: {
    args: Type.Tuple([short, LimitsChangeShape]),
    answer: Type.Union([
      Type.Object({ limits: Type.Object({ guardPercent: Type.Integer(), dailyLoss: orNull(whole) }) }),
      Type.Object({
        ...WhyNot,
        policy: Type.Optional(Type.Object({ name: short, limit: whole, windowMs: whole })),
      }),
    ]),
  },
} as const satisfies Partial<Record<keyof House, { args: TSchema; answer: TSchema }>>;

export type CallName = keyof typeof CALLS;
export type AnswerOf<Name extends CallName> = Awaited<ReturnType<House[Name]>>;

/** What an edge says: a closed union. Calls are numbered by the edge and answered by that number. */
export type Asking =
  | { readonly t: 'hello'; readonly version: number; readonly edge: string }
  | { readonly t: 'call'; readonly id: number; readonly name: CallName; readonly args: readonly unknown[] }
  /** An order that the edge refused itself, over the account's rate. */
  | { readonly t: 'turned-away'; readonly args: readonly unknown[] }
  /** It has missed something, or has just come: it wants to be told the whole. */
  | { readonly t: 'whole' }
  /** What it has, and what it counted since it last said so: for the engine's metrics. */
  | { readonly t: 'figures'; readonly has: EdgeHas; readonly counted: Counted }
  /** All news up to this number have had their effect. */
  | { readonly t: 'taken'; readonly seq: number };

const CALL_NAMES = Object.keys(CALLS) as CallName[];
const partOf = (part: 'args' | 'answer') => {
  const shapes: Partial<Record<CallName, TSchema>> = {};
  for (const name of CALL_NAMES) shapes[name] = CALLS[name][part];
  return compiled(shapes as Record<CallName, TSchema>);
};
const ARGS = partOf('args');
const ANSWERS = partOf('answer');

const exact = { additionalProperties: false };
const ASKING = compiled({
  hello: Type.Object({ t: Type.Literal('hello'), version: whole, edge: short }, exact),
  call: Type.Object(
    {
      t: Type.Literal('call'),
      id: whole,
      name: Type.String(),
      args: Type.Array(Type.Unknown(), { maxItems: 8 }),
    },
    exact,
  ),
  'turned-away': Type.Object(
    {
      t: Type.Literal('turned-away'),
      args: Type.Tuple([SignedTapsShape, SessionShape, orNull(short)]),
    },
    exact,
  ),
  whole: Type.Object({ t: Type.Literal('whole') }, exact),
  figures: Type.Object({ t: Type.Literal('figures'), has: EdgeHasShape, counted: CountedShape }, exact),
  taken: Type.Object({ t: Type.Literal('taken'), seq: whole }, exact),
});

/** @returns null for what no edge of ours says. */
export function readAsking(message: unknown): Asking | null {
  const kind = (message as { readonly t?: unknown } | null)?.t;
  if (!has(ASKING, kind) || !ASKING[kind].Check(message)) return null;
  const asking = message as Asking;
  if (asking.t !== 'call') return asking;
  return has(ARGS, asking.name) && ARGS[asking.name].Check(asking.args) ? asking : null;
}

/** Whether it can be an answer to the call. */
export const isAnswer = <Name extends CallName>(name: Name, answer: unknown): answer is AnswerOf<Name> =>
  ANSWERS[name].Check(answer);
