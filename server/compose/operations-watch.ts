import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { BankrollHistory } from '../engine/bankroll-history.ts';
import { exposureMap } from '../engine/exposure-map.ts';
import { LatencyRing } from '../engine/latency-ring.ts';
import type { Feed, VenueStatus } from '../feed/feed.ts';
import { defaultWindow } from '../game/boards.ts';
import type { Currency, Multiplier } from '../game/money.ts';
import { JOBS } from '../http/metric-names.ts';
import type { Books } from '../ports/books.ts';
import { BUILD } from '../ports/build.ts';
import type {
  BackupState,
  Exposure,
  BankrollFigures,
  Installation,
  Operations,
  VenueState,
} from '../ports/operations.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import { marksOf } from './readings.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { fileSince } from '../upkeep/disk.ts';
import { DiskHistory } from '../upkeep/disk-history.ts';
import { JOBS_FOLDER, jobStates, reportedSum } from '../upkeep/jobs.ts';
import { readTextfile } from '../upkeep/textfile.ts';
import { backupFolder } from './backups.ts';
import type { HouseWatch } from './house-watch.ts';

interface Watched {
  readonly config: Config;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly books: Pick<Books, 'bankroll'>;
  readonly operatorBooks: OperatorBooks;
  readonly multiplierMax: Multiplier;
  readonly walBytes: () => number;
  readonly watch: Pick<HouseWatch, 'machine' | 'afterCrash'>;
  readonly sockets: () => number;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const PERCENT = 0.01;
/** Looks at the disk, and ends the minutes of the latency chart. */
const STEP_MS = 10_000;

/**
 * What an operator looks at: gathered from the moving parts at each look, and what only time shows kept in
 * rings.
 */
export class OperationsWatch {
  readonly #latency: LatencyRing;
  readonly #commits: LatencyRing;
  readonly #bankrolls: BankrollHistory;
  readonly #disk: DiskHistory;
  readonly #booksSince: number;
  readonly #timer: Timer;

  constructor(private readonly watched: Watched) {
    const { engine, config, now } = watched;
    this.#latency = new LatencyRing(engine.latency, now());
    this.#commits = new LatencyRing(engine.batcher.commits, now());
    this.#bankrolls = new BankrollHistory(watched.operatorBooks);
    this.#disk = new DiskHistory(config.dataDir);
    this.#booksSince = fileSince(join(config.dataDir, DATABASE_FILE));
    this.#step();
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  look = (): Operations => {
    const { engine, feed, config, walBytes, sockets, now } = this.watched;
    const at = now();
    return {
      at,
      simulated: engine.simulated,
      feedLabel: engine.feedLabel,
      health: engine.health(),
      halt: engine.hand.halt,
      maintenance: engine.maintenance(),
      calendar: engine.calendar(),
      price: engine.tick()?.price ?? null,
      quorum: feed.quorum,
      windowMs: defaultWindow(config.windows),
      columns: engine.boards().flatMap(({ windowMs, columns }) =>
        columns.map(({ start, band, low, locked, multipliers }) => ({
          start,
          windowMs,
          band,
          low,
          locked,
          rows: multipliers.length,
        })),
      ),
      exposure: { PLAY: this.#exposure('PLAY'), USD: this.#exposure('USD') },
      money: { PLAY: this.#money('PLAY', at), USD: this.#money('USD', at) },
      venues: feed.status(at).map((venue) => venueState(venue, at)),
      headStarts: engine.headStarts(),
      latency: this.#latency.points(at),
      commits: this.#commits.points(at),
      returns: engine.settlement.returns.readings(at),
      marks: marksOf(engine),
      installation: this.#installation(),
      jobs: jobStates(config.dataDir, JOBS),
      disk: this.#disk.state(at),
      sockets: sockets(),
      queued: engine.batcher.queuedTaps,
      walBytes: walBytes(),
      memoryBytes: process.memoryUsage.rss(),
    };
  };

  stop(): void {
    clearInterval(this.#timer);
  }

  #step(): void {
    const now = this.watched.now();
    this.#latency.step(now);
    this.#commits.step(now);
    this.#disk.step(now);
  }

  #installation(): Installation {
    const { config, engine, watch } = this.watched;
    const away = engine.health().causes.find(({ cause }) => cause === 'redis_away');
    return {
      build: BUILD,
      startedAt: Math.round(performance.timeOrigin),
      afterCrash: watch.afterCrash,
      machine: watch.machine(),
      booksSince: this.#booksSince,
      redis: config.redisUrl === null ? 'not used' : (away?.detail ?? 'answers'),
      backups: backupsOf(config),
      probe: jobStates(config.dataDir, ['probe'])[0]!,
      violations: reportedSum(config.dataDir, 'integrity', 'tapgrid_verify_violations'),
    };
  }

  #exposure(currency: Currency): Exposure {
    const { engine, books, config, multiplierMax } = this.watched;
    const cap = (percent: number): number => Math.floor(books.bankroll(currency) * percent * PERCENT);
    return {
      cells: exposureMap(engine.settlement.all(), currency, multiplierMax),
      caps: {
        cell: cap(config.exposureCellPercent),
        column: cap(config.exposureColumnPercent),
        total: cap(config.exposureTotalPercent),
      },
    };
  }

  #money(currency: Currency, at: number): BankrollFigures {
    const { books, operatorBooks } = this.watched;
    const bankroll = books.bankroll(currency);
    return {
      bankroll,
      today: bankroll - operatorBooks.bankrollAt(currency, at - (at % DAY_MS)),
      week: bankroll - operatorBooks.bankrollAt(currency, at - WEEK_MS),
      history: this.#bankrolls.until(currency, at),
    };
  }
}

/** By what their jobs reported. */
function backupsOf(config: Config): BackupState {
  const figure = (job: string, name: string): number | null =>
    readTextfile(join(config.dataDir, JOBS_FOLDER, `${job}.prom`), `tapgrid_${job}_${name}`);
  const time = (job: string, name: string): number | null => {
    const seconds = figure(job, name);
    return seconds === null ? null : Math.round(seconds * 1000);
  };
  const bucket = config.backupS3Bucket === null ? [] : [`s3://${config.backupS3Bucket}`];
  return {
    places: [backupFolder(config), ...bucket],
    snapshotAt: time('backup', 'last_success_timestamp_seconds'),
    snapshotBytes: figure('backup', 'bytes'),
    tailAt: time('tail', 'last_sent_timestamp_seconds'),
  };
}

export const venueState = (
  { venue, state, alive, price, quoteAt, note, counters }: VenueStatus,
  at: number,
): VenueState => ({
  venue,
  state,
  alive,
  price,
  note,
  quoteAgeMs: quoteAt === null ? null : Math.max(0, at - quoteAt),
  counters: { ...counters },
});
