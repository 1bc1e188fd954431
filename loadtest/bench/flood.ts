import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApartHouse } from '../../test/stage/apart-house.ts';
import { apiTrader, type ApiTrader } from '../../test/stage/api-trader.ts';
import { fateOf, play, type Played } from '../../test/stage/players.ts';
import { latenessOf } from '../../test/stage/tick-lateness.ts';
import { WholeBooks } from '../../server/store/archive/whole-books.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SOURCES } from '../flood/source.ts';
import { FloodProcesses } from './flood-processes.ts';
import { watchersThatFit } from './flood-room.ts';
import { readMetrics } from './scrape.ts';
import type { Sizes } from './sizes.ts';
import { quantile, rounded } from './spread.ts';

const TRADERS = 50;
const TICK_MS = 100;
const WARM_UP_MS = 3_000;
const DECIDED_MS_MAX = 90_000;
/** Edges by what becomes of them. */
const EDGES = { played: 0, flooded: 1, killed: 2, frozen: 3 } as const;

/** What a flood may cost. */
const BOUNDS = { lateP99Ms: 20, lateMaxMs: 300, gaps: 0, lost: 0, times: 2 } as const;

interface Stretch {
  readonly ticks: number;
  /** How late ticks were, ms. */
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly lateMaxMs: number;
  /** Shares of the time for which the engine's loop ran, and could run but no processor was free. */
  readonly engineRan: number;
  readonly engineWaited: number;
  /** A look at the board and a tap, ms. */
  readonly tapP50Ms: number;
  readonly tapP99Ms: number;
  readonly acknowledged: number;
  readonly unanswered: number;
}

/** The same house without a flood and under one, while traders play at an edge of their own. */
export interface FloodFigures {
  readonly traders: number;
  readonly sources: number;
  readonly seconds: number;
  readonly quiet: Stretch;
  readonly flooded: Stretch;
  /** Acknowledged bets that the ledger does not have, and those refunded because ticks were missing. */
  readonly lost: number;
  readonly gaps: number;
  /** Acknowledged bets that are still open long after their windows. */
  readonly undecided: number;
  /** Times that the engine itself stood still for longer than a gap. */
  readonly stalls: number;
  readonly kills: number;
  readonly freezes: number;
  readonly connections: number;
  readonly megabytes: number;
  /** Sockets that only listen: so many were asked for, and so many were open at once, with all others. */
  readonly watchers: number;
  readonly socketsMax: number;
  /** Memory of the flooded edge, at most. */
  readonly edgeMegabytesMax: number;
  /** Of the machine, before and at the end: others may work on it too. */
  readonly load: readonly [before: number, after: number];
  /** Bounds that did not hold. */
  readonly broken: readonly string[];
}

const SETTINGS = {
  TICK_MS: `${TICK_MS}`,
  PLAY_BANKROLL_DOLLARS: '900000000',
  PRACTICE_PER_HOUR_MAX: '100000',
  SOCKETS_MAX: '100000',
  SOCKETS_PER_ADDRESS_MAX: '1000',
} as const;

/**
 * An engine and four edges: traders play at one; one is flooded, with many sockets that listen besides; one
 * is flooded and killed every second; one is stopped. Lateness of ticks and the fate of bets are read from
 * the ledger.
 */
