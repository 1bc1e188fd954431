import { logRatioBp } from '../../game/log-price.ts';
import type { Tick } from '../../game/tick.ts';
import type { VenuePrice } from '../../game/venue-price.ts';

/** A venue is ahead by what it has moved more than the tick within so long. */
const WITHIN_MS = 1_000;
/**
 * A head start is at least so large: 1 bp, below which books flicker; twice the usual move of a second; and
 * six times the venue's own usual distance from the tick, four standard deviations of it. Smaller ones would
 * be worth a snipe too, but prices reach so far by chance (docs/odds.md has what that did to the figures),
 * and a large move comes in as late as a small one.
 */
export const HEAD_START_BP_MIN = 1;
export const HEAD_START_SIGMAS_MIN = 2;
const HEAD_START_DISTANCES_MIN = 6;
/** A tick that has not followed by then follows something else; no hold may be longer than a window. */
export const FOLLOW_MS_MAX = 5_000;
/** After a longer silence of the tick nobody knows when it followed. */
const SILENCE_MS_MAX = 1_000;

/** One move that a venue showed before the tick did, when it is over. */
export interface HeadStart {
  readonly venue: string;
  /** How it ended: the tick followed, the venue took its move back, or neither in {@link FOLLOW_MS_MAX}. */
  readonly end: 'followed' | 'taken-back' | 'alone';
  /** From the arrival of the venue's price to the tick that had followed, ms; null unless it did. */
  readonly tickMs: number | null;
  /** The age of the venue's price when it came, by the venue's own clock, ms; null without one. */
  readonly delayMs: number | null;
  /** From that arrival to the one that had followed, for each other venue, ms; null for one that had not. */
  readonly behindMs: ReadonlyMap<string, number | null>;
}

/** What every price is compared with: the oldest ones within {@link WITHIN_MS}. */
interface Level {
  readonly at: number;
  readonly tick: number;
  readonly venues: ReadonlyMap<string, number>;
}

/** Follows the median of what it is given by a thousandth each time, which single jumps do not move. */
class RunningMedian {
  #value = 0.05;

  add(sample: number): void {
    this.#value = Math.max(0.01, this.#value * (sample > this.#value ? 1.001 : 1 / 1.001));
  }

  get value(): number {
    return this.#value;
  }
}

interface Running {
  readonly venue: string;
  readonly from: Level;
  readonly at: number;
  readonly delayMs: number | null;
  readonly sign: 1 | -1;
  /** How far the venue had moved when it was seen, bp, and what of that counts as having followed. */
  readonly size: number;
  readonly enough: number;
  tickMs: number | null;
  readonly behindMs: Map<string, number | null>;
}

/**
 * Sees who moves first. A head start begins with the price of a venue that has moved more than the tick
 * within a second, by what {@link HEAD_START_BP_MIN} says at least; it ends when the tick has moved as far,
 * but for half of that least, and so have the other venues. Distances are each series' own, so that a venue
 * which is always a dollar higher is not ahead. All times are arrivals at this machine.
 */
export class HeadStartWatch {
  #prices = new Map<string, number>();
  #levels: Level[] = [];
  #tick = 0;
  #tickAt = -Infinity;
  #usualMoveBp = Infinity;
  /** How far each venue usually is from the tick, by what both moved within a second, bp. */
  readonly #distances = new Map<string, RunningMedian>();
  /** Nothing is compared with levels from before. */
  #since = Infinity;
  #running: Running | null = null;

  constructor(private readonly onHeadStart: (headStart: HeadStart) => void) {}

