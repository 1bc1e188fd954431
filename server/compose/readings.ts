import { join } from 'node:path';
import type { LatencyHistogram } from '../ports/latency.ts';
import type { Engine } from '../engine/engine.ts';
import type { Feed } from '../feed/feed.ts';
import { JOBS } from '../http/metric-names.ts';
import { isLimited } from '../game/restriction.ts';
import type { MarkFigures, Readings } from '../ports/readings.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { diskUsedShare, fileSince } from '../upkeep/disk.ts';
import { jobReports, jobStates } from '../upkeep/jobs.ts';
import { virtualBytes } from '../upkeep/process-figures.ts';
import type { HouseWatch } from './house-watch.ts';

interface Read {
  readonly engine: Engine;
  readonly feed: Feed;
  readonly watch: Pick<HouseWatch, 'machine' | 'crashes'>;
  readonly slowConsumers: () => number;
  readonly link: () => Readings['link'];
  readonly logDropped: () => number;
  readonly walBytes: () => number;
  readonly loopLag: LatencyHistogram;
  readonly stalls: () => number;
  readonly dataDir: string;
  readonly now: () => number;
}

const MICROSECOND = 1e-6;

/** Gathers what an operator reads off the moving parts; once per look at the metrics. */
export const readingsOf = ({
  engine,
  feed,
  watch,
  slowConsumers,
  link,
  logDropped,
  walBytes,
  loopLag,
  stalls,
  dataDir,
  now,
}: Read) => {
  const booksSince = fileSince(join(dataDir, DATABASE_FILE));
  return (): Readings => {
    const at = now();
    const { user, system } = process.cpuUsage();
    return {
      commits: engine.batcher.commits,
      committed: engine.batcher.committed,
      taps: engine.latency,
      settlements: engine.settlement.lag,
      loopLag,
      stalls: stalls(),
      open: { PLAY: engine.gauge.openOf('PLAY'), USD: engine.gauge.openOf('USD') },
      venues: feed.status(at).map(({ venue, alive, quoteAt, counters: { frames: _, ...faults } }) => ({
        venue,
        alive,
        quoteAgeMs: quoteAt === null ? null : Math.max(0, at - quoteAt),
        faults,
      })),
      headStarts: engine.headStarts(),
      slowConsumers: slowConsumers(),
      link: link(),
      logDropped: logDropped(),
      closed: engine.settlement.closed.outcomes,
      voids: engine.settlement.closed.voids,
      returns: engine.settlement.returns.readings(at),
      marks: marksOf(engine),
      machine: watch.machine(),
      crashes: watch.crashes,
      booksSince,
      clockOffMs: feed.clockOffMs?.(at) ?? null,
      walBytes: walBytes(),
      diskUsedShare: diskUsedShare(dataDir),
      memoryBytes: process.memoryUsage.rss(),
      heapBytes: process.memoryUsage().heapUsed,
      cpuSeconds: (user + system) * MICROSECOND,
      virtualBytes: virtualBytes(),
      jobs: jobStates(dataDir, JOBS),
      jobReports: jobReports(dataDir),
    };
  };
};

/**
 * Measures how much later than `everyMs` after the one before each step comes; call it on every step.
 * @returns how late this one is, ms.
 */
export function lagMeter(
  everyMs: number,
  lag: LatencyHistogram,
  steadyMs: () => number = () => performance.now(),
): () => number {
  let due = Infinity;
  return () => {
    const at = steadyMs();
    const lateMs = Math.max(0, at - due);
    if (due !== Infinity) lag.record(lateMs);
    due = at + everyMs;
    return lateMs;
  };
}

/** Accounts that gain after the lock, but for those whose stakes operators bound already. */
export const marksOf = ({ settlement, hand }: Engine): MarkFigures =>
  settlement.marks.figures((accountId) => isLimited(hand.restrictionOf(accountId)));
