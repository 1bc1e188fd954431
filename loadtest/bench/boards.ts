import { Crowd } from './crowd-process.ts';
import { ServerProcess } from './server-process.ts';
import type { Sizes } from './sizes.ts';
import { rounded, roundedSpread, spreadOf, type Spread } from './spread.ts';

/**
 * What several boards cost beside one: processor time of two houses that run side by side, 100 is one core.
 * `ratio` of both in the same seconds, so that whatever else the machine does counts for both.
 */
export interface BoardsFigure {
  /** Pages of each house that watch. */
  readonly sockets: number;
  readonly onePercent: number;
  readonly threePercent: number;
  readonly ratio: Spread;
}

/** As by default: an engine and an edge. */
const ONE = { EDGES: '1', WINDOW_MS: '5000' } as const;
const THREE = { EDGES: '1', BOARDS: '2000,5000,15000' } as const;
/** Code and caches are warm by then. */
const WARM_MS = 5_000;

export async function measureBoards(sizes: Sizes, say: (line: string) => void): Promise<BoardsFigure[]> {
  const figures: BoardsFigure[] = [];
  const houses = await Promise.all([ONE, THREE].map((settings) => ServerProcess.tapgrid(settings)));
  const [one, three] = houses as [ServerProcess, ServerProcess];
  const crowds: Crowd[] = [];
  try {
    for (const sockets of [0, sizes.boardsSockets]) {
      if (sockets > 0)
        crowds.push(...(await Promise.all(houses.map(({ origin }) => Crowd.open(origin, sockets)))));
      await Bun.sleep(WARM_MS);
      const rounds: { readonly one: number; readonly three: number }[] = [];
      for (let round = 0; round < sizes.boardsRounds; round++)
        rounds.push(await sideBySide(one, three, sizes.boardsSeconds));
      const ratio = spreadOf(rounds.map((round) => round.three / round.one));
      figures.push({
        sockets,
        onePercent: rounded(spreadOf(rounds.map((round) => round.one)).median, 3),
        threePercent: rounded(spreadOf(rounds.map((round) => round.three)).median, 3),
        ratio: roundedSpread(ratio),
      });
      say(
        `boards, ${sockets} sockets: three take ${ratio.median.toFixed(2)} times the processor time of one`,
      );
    }
    return figures;
  } finally {
    for (const crowd of crowds) crowd.kill();
    for (const house of houses) house.kill();
  }
}

/** Processor time of both within the same seconds, percent of a core. */
async function sideBySide(one: ServerProcess, three: ServerProcess, seconds: number) {
  const [began, ...before] = [performance.now(), one.cpuSeconds, three.cpuSeconds];
  await Bun.sleep(1_000 * seconds);
  const percent = (used: number): number => (used * 100_000) / (performance.now() - began);
  return { one: percent(one.cpuSeconds - before[0]!), three: percent(three.cpuSeconds - before[1]!) };
}
