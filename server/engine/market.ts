import { boardOf, defaultWindow } from '../game/boards.ts';
import { isLocked, type Cell, type Column } from '../game/grid.ts';
import { CALM, moodAfter, type MarketMood } from '../game/market-mood.ts';
import type { Multiplier } from '../game/money.ts';
import { learnedFor, PRIOR_BOARDS } from '../game/learned/learned-boards.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import { quoteColumn, type QuoteInputs } from '../game/odds.ts';
import type { Headline } from '../game/headline.ts';
import { MoveRate } from '../game/move-rate.ts';
import type { Cents } from '../game/price.ts';
import { RevisionPrices } from '../game/revision-prices.ts';
import { inputsOfColumn, type GridRevision, type Pause, type QuotedColumn } from '../game/revision.ts';
import type { Tick } from '../game/tick.ts';
import type { VolatilityEstimator } from '../game/volatility.ts';
import type { Board } from '../ports/events.ts';
import { Columns } from './columns.ts';
import { QuoteBasis } from './quote-basis.ts';

export interface MarketOptions {
  /** Length of the windows of each board, ms, ascending. */
  readonly windows: readonly number[];
  /** Columns of each board besides the current one. */
  readonly columnsAhead: number;
  readonly rows: number;
  readonly tickMs: number;
  readonly quoteEveryTicks: number;
  /** By which odds it quotes: the newest, but in the simulation of an older house. */
  readonly model?: QuoteInputs['model'];
  /**
   * Whether a price that stands still, or seldom moves, is suspect: that of exchanges which talk is, a
   * recording's is not.
   */
  readonly watchFrozen: boolean;
  /** Whether the feed itself says that too few prices stand behind that of `at`. */
  readonly isThin?: (at: number) => boolean;
}

type Window = Pick<Cell, 'startMs' | 'windowMs'>;

const windowOf = ({ start, windowMs }: Column): Window => ({ startMs: start, windowMs });

/** Time that a price may stand still while venues talk. */
const FROZEN_MS = 30_000;
/**
 * A feed whose price changes less often is too thin: a price that stands still keeps its own row touched, and
 * the model does not know that.
 */
const MOVES_PER_MINUTE_MIN = 10;
/** How long revisions and ticks are remembered for taps, locks and the price line. */
const REMEMBERED_MS = 60_000;

/**
 * What the market is now: the newest tick, the columns, and the revisions that taps and locks may still name.
 */
export class Market {
  tick: Tick | null = null;
  /** At the newest revision, by length of window; none before the first. */
  boards: readonly Board[] = [];
  readonly #ticks: Tick[] = [];
  readonly #revisions: GridRevision[] = [];
  readonly #prices = new WeakMap<GridRevision, RevisionPrices>();
  /** By board. */
  readonly #columns: readonly Columns[];
  #mood: MarketMood = CALM;
  #ticksSinceQuote = 0;
  readonly #moveRate = new MoveRate();
  readonly #basis: QuoteBasis;
  #lastRevision = 0;
  #forgottenUntil = 0;

  /**
   * @param haircutOf the share that exposure takes off the multipliers of a column.
   * @param isClosed whether an announced maintenance closes a column to bets at a time.
   * @param learned what the shadow book has taught by now.
   * @param headlineAt the entry of the news calendar on whose terms cells are sold at a time.
   */
  constructor(
    private readonly options: MarketOptions,
    readonly estimator: VolatilityEstimator,
    private readonly haircutOf: (window: Window) => number,
    private readonly isClosed: (window: Window, at: number) => boolean = () => false,
    private readonly learned: () => LearnedBoards = () => PRIOR_BOARDS,
    private readonly headlineAt: (at: number) => Headline | null = () => null,
  ) {
    this.#basis = new QuoteBasis(options, () => learnedFor(learned(), defaultWindow(options.windows)));
    this.#columns = options.windows.map((windowMs) => new Columns(windowMs, options.rows));
  }

