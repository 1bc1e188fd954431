import { Generator, type LaneName } from './generator-process.ts';
import { ServerProcess, WIDE_BOARD } from './server-process.ts';
import { FAR_LEAD_MS, STEADY_PER_SECOND, type Sizes } from './sizes.ts';
import { roundedSpread, spreadOf, type Spread } from './spread.ts';

const LANES: readonly LaneName[] = ['socket', 'http'];
/** Between two volleys, so that what the first left to be locked is done. */
const BREATH_MS = 450;
/** Servers are warmed up in slices, until they have taken what they shall or the time is over. */
const WARM_UP_SLICE = 1_000;
const WARM_UP_MS_MAX = 8_000;
/**
 * A volley lasts at most about this long on the slower side: quotes are good for ten seconds from before the
 * orders are signed, however busy the machine is.
 */
const VOLLEY_SECONDS_MAX = 3;
const VOLLEY_ORDERS_MIN = 200;
/** For so long a warm server with all its sockets is watched while nobody taps. */
const IDLE_MS = 1_500;
/** Rounds that are tried for each that counts. */
const TRIES = 3;

/** One side of one round. */
interface Measured {
  readonly rate: number;
  readonly cpuMicros: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Ours beside the bare reference, over one lane. `ratio` is the median of the rounds' ratios; CPU is what the
 * server's process takes per tap at full load beyond what it takes when nobody taps.
 */
export interface TapFigures {
  readonly rate: number;
  readonly reference: number;
  readonly ratio: number;
  readonly p50At3000: number;
  readonly p99At3000: number;
  readonly referenceP99At3000: number;
  readonly cpuMicrosPerTap: number;
  readonly referenceCpuMicrosPerTap: number;
  readonly spread: Readonly<
    Record<'rate' | 'reference' | 'ratio' | 'p99At3000' | 'referenceP99At3000' | 'cpuRatio', Spread>
  >;
}

/** Of a lane whose rounds were all left out there are none. */
export type LaneFigures = Readonly<Partial<Record<LaneName, TapFigures>>>;

interface Side {
  readonly server: ServerProcess;
  readonly generator: Generator;
  /** Taps per second at the end of the warm-up. */
  readonly speed: Readonly<Record<LaneName, number>>;
  /**
   * Processor seconds per second while nobody taps over the open lane: ticks, revisions, and the frames about
   * them to every socket.
   */
  readonly idle: Readonly<Record<LaneName, number>>;
}

type Sides = Readonly<Record<'ours' | 'reference', Side>>;

type Round = Readonly<Record<'ours' | 'reference', Measured>>;

/** Starts either side of a life, on wide boards. */
export type Starts = Readonly<Record<'ours' | 'reference', () => Promise<ServerProcess>>>;

const OURS_AND_BARE: Starts = {
  ours: () => ServerProcess.tapgrid(WIDE_BOARD),
  reference: () => ServerProcess.script('loadtest/database/bare-server.ts'),
};

/**
 * Signed taps end to end, ours and the reference in turns: each volley of one is followed by the same volley
 * of the other, while the side that is not measured stands still. Every life has servers of its own on empty
 * databases.
 */
export async function measureTaps(
  sizes: Sizes,
  say: (line: string) => void,
  starts: Starts = OURS_AND_BARE,
): Promise<LaneFigures> {
  const rounds: Record<LaneName, Round[]> = { socket: [], http: [] };
  for (let life = 0; life < sizes.lives; life++) {
    const sides = { ours: await open(starts.ours, sizes), reference: await open(starts.reference, sizes) };
    try {
      for (let round = 0; round < sizes.rounds; round++)
        for (const lane of LANES) {
          let measured: Round | null = null;
          for (let tries = 0; measured === null && tries < TRIES; tries++)
            measured = await inTurns(
              sides,
              lane,
              (life + round) % 2 === 0,
              within(sizes, sides, lane),
              say,
            ).catch(leftOut(lane, say));
          if (measured !== null) rounds[lane].push(measured);
        }
    } finally {
      for (const { server, generator } of Object.values(sides)) {
        generator.kill();
        server.kill();
      }
    }
  }
  return Object.fromEntries(
    LANES.filter((lane) => rounds[lane].length > 0).map((lane) => [lane, figuresOf(rounds[lane])]),
  );
}

/** Both sides fire the same volleys, no longer than the slower one keeps up with. */
function within(sizes: Sizes, { ours, reference }: Sides, lane: LaneName): Sizes {
  const most = Math.max(
    VOLLEY_ORDERS_MIN,
    Math.round(VOLLEY_SECONDS_MAX * Math.min(ours.speed[lane], reference.speed[lane])),
  );
  return {
    ...sizes,
    flatOutOrders: Math.min(sizes.flatOutOrders, most),
    pacedOrders: Math.min(sizes.pacedOrders, most),
  };
}

/**
 * A machine that has no time for the servers lets quotes expire before they are used: such a round is told,
 * not counted.
 */
const leftOut = (lane: LaneName, say: (line: string) => void) => (cause: unknown) => {
  if (!(cause instanceof Refused)) throw cause;
  say(`taps ${lane}: this round is left out: ${cause.message}`);
  return null;
};

class Refused extends Error {
  override readonly name = 'Refused';
}

/** Whoever goes second finds the machine in another state: they take turns. */
async function inTurns(
  sides: Sides,
  lane: LaneName,
  oursFirst: boolean,
  sizes: Sizes,
  say: (line: string) => void,
): Promise<Round> {
  const oursOf = () => alone(sides.ours, sides.reference, () => volleys(sides.ours, lane, sizes));
  const referenceOf = () => alone(sides.reference, sides.ours, () => volleys(sides.reference, lane, sizes));
  const first = await (oursFirst ? oursOf() : referenceOf());
  const second = await (oursFirst ? referenceOf() : oursOf());
  const [ours, reference] = oursFirst ? [first, second] : [second, first];
  say(
    `taps ${lane}: ${Math.round(ours.rate)}/s, reference ${Math.round(reference.rate)}/s; ` +
      `CPU ${Math.round(ours.cpuMicros)} and ${Math.round(reference.cpuMicros)} µs; ` +
      `p99 ${ours.p99.toFixed(1)} and ${reference.p99.toFixed(1)} ms`,
  );
  return { ours, reference };
}

async function open(start: () => Promise<ServerProcess>, sizes: Sizes): Promise<Side> {
  const server = await start();
  const generator = Generator.start(server.origin);
  try {
    await generator.open(sizes.traders, sizes.connections, sizes.sockets);
    const [speed, idle] = [
      { socket: 0, http: 0 },
      { socket: 0, http: 0 },
    ];
    for (const lane of LANES) {
      speed[lane] = await warmUp(generator, lane, sizes);
      idle[lane] = await idleOf(server);
    }
    return { server, generator, speed, idle };
  } catch (cause) {
    generator.kill();
    server.kill();
    throw cause;
  }
}

async function idleOf(server: ServerProcess): Promise<number> {
  await Bun.sleep(BREATH_MS);
  const [cpu, at] = [server.cpuSeconds, performance.now()];
  await Bun.sleep(IDLE_MS);
  return ((server.cpuSeconds - cpu) * 1000) / (performance.now() - at);
}

/** @returns taps per second of its last slice. */
async function warmUp(
  generator: Generator,
  lane: LaneName,
  { warmUpOrders, underWayMax }: Sizes,
): Promise<number> {
  const until = performance.now() + WARM_UP_MS_MAX;
  let speed = 0;
  for (
    let done = 0;
    done < warmUpOrders && (done === 0 || performance.now() < until);
    done += WARM_UP_SLICE
  ) {
    await generator.load(lane, Math.min(WARM_UP_SLICE, warmUpOrders - done), FAR_LEAD_MS);
    speed = (await generator.fire(lane, null, underWayMax)).rate;
  }
  return speed;
}

async function alone<Result>(measured: Side, other: Side, work: () => Promise<Result>): Promise<Result> {
  other.server.pause();
  try {
    await Bun.sleep(BREATH_MS);
    return await work();
  } finally {
    other.server.resume();
    measured.server.resume();
  }
}

async function volleys({ server, generator, idle }: Side, lane: LaneName, sizes: Sizes): Promise<Measured> {
  await generator.load(lane, sizes.flatOutOrders, FAR_LEAD_MS);
  const [cpu, at] = [server.cpuSeconds, performance.now()];
  const flatOut = checked(await generator.fire(lane, null, sizes.underWayMax), sizes.flatOutOrders);
  await Bun.sleep(BREATH_MS);
  const cpuMicros =
    ((server.cpuSeconds - cpu - (idle[lane] * (performance.now() - at)) / 1000) * 1e6) / flatOut.accepted;
  await generator.load(lane, sizes.pacedOrders, FAR_LEAD_MS);
  const paced = checked(await generator.fire(lane, STEADY_PER_SECOND, sizes.pacedOrders), sizes.pacedOrders);
  return { rate: flatOut.rate, cpuMicros, p50: paced.p50, p99: paced.p99 };
}

/** A volley that was refused in part measures something else. */
function checked<V extends { readonly accepted: number; readonly refused: Readonly<Record<string, number>> }>(
  volley: V,
  orders: number,
): V {
  if (volley.accepted < orders * 0.99)
    throw new Refused(
      `of ${orders} orders only ${volley.accepted} were accepted: ${JSON.stringify(volley.refused)}`,
    );
  return volley;
}

function figuresOf(rounds: readonly Round[]): TapFigures {
  const of = (value: (round: Round) => number) => roundedSpread(spreadOf(rounds.map(value)));
  const spread = {
    rate: of(({ ours }) => ours.rate),
    reference: of(({ reference }) => reference.rate),
    ratio: of(({ ours, reference }) => ours.rate / reference.rate),
    p99At3000: of(({ ours }) => ours.p99),
    referenceP99At3000: of(({ reference }) => reference.p99),
    cpuRatio: of(({ ours, reference }) => reference.cpuMicros / ours.cpuMicros),
  };
  return {
    rate: spread.rate.median,
    reference: spread.reference.median,
    ratio: spread.ratio.median,
    p50At3000: of(({ ours }) => ours.p50).median,
    p99At3000: spread.p99At3000.median,
    referenceP99At3000: spread.referenceP99At3000.median,
    cpuMicrosPerTap: of(({ ours }) => ours.cpuMicros).median,
    referenceCpuMicrosPerTap: of(({ reference }) => reference.cpuMicros).median,
    spread,
  };
}
