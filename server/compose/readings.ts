import type { LatencyHistogram } from '../engine/latency.ts';
import type { Engine } from '../engine/engine.ts';
import type { Feed } from '../feed/feed.ts';
import type { Readings } from '../ports/readings.ts';
import { diskUsedShare } from '../upkeep/disk.ts';
import { jobReports, jobSuccesses } from '../upkeep/jobs.ts';

interface Read {
  readonly engine: Engine;
  readonly feed: Feed;
  readonly slowConsumers: () => number;
  readonly logDropped: () => number;
  readonly walBytes: () => number;
  readonly loopLag: LatencyHistogram;
  readonly dataDir: string;
  readonly now: () => number;
}

/** Gathers what an operator reads off the moving parts; once per look at the metrics. */
export const readingsOf =
  ({ engine, feed, slowConsumers, logDropped, walBytes, loopLag, dataDir, now }: Read) =>
  (): Readings => {
    const at = now();
    return {
      commits: engine.batcher.commits,
      committed: engine.batcher.committed,
      taps: engine.latency,
      settlements: engine.settlement.lag,
      loopLag,
      open: { PLAY: engine.gauge.openOf('PLAY'), USD: engine.gauge.openOf('USD') },
      venues: feed.status(at).map(({ venue, alive, quoteAt, counters: { frames: _, ...faults } }) => ({
        venue,
        alive,
        quoteAgeMs: quoteAt === null ? null : Math.max(0, at - quoteAt),
        faults,
      })),
      slowConsumers: slowConsumers(),
      logDropped: logDropped(),
      walBytes: walBytes(),
      diskUsedShare: diskUsedShare(dataDir),
      memoryBytes: process.memoryUsage.rss(),
      heapBytes: process.memoryUsage().heapUsed,
      jobs: jobSuccesses(dataDir),
      jobReports: jobReports(dataDir),
    };
  };

/** Measures how much later than `everyMs` after the one before each step comes; call it on every step. */
export function lagMeter(
  everyMs: number,
  lag: LatencyHistogram,
  steadyMs: () => number = () => performance.now(),
): () => void {
  let due = Infinity;
  return () => {
    const at = steadyMs();
    if (due !== Infinity) lag.record(Math.max(0, at - due));
    due = at + everyMs;
  };
}
