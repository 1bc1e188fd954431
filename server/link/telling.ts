import { Type, type TSchema } from '@sinclair/typebox';
import { BOARDS_MAX } from '../game/boards.ts';
import type { HouseEvents } from '../ports/events.ts';
import type { House, HouseCounters } from '../ports/house.ts';
import type { HeadStartFigures } from '../ports/head-start.ts';
import { compiled, has } from './compiled.ts';
import { BETS_PER_MESSAGE_MAX } from './limits.ts';
import {
  AnnouncedShape,
  BetShape,
  BoardShape,
  CalendarShape,
  CountersShape,
  CrowdShape,
  HealthShape,
  LeaderboardsShape,
  HeadStartsShape,
  orNull,
  sentence,
  short,
  TickShape,
  whole,
} from './shapes.ts';

/** What changes seldom or need not be told at once. */
export interface Figures {
  readonly simulated: boolean;
  readonly feedLabel: string;
  readonly counters: HouseCounters;
  readonly headStarts: HeadStartFigures;
  /** That are there: one that is alone has handed on every order itself. */
  readonly edges: number;
}

/** All that an edge knows of the house. */
export interface Whole extends Figures {
  readonly runSecret: string;
  readonly boards: ReturnType<House['boards']>;
  readonly tick: ReturnType<House['tick']>;
  readonly priceLine: ReturnType<House['priceLine']>;
  readonly health: ReturnType<House['health']>;
  readonly maintenance: ReturnType<House['maintenance']>;
  readonly calendar: ReturnType<House['calendar']>;
  readonly crowd: ReturnType<House['crowd']>;
  readonly leaderboards: ReturnType<House['leaderboards']>;
  readonly blockedRanges: ReturnType<House['blockedRanges']>;
}

/** What is answered only when it has had its effect on every edge: edges say when it has. */
export const TAKEN_BEFORE_ANSWER: ReadonlySet<string> = new Set(['ended', 'restricted', 'blockedRanges']);

/** Events that edges make themselves, and those for the engine's own watchers. */
type HeardHere = 'resumed' | 'silence';

/** A piece of news: an event of the house by its name, with what it says. */
type Said = { [Name in Exclude<keyof HouseEvents, HeardHere>]: Parameters<HouseEvents[Name]>[0] } & {
  figures: Figures;
};
export type NewsName = keyof Said;
export type News = { [Name in NewsName]: { readonly name: Name; readonly data: Said[Name] } }[NewsName];

/**
 * What the engine says: a closed union. News are numbered by run of the engine, without holes, and the same
 * for all edges.
 */
export type Telling =
  | { readonly t: 'hello'; readonly version: number; readonly build: string; readonly run: string }
  /** As of a number: the news that follow have higher ones. */
  | { readonly t: 'whole'; readonly seq: number; readonly whole: Whole }
  | ({ readonly t: 'news'; readonly seq: number } & News)
  | { readonly t: 'answer'; readonly id: number; readonly answer: unknown }
  /** The call ended without an answer: nobody knows what became of it. */
  | { readonly t: 'failed'; readonly id: number };

const exact = { additionalProperties: false };
const Ranges = Type.Array(short, { maxItems: 10_000 });
const FIGURES = {
  simulated: Type.Boolean(),
  feedLabel: sentence,
  counters: CountersShape,
  headStarts: HeadStartsShape,
  edges: whole,
};

const NEWS: Readonly<Record<NewsName, TSchema>> = {
  tick: TickShape,
  board: BoardShape,
  bets: Type.Array(Type.Object({ bet: BetShape, balance: whole }, exact), { maxItems: BETS_PER_MESSAGE_MAX }),
  health: HealthShape,
  maintenance: orNull(AnnouncedShape),
  calendar: CalendarShape,
  crowd: CrowdShape,
  leaderboards: LeaderboardsShape,
  ended: Type.Object({ accountId: short, sessionId: orNull(short) }, exact),
  transferred: short,
  restricted: short,
  blockedRanges: Ranges,
  figures: Type.Object(FIGURES, exact),
};
const WHOLE = Type.Object(
  {
    ...FIGURES,
    runSecret: short,
    boards: Type.Array(BoardShape, { maxItems: BOARDS_MAX }),
    tick: orNull(TickShape),
    priceLine: Type.Array(Type.Tuple([whole, whole])),
    health: HealthShape,
    maintenance: orNull(AnnouncedShape),
    calendar: CalendarShape,
    crowd: CrowdShape,
    leaderboards: LeaderboardsShape,
    blockedRanges: Ranges,
  },
  exact,
);

const TELLING = compiled<string>({
  // Of another version it may say more: that it is another one has to be readable.
  hello: Type.Object({ t: Type.Literal('hello'), version: whole, build: short, run: short }),
  whole: Type.Object({ t: Type.Literal('whole'), seq: whole, whole: WHOLE }, exact),
  answer: Type.Object({ t: Type.Literal('answer'), id: whole, answer: Type.Unknown() }, exact),
  failed: Type.Object({ t: Type.Literal('failed'), id: whole }, exact),
  ...Object.fromEntries(
    Object.entries(NEWS).map(([name, data]) => [
      `news ${name}`,
      Type.Object({ t: Type.Literal('news'), seq: whole, name: Type.Literal(name), data }, exact),
    ]),
  ),
});

/** @returns null for what no engine of ours says. */
export function readTelling(message: unknown): Telling | null {
  const { t, name } = (message ?? {}) as { readonly t?: unknown; readonly name?: unknown };
  const kind = t === 'news' ? `news ${name}` : t;
  return has(TELLING, kind) && TELLING[kind]!.Check(message) ? (message as Telling) : null;
}
