import type { Bet } from '../game/bet.ts';
import type { Cell } from '../game/grid.ts';
import { pointAt, touches, type PathPoint, type PathRule, type Segment } from '../game/path.ts';
import { resolve, watchSilence, watchTick, type Watch, type WatchStep } from '../game/resolution.ts';
import type { Tick } from '../game/tick.ts';
import type { BetClosing } from '../ports/ledger.ts';

interface Bucket {
  readonly cell: Cell;
  readonly betIds: Set<string>;
}

/** A column with locked bets of one rule: its watch, and the bets by band. */
interface WatchedColumn {
  readonly watch: Watch;
  readonly bands: Map<number, Bucket[]>;
}

/**
 * Keeps the locked bets by column and band, and finds out, tick by tick, which are decided. The cost of a
 * tick grows with the bands of the columns that are open and the bets that it closes, not with the bets that
 * wait.
 */
export class Resolver {
  /** By start and rule: while bets of two rules wait, a column is watched by each. */
  readonly #columns = new Map<string, WatchedColumn>();
  #last: PathPoint | null = null;

  /** @param gapOf the longest time without a tick that is no gap for a bet, ms. */
  constructor(private readonly gapOf: (bet: Bet) => number) {}

  /** The tick before the first one of this run. */
  restore(last: Tick | null): void {
    this.#last = last;
  }

  /**
   * Takes a locked bet into the watch.
   * @param log ticks from before the window on, asked for only when the window has opened already.
   * @returns the closing when the log decides the bet at once, else null.
   */
  add(bet: Bet, now: number, log: (cell: Cell) => readonly PathPoint[]): BetClosing | null {
    const { cell } = bet;
    if (cell.startMs <= Math.max(now, this.#last?.at ?? 0)) {
      const closing = closingOf(bet.id, resolve(cell, log(cell), this.#ruleOf(bet), now));
      if (closing !== null) return closing;
    }
    this.#bucket(cell, this.#ruleOf(bet), log).betIds.add(bet.id);
    return null;
  }

  /** @returns what this tick decides, in the order of columns and bands. */
  onTick(tick: Tick): BetClosing[] {
    const closings: BetClosing[] = [];
    for (const column of this.#openAt(tick.at))
      this.#apply(column, watchTick(column.watch, this.#last, tick), tick, closings);
    this.#last = tick;
    return closings;
  }

  /** What the clock alone decides while no tick comes. */
  onSilence(now: number): BetClosing[] {
    const closings: BetClosing[] = [];
    for (const column of this.#openAt(now))
      this.#apply(column, watchSilence(column.watch, this.#last, now), null, closings);
    return closings;
  }

  #openAt(at: number): WatchedColumn[] {
    const open: WatchedColumn[] = [];
    for (const column of this.#columns.values()) if (column.watch.startMs <= at) open.push(column);
    return open;
  }

  #apply(
    column: WatchedColumn,
    { carried, segment, ended }: WatchStep,
    tick: Tick | null,
    closings: BetClosing[],
  ): void {
    const { watch, bands } = column;
    if (carried !== null)
      take(bands, pointAt(carried.price), { tickSeq: carried.seq, closedAt: watch.startMs }, closings);
    if (segment !== null) take(bands, segment, { tickSeq: tick!.seq, closedAt: tick!.at }, closings);
    if (ended === null) {
      if (bands.size === 0) this.#columns.delete(keyOf(watch));
      return;
    }
    for (const buckets of bands.values())
      for (const { betIds } of buckets)
        for (const betId of betIds)
          closings.push(
            ended === 'lost'
              ? { betId, outcome: 'lost', tickSeq: tick!.seq, closedAt: tick!.at }
              : { betId, outcome: 'void', voidReason: 'gap', closedAt: watch.startMs + watch.windowMs },
          );
    this.#columns.delete(keyOf(watch));
  }

  #ruleOf(bet: Bet): PathRule {
    return { version: bet.rule, maxGapMs: this.gapOf(bet) };
  }

  #bucket(cell: Cell, rule: PathRule, log: (cell: Cell) => readonly PathPoint[]): Bucket {
    const watch: Watch = { startMs: cell.startMs, windowMs: cell.windowMs, rule, broken: false };
    let column = this.#columns.get(keyOf(watch));
    if (column === undefined) {
      column = { watch, bands: new Map() };
      if (this.#last !== null && cell.startMs <= this.#last.at) catchUp(watch, log(cell));
      this.#columns.set(keyOf(watch), column);
    }
    const buckets = column.bands.get(cell.low) ?? [];
    let bucket = buckets.find((known) => known.cell.high === cell.high);
    if (bucket === undefined) buckets.push((bucket = { cell, betIds: new Set() }));
    column.bands.set(cell.low, buckets);
    return bucket;
  }
}

const keyOf = ({ startMs, rule }: Watch): string => `${startMs} ${rule.version} ${rule.maxGapMs}`;

/** A column whose first bet comes after its opening must know of breaks that were before it. */
function catchUp(watch: Watch, ticks: readonly PathPoint[]): void {
  let before: PathPoint | null = null;
  for (const tick of ticks) {
    watchTick(watch, before, tick);
    before = tick;
  }
}

/** @returns null while the outcome is open. */
export function closingOf(betId: string, resolution: ReturnType<typeof resolve>): BetClosing | null {
  switch (resolution.outcome) {
    case 'open':
      return null;
    case 'void':
      return { betId, outcome: 'void', voidReason: resolution.reason, closedAt: resolution.at };
    default:
      return { betId, outcome: resolution.outcome, tickSeq: resolution.tickSeq, closedAt: resolution.at };
  }
}

function take(
  bands: Map<number, Bucket[]>,
  segment: Segment,
  decided: { tickSeq: number; closedAt: number },
  closings: BetClosing[],
): void {
  for (const [low, buckets] of bands) {
    const rest = buckets.filter(({ cell, betIds }) => {
      if (!touches(segment, cell)) return true;
      for (const betId of betIds) closings.push({ betId, outcome: 'won', ...decided });
      return false;
    });
    if (rest.length === 0) bands.delete(low);
    else if (rest.length < buckets.length) bands.set(low, rest);
  }
}