export async function measureFlood(sizes: Sizes, say: (line: string) => void): Promise<FloodFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-flood-'));
  const dataDir = join(folder, 'data');
  const house = await ApartHouse.start({ ...SETTINGS, DATA_DIR: dataDir }, Object.keys(EDGES).length);
  const books = new WholeBooks(join(dataDir, DATABASE_FILE));
  try {
    const traders: ApiTrader[] = [];
    for (let n = 0; n < TRADERS; n++) traders.push(await traderFrom(house.origin(EDGES.played), n));
    await play(traders, after(WARM_UP_MS));
    const load = loadavg()[0]!;
    const measured = async (isOver: () => boolean): Promise<Stretch & { readonly bets: Played['bets'] }> => {
      const [from, before] = [Date.now(), loopOf(house.enginePid)];
      const played = await play(traders, isOver);
      const [to, now] = [Date.now(), loopOf(house.enginePid)];
      const share = (what: 'ranMs' | 'waitedMs') => rounded((now[what] - before[what]) / (to - from), 3);
      return {
        ...stretchOf(played, latenessOf(books, TICK_MS, from, to)),
        engineRan: share('ranMs'),
        engineWaited: share('waitedMs'),
      };
    };
    const quiet = await measured(after(sizes.floodQuietSeconds * 1_000));
    say(`flood: without it ${lineOf(quiet)}`);

    const watchers = watchersThatFit(sizes.floodWatchers);
    if (watchers < sizes.floodWatchers)
      say(`flood: ${watchers} sockets instead of ${sizes.floodWatchers}: no files or memory for more`);
    const flood = new FloodProcesses(
      house,
      EDGES,
      sizes.floodSeconds,
      watchers,
      join(dataDir, 'operations.sock'),
    );
    const flooded = await measured(() => flood.isOver);
    const { connections, bytes, kills, freezes, socketsMax, bytesMax } = await flood.ended();
    say(`flood: under it ${lineOf(flooded)}`);

    const ids = [...quiet.bets, ...flooded.bets];
    const isDecided = after(DECIDED_MS_MAX);
    while (fateOf(books, ids).open > 0 && !isDecided()) await Bun.sleep(500);
    const { lost, gaps, open: undecided } = fateOf(books, ids);
    const figures = {
      traders: TRADERS,
      sources: SOURCES,
      seconds: sizes.floodSeconds,
      quiet: withoutBets(quiet),
      flooded: withoutBets(flooded),
      lost,
      gaps,
      undecided,
      stalls: (await readMetrics(join(dataDir, 'operations.sock'))).get('tapgrid_stalls_total') ?? 0,
      kills,
      freezes,
      connections,
      megabytes: Math.round(bytes / 1e6),
      watchers,
      socketsMax,
      edgeMegabytesMax: Math.round(bytesMax / 1e6),
      load: [rounded(load, 3), rounded(loadavg()[0]!, 3)] as const,
    };
    const broken = brokenBounds(figures);
    for (const one of broken) say(`flood: ${one}`);
    return { ...figures, broken };
  } finally {
    books.close();
    await house.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What it cost more than it may, a sentence each. */
export function brokenBounds({
  quiet,
  flooded,
  lost,
  gaps,
  undecided,
}: Pick<FloodFigures, 'quiet' | 'flooded' | 'lost' | 'gaps' | 'undecided'>): string[] {
  const over = (what: string, found: number, max: number): string[] =>
    found <= max ? [] : [`${what}: ${rounded(found, 3)}, more than ${rounded(max, 3)}`];
  return [
    ...over('lateness of ticks, p99 ms', flooded.lateP99Ms, BOUNDS.lateP99Ms),
    ...over('lateness of ticks, max ms', flooded.lateMaxMs, BOUNDS.lateMaxMs),
    ...over('bets refunded for a gap', gaps, BOUNDS.gaps),
    ...over('acknowledged bets that the ledger does not have', lost, BOUNDS.lost),
    ...over('bets that nobody decided', undecided, 0),
    ...over('p99 of traders at another edge, ms', flooded.tapP99Ms, BOUNDS.times * quiet.tapP99Ms),
    ...over('their taps without an answer', flooded.unanswered, 0),
  ];
}

const after = (ms: number): (() => boolean) => {
  const until = performance.now() + ms;
  return () => performance.now() >= until;
};

/** Each has an address of its own, as a proxy would write it. */
const traderFrom = (origin: string, number: number): Promise<ApiTrader> =>
  apiTrader(origin, (url, request = {}) =>
    fetch(url, {
      ...request,
      headers: { ...(request.headers as Record<string, string>), 'x-forwarded-for': `198.51.100.${number}` },
    }),
  );

function stretchOf({ took, bets, unanswered }: Played, late: readonly number[]) {
  return {
    ticks: late.length,
    lateP50Ms: quantile(late, 0.5),
    lateP99Ms: quantile(late, 0.99),
    lateMaxMs: late.at(-1) ?? 0,
    tapP50Ms: rounded(quantile(took, 0.5), 3),
    tapP99Ms: rounded(quantile(took, 0.99), 3),
    acknowledged: bets.length,
    unanswered,
    bets,
  };
}

/** For how long the first thread of a process has run, and has waited for a processor. */
function loopOf(pid: number) {
  const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number) as [
    number,
    number,
  ];
  return { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
}

const withoutBets = ({ bets: _, ...stretch }: Stretch & { readonly bets: unknown }): Stretch => stretch;

const lineOf = ({ lateP50Ms, lateP99Ms, lateMaxMs, engineWaited, tapP99Ms, acknowledged }: Stretch): string =>
  `ticks late by ${lateP50Ms} ms, p99 ${lateP99Ms}, max ${lateMaxMs}, ` +
  `the engine waited for a processor ${Math.round(engineWaited * 100)} % of the time; ` +
  `taps p99 ${tapP99Ms} ms, ${acknowledged} bets`;