  /**
   * Continues where the last run ended: its ticks (oldest first) warm the estimate, and its last revision
   * keeps the columns' heights, unless prices start over.
   */
  restore(ticks: readonly Tick[], last: GridRevision | null, startsAnew = false): void {
    for (const tick of ticks) this.#remember(tick);
    this.#lastRevision = last?.revision ?? 0;
    this.#forgottenUntil = last?.at ?? 0;
    if (!startsAnew && last !== null) for (const board of this.#columns) board.restore(last.columns);
  }

  /** That of those who name none. */
  get board(): Board | null {
    return boardOf(this.boards);
  }

  /**
   * Takes a tick; every so many it re-quotes the grid.
   * @param spreadCents distance between the venues that made the tick.
   * @param quoting false when no revision may be made: the market is only followed.
   * @returns the new revision, or null when this tick made none.
   */
  take(tick: Tick, spreadCents: number, quoting: boolean): GridRevision | null {
    this.#remember(tick);
    this.#mood = moodAfter(this.#mood, this.estimator.snapshot(), tick.at);
    if (!quoting || (++this.#ticksSinceQuote < this.options.quoteEveryTicks && this.boards.length > 0))
      return null;
    this.#ticksSinceQuote = 0;
    const revision = this.#requote(tick, spreadCents);
    this.#revisions.push(revision);
    const kept = this.#revisions.findIndex(({ at }) => at >= tick.at - REMEMBERED_MS);
    for (const { at } of this.#revisions.splice(0, kept)) this.#forgottenUntil = at;
    return revision;
  }

  revision(number: number): GridRevision | undefined {
    const first = this.#revisions[0];
    return first === undefined ? undefined : this.#revisions[number - first.revision];
  }

  /** The multiplier at which a remembered revision offers the cell; null when it does not. */
  shown(revision: GridRevision, cell: Cell): Multiplier | null {
    let prices = this.#prices.get(revision);
    if (prices === undefined) this.#prices.set(revision, (prices = new RevisionPrices(revision)));
    return prices.shown(cell);
  }

  /**
   * The first revision at or after `at`; null when none came yet, undefined when it may have been forgotten
   * or made by an earlier run.
   */
  firstRevisionFrom(at: number): GridRevision | null | undefined {
    return at <= this.#forgottenUntil
      ? undefined
      : (this.#revisions.find((revision) => revision.at >= at) ?? null);
  }

  recentTicks(): readonly Tick[] {
    return this.#ticks;
  }

  /** Prices of the remembered ticks from `from` on, UTC epoch ms. */
  priceLine(from: number): readonly (readonly [at: number, price: Cents])[] {
    return this.#ticks.filter(({ at }) => at >= from).map(({ at, price }) => [at, price] as const);
  }

  /**
   * Height of the finest row that is open or on offer at `at`, in cents; before the first board that of the
   * row which would be made at `price`.
   */
  finestRow(at: number, price: Cents): number {
    const { sigma } = this.estimator.snapshot();
    return Math.min(...this.#columns.map((board) => board.finestRow(at, price, sigma)));
  }

  #remember(tick: Tick): void {
    this.#moveRate.onTick(tick);
    this.#basis.onTick(tick);
    this.tick = tick;
    this.estimator.onTick(tick);
    this.#ticks.push(tick);
    if ((this.#ticks[32]?.at ?? Infinity) < tick.at - REMEMBERED_MS && this.#ticks.length > 64)
      this.#ticks.splice(0, 32);
  }

  #requote(tick: Tick, spreadCents: number): GridRevision {
    const volatility = this.estimator.snapshot();
    const { columnsAhead } = this.options;
    const isFast = tick.at < this.#mood.fastUntil;
    const moveRate = this.#moveRate.overUsual;
    const headline = this.headlineAt(tick.at);
    const isNews = headline !== null;
    const isDeclared = this.estimator.declared;
    const inputs = this.#basis.inputs({ tick, volatility, isDeclared, isFast, moveRate, isNews });
    const columns: QuotedColumn[] = this.#columns
      .flatMap((board) => board.from(tick.at, columnsAhead, tick.price, volatility.sigma))
      .map((column) => ({ ...column, haircut: this.haircutOf(windowOf(column)) }));
    const revision: GridRevision = {
      revision: ++this.#lastRevision,
      at: tick.at,
      tickSeq: tick.seq,
      inputs,
      columns,
      pause: this.#pause(tick, spreadCents, this.finestRow(tick.at, tick.price)),
      ...(headline !== null && { headline: headline.at }),
      ...(inputs.model === 2 && this.options.windows.length > 1 && { learned: this.learned() }),
    };
    this.boards = this.options.windows.map((windowMs) => this.#boardOf(revision, tick, windowMs));
    return revision;
  }

  #boardOf(revision: GridRevision, tick: Tick, windowMs: number): Board {
    const { rows } = this.options;
    const columns = revision.columns.filter((column) => column.windowMs === windowMs);
    return {
      revision,
      tick,
      windowMs,
      rows,
      columns: columns.map((column) => ({
        start: column.start,
        band: column.band,
        low: column.low,
        locked: isLocked(column.start, tick.at, windowMs),
        multipliers: this.#multipliers(revision, column),
      })),
    };
  }

  #multipliers(revision: GridRevision, column: QuotedColumn): Board['columns'][number]['multipliers'] {
    const { rows } = this.options;
    const { at, pause } = revision;
    if (pause !== null || this.isClosed(windowOf(column), at)) return new Array(rows).fill(null);
    const inputs = inputsOfColumn(revision, column.windowMs, column.haircut);
    return quoteColumn(inputs, column, rows, at, column.windowMs);
  }

  #pause(tick: Tick, spreadCents: number, row: number): Pause | null {
    if (tick.at < this.#mood.pausedUntil) return 'shock';
    const { watchFrozen } = this.options;
    const { movedAt, lastMinute, isSparse } = this.#moveRate;
    if (watchFrozen && tick.at - movedAt > FROZEN_MS) return 'frozen';
    if (spreadCents > row / 2) return 'venues_apart';
    if (watchFrozen && ((lastMinute ?? Infinity) < MOVES_PER_MINUTE_MIN || isSparse)) return 'thin';
    if (this.options.isThin?.(tick.at)) return 'thin';
    return null;
  }
}
