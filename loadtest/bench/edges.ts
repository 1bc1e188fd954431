import { modelOf, type ModelRow } from './cores-model.ts';
import { Generator } from './generator-process.ts';
import { measureOverload, type OverloadFigure } from './overload.ts';
import { readMetrics } from './scrape.ts';
import { cpuSecondsOf, ServerProcess, WIDE_BOARD } from './server-process.ts';
import { FAR_LEAD_MS, type Sizes } from './sizes.ts';
import { rounded } from './spread.ts';
import { measureTaps, type LaneFigures } from './taps.ts';

/** Taps per second that are offered evenly. */
const RATES = [1_000, 3_000, 5_000] as const;
const BREATH_MS = 1_000;
const IDLE_MS = 2_000;

/**
 * Taps at an even rate over sockets: processor time a tap by process, µs, beyond what each takes while nobody
 * taps; how many calls one frame of the link brings; and how long they take, ms, beside the same house in one
 * process.
 */
export interface PacedFigure {
  readonly perSecond: number;
  /** Share of the taps. Where it is low the times are those of refusals too, and say nothing. */
  readonly accepted: number;
  readonly engineMicros: number;
  /** Of them, in the loop that makes the ticks; the rest is the writer's. */
  readonly engineLoopMicros: number;
  readonly edgeMicros: number;
  /** Of them, in the loop of an edge; most of the rest are signatures. */
  readonly edgeLoopMicros: number;
  readonly callsPerFrame: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly oneProcessP50Ms: number;
  readonly oneProcessP99Ms: number;
}

/** A house of an engine and an edge. */
export interface EdgesFigures {
  /** Beside the bare reference, as fast as it goes. */
  readonly taps: LaneFigures;
  readonly paced: readonly PacedFigure[];
  /** Nothing in a quick run. */
  readonly overload: readonly OverloadFigure[];
  readonly model: readonly ModelRow[];
}

/** @param full measures more taps than can be taken besides. */
export async function measureEdges(
  sizes: Sizes,
  full: boolean,
  say: (line: string) => void,
): Promise<EdgesFigures> {
  const taps = await measureTaps(sizes, say, {
    ours: () => ServerProcess.tapgrid({ ...WIDE_BOARD, EDGES: '1' }),
    reference: () => ServerProcess.script('loadtest/database/bare-server.ts'),
  });
  const paced = await measurePaced(sizes, say);
  const overload = full ? await measureOverload(sizes, say, { EDGES: '1' }) : [];
  return { taps, paced, overload, model: modelOf(paced) };
}

/** Both houses in turns, the other one standing still. */
async function measurePaced(sizes: Sizes, say: (line: string) => void): Promise<PacedFigure[]> {
  const houses: House[] = [];
  try {
    for (const edges of ['1', '0']) houses.push(await openHouse(edges, sizes));
    const [apart, one] = houses as [House, House];
    const figures: PacedFigure[] = [];
    for (const perSecond of RATES) {
      one.server.pause();
      const measured = await fire(apart, perSecond, sizes);
      one.server.resume();
      apart.server.pause();
      const { p50, p99 } = await fire(one, perSecond, sizes);
      apart.server.resume();
      const { engine, loop, edge, edgeLoop } = measured.micros;
      const figure = {
        perSecond,
        accepted: rounded(measured.accepted, 3),
        engineMicros: rounded(engine, 3),
        engineLoopMicros: rounded(loop, 3),
        edgeMicros: rounded(edge, 3),
        edgeLoopMicros: rounded(edgeLoop, 3),
        callsPerFrame: rounded(measured.callsPerFrame, 3),
        p50Ms: rounded(measured.p50, 3),
        p99Ms: rounded(measured.p99, 3),
        oneProcessP50Ms: rounded(p50, 3),
        oneProcessP99Ms: rounded(p99, 3),
      };
      say(
        `edges at ${perSecond}/s: ${Math.round(figure.accepted * 100)} % accepted; ` +
          `engine ${figure.engineMicros} µs a tap ` +
          `(${figure.engineLoopMicros} in its loop), ` +
          `edge ${figure.edgeMicros} (${figure.edgeLoopMicros}); ` +
          `${figure.callsPerFrame} orders a frame; p50 ${figure.p50Ms} ms, ` +
          `one process ${figure.oneProcessP50Ms}`,
      );
      figures.push(figure);
    }
    return figures;
  } finally {
    for (const { server, generator } of houses) {
      generator.kill();
      server.kill();
    }
  }
}

interface House {
  readonly server: ServerProcess;
  readonly generator: Generator;
}

async function openHouse(edges: string, sizes: Sizes): Promise<House> {
  const server = await ServerProcess.tapgrid({ ...WIDE_BOARD, EDGES: edges });
  const generator = Generator.start(server.origin);
  await generator.open(sizes.traders, sizes.connections, sizes.sockets);
  await generator.load('socket', sizes.warmUpOrders, FAR_LEAD_MS);
  await generator.fire('socket', null, sizes.underWayMax);
  return { server, generator };
}

type Micros = Readonly<Record<'engine' | 'loop' | 'edge' | 'edgeLoop', number>>;

/** CPU seconds so far; all 0 for a house of one process. */
function used({ server }: House): Micros {
  const sum = (paths: readonly string[]) => paths.reduce((all, path) => all + cpuSecondsOf(path), 0);
  const loopOf = (pid: number) => `${pid}/task/${pid}`;
  const [engine, edge] = [server.pidsOf('engine'), server.pidsOf('edge')];
  return {
    engine: sum(engine.map(String)),
    loop: sum(engine.map(loopOf)),
    edge: sum(edge.map(String)),
    edgeLoop: sum(edge.map(loopOf)),
  };
}

async function fire(house: House, perSecond: number, sizes: Sizes) {
  const { generator, server } = house;
  await Bun.sleep(BREATH_MS);
  const idle = await over(house, () => Bun.sleep(IDLE_MS));
  await generator.load('socket', perSecond * sizes.pacedSeconds, FAR_LEAD_MS);
  await Bun.sleep(BREATH_MS);
  const before = await readMetrics(server.operations);
  const loaded = await over(house, () => generator.fire('socket', perSecond, perSecond * sizes.pacedSeconds));
  const after = await readMetrics(server.operations);
  const { accepted, sent, p50, p99 } = loaded.result;
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const micros = (name: keyof Micros) =>
    ((loaded.used[name] - (idle.used[name] * loaded.seconds) / idle.seconds) * 1e6) / Math.max(1, accepted);
  return {
    micros: {
      engine: micros('engine'),
      loop: micros('loop'),
      edge: micros('edge'),
      edgeLoop: micros('edgeLoop'),
    },
    accepted: accepted / Math.max(1, sent),
    callsPerFrame: grown('tapgrid_link_calls_total') / Math.max(1, grown('tapgrid_link_frames_total')),
    p50,
    p99,
  };
}

async function over<Result>(house: House, work: () => Promise<Result>) {
  const [before, at] = [used(house), performance.now()];
  const result = await work();
  const [after, seconds] = [used(house), (performance.now() - at) / 1_000];
  const difference = (name: keyof Micros) => after[name] - before[name];
  return {
    result,
    seconds,
    used: {
      engine: difference('engine'),
      loop: difference('loop'),
      edge: difference('edge'),
      edgeLoop: difference('edgeLoop'),
    },
  };
}
