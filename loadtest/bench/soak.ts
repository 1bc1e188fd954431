import { Crowd } from './crowd-process.ts';
import { Generator, type LaneName } from './generator-process.ts';
import { readMetrics } from './scrape.ts';
import { ServerProcess } from './server-process.ts';
import { rounded, slopeOf } from './spread.ts';

/** One look at the server: seconds since the load began, memory in megabytes. */
export interface SoakPoint {
  readonly at: number;
  readonly resident: number;
  readonly heap: number;
  readonly wal: number;
  readonly openBets: number;
  readonly bets: number;
}

/**
 * Slopes are those of the points after the warm-up (Theil and Sen: the median of the slopes of all pairs),
 * megabytes an hour.
 */
export interface SoakFigures {
  readonly minutes: number;
  readonly warmUpMinutes: number;
  readonly perSecond: number;
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly watchers: number;
  readonly residentPerHour: number;
  readonly heapPerHour: number;
  /** Largest p99 of a volley of the part after the warm-up, and the median of them, ms. */
  readonly p99Max: number;
  readonly p99: number;
  readonly points: readonly SoakPoint[];
}

export interface SoakSetting {
  readonly minutes: number;
  /** Taps. */
  readonly perSecond: number;
}

/** Orders are signed for so long ahead: quotes hold for ten seconds in the benchmark's server. */
const VOLLEY_SECONDS = 5;
const LEAD_MS = 12_000;
const WATCHERS = 200;
/**
 * Caches, the nonces of 90 s and the compiler have come to rest after this part, and not before so many
 * minutes.
 */
const WARM_UP_SHARE = 0.3;
const WARM_UP_MINUTES_MIN = 3;
const MEGABYTE = 2 ** 20;
/** What people look at besides the board, once in a volley. */
const PAGES = ['/', '/fairness', '/rules', '/api/v1/grid', '/api/v1/fairness', '/readyz', '/'];
const LANES: readonly LaneName[] = ['socket', 'http'];

/** One server under an even load for long: bets, watchers, pages. What it keeps for ever shows as a slope. */
export async function measureSoak(
  { minutes, perSecond }: SoakSetting,
  say: (line: string) => void,
): Promise<SoakFigures> {
  const server = await ServerProcess.tapgrid();
  const generator = Generator.start(server.origin);
  let watchers: Crowd | null = null;
  const points: SoakPoint[] = [];
  const refused: Record<string, number> = {};
  const latencies: { readonly at: number; readonly p99: number }[] = [];
  let accepted = 0;
  try {
    watchers = await Crowd.open(server.origin, WATCHERS);
    await generator.open(Math.max(150, perSecond), 64, Math.max(100, Math.round(perSecond / 4)));
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const warmUpSeconds = 60 * Math.max(minutes * WARM_UP_SHARE, Math.min(WARM_UP_MINUTES_MIN, minutes / 2));
    for (let volley = 0; seconds() < minutes * 60; volley++) {
      const lane = LANES[volley % LANES.length]!;
      await generator.load(lane, perSecond * VOLLEY_SECONDS, LEAD_MS);
      const [shot] = await Promise.all([
        generator.fire(lane, perSecond, perSecond * VOLLEY_SECONDS),
        look(server.origin, volley),
      ]);
      accepted += shot.accepted;
      for (const [code, count] of Object.entries(shot.refused)) refused[code] = (refused[code] ?? 0) + count;
      latencies.push({ at: seconds(), p99: shot.p99 });
      const read = await readMetrics(server.operations);
      const megabytes = (name: string) => rounded((read.get(name) ?? NaN) / MEGABYTE);
      points.push({
        at: Math.round(seconds()),
        resident: rounded(server.memoryBytes / MEGABYTE),
        heap: megabytes('tapgrid_heap_bytes'),
        wal: megabytes('tapgrid_wal_bytes'),
        openBets: read.get('tapgrid_open_bets{currency="PLAY"}') ?? NaN,
        bets: accepted,
      });
      if (volley % 12 === 0)
        say(
          `soak ${Math.round(seconds() / 60)} min: ${accepted} taps, ` +
            `${points.at(-1)!.resident} MB resident, ${points.at(-1)!.heap} MB heap, ` +
            `p99 ${shot.p99.toFixed(0)} ms`,
        );
    }
    const settled = points.filter(({ at }) => at >= warmUpSeconds);
    const calm = latencies
      .filter(({ at }) => at >= warmUpSeconds)
      .map(({ p99 }) => p99)
      .toSorted((a, b) => a - b);
    const perHour = (value: (point: SoakPoint) => number) =>
      rounded(3600 * slopeOf(settled.map((point) => [point.at, value(point)])), 3);
    return {
      minutes,
      warmUpMinutes: rounded(warmUpSeconds / 60, 3),
      perSecond: Math.round(accepted / seconds()),
      accepted,
      refused,
      watchers: WATCHERS,
      residentPerHour: perHour(({ resident }) => resident),
      heapPerHour: perHour(({ heap }) => heap),
      p99Max: rounded(calm.at(-1) ?? NaN, 3),
      p99: rounded(calm[calm.length >> 1] ?? NaN, 3),
      points,
    };
  } finally {
    generator.kill();
    watchers?.kill();
    server.kill();
  }
}

async function look(origin: string, volley: number): Promise<void> {
  const response = await fetch(`${origin}${PAGES[volley % PAGES.length]!}`);
  await response.arrayBuffer();
}
