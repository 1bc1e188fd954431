import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { BankrollHistory } from '../engine/bankroll-history.ts';
import { exposureMap } from '../engine/exposure-map.ts';
import { LatencyRing } from '../engine/latency-ring.ts';
import type { Feed, VenueStatus } from '../feed/feed.ts';
import type { Currency, Multiplier } from '../game/money.ts';
import { JOBS } from '../http/metric-names.ts';
import type { Books } from '../ports/books.ts';
import type { Exposure, HouseMoney, Operations, VenueState } from '../ports/operations.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import { DiskHistory } from '../upkeep/disk-history.ts';
import { jobStates } from '../upkeep/jobs.ts';

interface Watched {
  readonly config: Config;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly books: Pick<Books, 'bankroll'>;
  readonly operatorBooks: OperatorBooks;
  readonly multiplierMax: Multiplier;
  readonly walBytes: () => number;
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
  readonly #timer: Timer;

  constructor(private readonly watched: Watched) {
    const { engine, config, now } = watched;
    this.#latency = new LatencyRing(engine.latency, now());
    this.#commits = new LatencyRing(engine.batcher.commits, now());
    this.#bankrolls = new BankrollHistory(watched.operatorBooks);
    this.#disk = new DiskHistory(config.dataDir);
    this.#step();
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  look = (): Operations => {
    const { engine, feed, config, walBytes, sockets, now } = this.watched;
    const at = now();
    const board = engine.board();
    return {
      at,
      simulated: engine.simulated,
      feedLabel: engine.feedLabel,
      health: engine.health(),
      halt: engine.operatorHalt,
      price: engine.tick()?.price ?? null,
      quorum: feed.quorum,
      windowMs: config.windowMs,
      columns:
        board?.columns.map(({ start, band, low, locked, multipliers }) => ({
          start,
          band,
          low,
          locked,
          rows: multipliers.length,
        })) ?? [],
      exposure: { PLAY: this.#exposure('PLAY'), USD: this.#exposure('USD') },
      money: { PLAY: this.#money('PLAY', at), USD: this.#money('USD', at) },
      venues: feed.status(at).map((venue) => venueState(venue, at)),
      latency: this.#latency.points(at),
      commits: this.#commits.points(at),
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

  #money(currency: Currency, at: number): HouseMoney {
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