  onPrice({ venue, price, at, exchangeAt }: VenuePrice): void {
    this.#prices.set(venue, price);
    if (this.#running === null) this.#begin(venue, price, at, exchangeAt);
    else this.#followed(this.#running, venue, price, at);
  }

  /** @param sigmaBp of the price now, bp per √s: the usual move of a second. */
  onTick({ at, price, sources }: Tick, sigmaBp: number): void {
    if (at - this.#tickAt > SILENCE_MS_MAX) this.#restart(at);
    this.#tickAt = at;
    this.#tick = price;
    this.#usualMoveBp = sigmaBp;
    this.#measureDistances(at);
    const heard = new Set(sources.map(({ venue }) => venue));
    const venues = new Map([...this.#prices].filter(([venue]) => heard.has(venue)));
    this.#levels.push({ at, tick: price, venues });
    const kept = this.#levels.findIndex((level) => level.at >= at - WITHIN_MS);
    this.#levels.splice(0, kept);
    if (this.#running !== null) this.#followedByTick(this.#running, at, price);
  }

  #begin(venue: string, price: number, at: number, exchangeAt: number | null): void {
    const from = this.#levelAt(at);
    const before = from?.venues.get(venue);
    if (from === null || before === undefined) return;
    const moved = logRatioBp(before, price);
    const sign = moved > 0 ? 1 : -1;
    const size = sign * moved;
    const ahead = size - Math.max(0, sign * logRatioBp(from.tick, this.#tick));
    const least = this.#leastOf(venue);
    if (ahead < least) return;
    const running: Running = {
      venue,
      from,
      at,
      delayMs: exchangeAt === null ? null : Math.max(0, at - exchangeAt),
      sign,
      size,
      enough: size - least / 2,
      tickMs: null,
      behindMs: new Map([...from.venues.keys()].filter((one) => one !== venue).map((one) => [one, null])),
    };
    this.#running = running;
    for (const other of running.behindMs.keys()) this.#followed(running, other, this.#prices.get(other)!, at);
  }

  /** Null until prices of a second ago are known. */
  #levelAt(at: number): Level | null {
    return at - this.#since < WITHIN_MS ? null : (this.#levels[0] ?? null);
  }

  #leastOf(venue: string): number {
    const distance = this.#distances.get(venue)?.value ?? Infinity;
    return Math.max(
      HEAD_START_BP_MIN,
      HEAD_START_SIGMAS_MIN * this.#usualMoveBp,
      HEAD_START_DISTANCES_MIN * distance,
    );
  }

  #measureDistances(at: number): void {
    const from = this.#levelAt(at);
    if (from === null || this.#running !== null) return;
    const tickMoved = logRatioBp(from.tick, this.#tick);
    for (const [venue, before] of from.venues) {
      const moved = logRatioBp(before, this.#prices.get(venue)!);
      let usual = this.#distances.get(venue);
      if (usual === undefined) this.#distances.set(venue, (usual = new RunningMedian()));
      usual.add(Math.abs(moved - tickMoved));
    }
  }

  #followed(running: Running, venue: string, price: number, at: number): void {
    const before = running.from.venues.get(venue);
    if (before === undefined) return;
    const moved = running.sign * logRatioBp(before, price);
    if (venue === running.venue) {
      if (moved < running.size / 2 && running.tickMs === null) this.#end('taken-back', at);
    } else if (running.behindMs.get(venue) === null && moved >= running.enough)
      running.behindMs.set(venue, Math.max(0, at - running.at));
  }

  #followedByTick(running: Running, at: number, price: number): void {
    const { from, sign, enough, behindMs } = running;
    if (running.tickMs === null && sign * logRatioBp(from.tick, price) >= enough)
      running.tickMs = Math.max(0, at - running.at);
    const isOver = at - running.at >= FOLLOW_MS_MAX;
    const allFollowed = running.tickMs !== null && [...behindMs.values()].every((ms) => ms !== null);
    if (allFollowed || isOver) this.#end(running.tickMs === null ? 'alone' : 'followed', at);
  }

  #end(end: HeadStart['end'], at: number): void {
    const { venue, tickMs, delayMs, behindMs } = this.#running!;
    this.#restart(at);
    this.onHeadStart({ venue, end, tickMs, delayMs, behindMs });
  }

  /** What is still on its way belongs to what was seen: the next head start begins with fresh levels. */
  #restart(at: number): void {
    this.#running = null;
    this.#levels = [];
    this.#since = at;
  }
}
