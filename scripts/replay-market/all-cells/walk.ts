import { Columns } from '../../../server/engine/columns.ts';
import type { EngineOptions } from '../../../server/engine/engine-parts.ts';
import { cellOfRow, isLocked, type Cell } from '../../../server/game/grid.ts';
import { BlockMean } from '../../../server/game/learned/block-mean.ts';
import { leadGroup, sideOf } from '../../../server/game/learned/cell-class.ts';
import type { CorrectedProbability, Corrections } from '../../../server/game/learned/corrections.ts';
import { BLOCK_MS, Learner } from '../../../server/game/learned/learner.ts';
import { meanOf } from '../../../server/game/learned/prior.ts';
import {
  burstEdge,
  lockMultiplier,
  saleMultiplier,
  type SaleTerms,
} from '../../../server/game/learned/sale.ts';
import { isShadowed, ShadowBook } from '../../../server/game/learned/shadow-book.ts';
import { FAST_MARKET_EDGE, ORDINARY } from '../../../server/game/formula.ts';
import { HEADLINE_CAP, HEADLINE_EDGE, headlineAt, type Headline } from '../../../server/game/headline.ts';
import { RULE_VERSION } from '../../../server/game/path.ts';
import type { Cents } from '../../../server/game/price.ts';
import type { Tick } from '../../../server/game/tick.ts';
import type { Tape } from '../tape.ts';
import type { TraderSpec } from '../trader.ts';
import { MarketState } from './market-state.ts';
import { formulaPricer, learnedOf, learnedPricer, type Pricer } from './pricing.ts';
import { Snipers, type Offer } from './snipers.ts';
import { takes } from './takers.ts';
import { Tally, type Sold } from './tally.ts';
import { EarnedTrust } from './trust.ts';

export interface WalkOptions {
  readonly model: 1 | 2;
  readonly holdMs: number;
  /** What lies before on the tape is learned from and not counted, ms. */
  readonly afterMs: number;
  /** Whether only that is sold, and at those margins, which the buckets have earned. */
  readonly gated: boolean;
  /** What model 2 begins with. */
  readonly prior: Corrections;
  readonly traders: readonly TraderSpec[];
  readonly calendar?: readonly Headline[];
  /** Length of the windows of the board that is walked, ms. */
  readonly windowMs: number;
  readonly engine: Pick<
    EngineOptions,
    'columnsAhead' | 'rows' | 'tickMs' | 'quoteEveryTicks' | 'maxGapMs' | 'guardPercent'
  >;
}

/** A cell, or a bet on one, until it is decided. */
interface Shadow extends Cell {
  readonly quoted: CorrectedProbability;
  /** Null: not on offer, or before the cells that count. */
  readonly sold: Sold | null;
  /** Whose bets it is. */
  readonly takers: readonly BlockMean[];
  /** A bet teaches and proves nothing: its cell does. What nothing is sold beside proves nothing either. */
  readonly as: 'bet' | 'cell' | 'unsold';
}

export interface Walked {
  readonly ticks: number;
  /** Moments at which all cells were priced, and those of them at which nothing was for sale. */
  readonly looks: { readonly all: number; readonly sparse: number; readonly paused: number };
  /** Of the cells that could be tapped at looks with sale, the share on offer. */
  readonly offeredShare: number;
  readonly tally: Tally;
  readonly trust: EarnedTrust;
  readonly traders: ReadonlyMap<string, BlockMean>;
  /** At the end, and the mean of the ends of all blocks. */
  readonly corrections: Corrections;
  readonly meanCorrections: Corrections;
}

/**
 * Walks the tape forward once: every few seconds all cells are priced by what is known then, and decided from
 * the ticks when their window is over. What they taught counts from the end of their block on.
 */
export class Walk {
  readonly #state = new MarketState();
  readonly #columns: Columns;
  readonly #shadow: ShadowBook<Shadow>;
  readonly #learner: Learner;
  readonly #trust = new EarnedTrust();
  readonly #tally = new Tally();
  readonly #snipers: Snipers;
  readonly #traders: Map<string, BlockMean>;
  readonly #looks = { all: 0, sparse: 0, paused: 0 };
  #corrections: Corrections;
  readonly #correctionsByBlock: Corrections[] = [];
  #last: Tick | null = null;
  #lookedAt = -Infinity;
  #ticks = 0;
  #cells = 0;
  #offered = 0;

  constructor(
    private readonly tape: Tape,
    private readonly options: WalkOptions,
  ) {
    const { engine, windowMs, traders, holdMs, prior } = options;
    this.#learner = new Learner(prior, options.windowMs);
    this.#corrections = prior;
    this.#columns = new Columns(windowMs, engine.rows);
    this.#traders = new Map(traders.map(({ name }) => [name, new BlockMean()]));
    this.#snipers = new Snipers(traders, holdMs, tape.priceAt);
    this.#shadow = new ShadowBook(
      { version: RULE_VERSION, maxGapMs: engine.maxGapMs },
      (cell, touched, windowEnd) => this.#decide(cell, touched, Math.floor((windowEnd - 1) / BLOCK_MS)),
    );
  }

  /** One step of the tape at `at`; call it every tick of the clock. */
  step(at: number): void {
    const sources = this.tape.sample(at);
    const price = sources[0]?.price;
    if (price === undefined) return;
    const tick: Tick = { seq: ++this.#ticks, at, price, sources };
    this.#state.onTick(tick);
    this.#shadow.onTick(this.#last, tick);
    if (this.#last !== null) this.#endBlocks(this.#last.at, at);
    this.#last = tick;
    if (this.#ticks % this.options.engine.quoteEveryTicks !== 0) return;
    this.#lockHeld(at);
    if (!isShadowed(at, this.#lookedAt)) return;
    this.#lookedAt = at;
    this.#look(at);
  }

  result(): Walked {
    return {
      ticks: this.#ticks,
      looks: this.#looks,
      offeredShare: this.#cells === 0 ? 0 : this.#offered / this.#cells,
      tally: this.#tally,
      trust: this.#trust,
      traders: this.#traders,
      corrections: this.#corrections,
      meanCorrections: meanOf(this.#correctionsByBlock),
    };
  }

  #look(at: number): void {
    const { windowMs } = this.options;
    const { columnsAhead, rows } = this.options.engine;
    const { snapshot, mood, spot } = this.#state;
    const { isSparse } = this.#state.moveRate;
    const counts = at >= this.tape.startAt + this.options.afterMs;
    const isOpen = snapshot.warm && at >= mood.pausedUntil && !isSparse;
    if (counts) this.#countLook(isSparse, isOpen);
    const pricer = this.#pricer(spot);
    const offers: Offer[] = [];
    for (const column of this.#columns.from(at, columnsAhead, spot, snapshot.sigma)) {
      if (isLocked(column.start, at, windowMs)) continue;
      const price = pricer(column.start - at);
      const cells: Shadow[] = [];
      for (let row = 0; row < rows; row++) {
        const cell = cellOfRow(column, row, windowMs);
        const quoted = price(cell.low, cell.high);
        const sold = counts && isOpen ? this.#sell(cell, quoted.probability, at) : null;
        cells.push({
          ...cell,
          quoted,
          sold,
          takers: sold === null ? [] : this.#takersOf(cell, sold),
          as: isOpen ? 'cell' : 'unsold',
        });
        if (sold !== null) offers.push({ column, cell, multiplier: sold.multiplier });
      }
      if (counts && isOpen) this.#cells += rows;
      this.#shadow.price(column, cells);
    }
    this.#offered += offers.length;
    this.#snipers.look(at, offers, (ahead) => this.#pricer(ahead));
  }

  #countLook(isSparse: boolean, isOpen: boolean): void {
    this.#looks.all++;
    if (isSparse) this.#looks.sparse++;
    else if (!isOpen) this.#looks.paused++;
  }

  #pricer(spot: Cents): Pricer {
    const { windowMs } = this.options;
    const { tickMs } = this.options.engine;
    return this.options.model === 1
      ? formulaPricer(this.#state, spot, windowMs, tickMs)
      : learnedPricer(learnedOf(this.#state, this.#corrections), spot, windowMs);
  }

  #sell({ startMs }: Cell, probability: number, at: number): Sold | null {
    const multiplier = saleMultiplier(probability, this.#terms(at));
    if (multiplier === null) return null;
    const movesPerMinute = this.#state.moveRate.lastMinute ?? 0;
    return { at, leadGroup: leadGroup(startMs - at), multiplier, probability, movesPerMinute };
  }

  #terms(at: number): SaleTerms {
    const buckets = this.options.gated ? this.#trust.terms : [];
    const isNews = headlineAt(this.options.calendar ?? [], at) !== null;
    const addedEdge = this.#addedEdge(at) + (isNews ? HEADLINE_EDGE : 0);
    return { buckets, addedEdge, haircut: 0, capHundredths: isNews ? HEADLINE_CAP : ORDINARY.capHundredths };
  }

  #addedEdge(at: number): number {
    const { mood, snapshot, moveRate } = this.#state;
    const fast = at < mood.fastUntil ? FAST_MARKET_EDGE : 0;
    return Math.max(fast, burstEdge(snapshot.fastSlow, moveRate.overUsual));
  }

  #takersOf({ low, high }: Cell, { multiplier }: Sold): BlockMean[] {
    const { spot, drift, moveRate, snapshot } = this.#state;
    const side = sideOf(spot, low, high, drift);
    const look = { side, multiplier, fastSlow: snapshot.fastSlow, moveRate: moveRate.overUsual };
    return this.options.traders
      .filter((trader) => takes(trader, look))
      .flatMap(({ name }) => this.#traders.get(name) ?? []);
  }

  /** Fills what this revision is the first for, as bets are filled; those that moved too far come back. */
  #lockHeld(at: number): void {
    for (const { column, cell, multiplier: shown, trader } of this.#snipers.due(at)) {
      const quoted = this.#pricer(this.#state.spot)(cell.startMs - at)(cell.low, cell.high);
      const multiplier = lockMultiplier(quoted.probability, this.#terms(at));
      if (multiplier === null || multiplier * 100 < shown * this.options.engine.guardPercent) continue;
      const sold = {
        at,
        leadGroup: leadGroup(cell.startMs - at),
        multiplier,
        probability: quoted.probability,
        movesPerMinute: this.#state.moveRate.lastMinute ?? 0,
      };
      const taker = this.#traders.get(trader);
      const takers = taker === undefined ? [] : [taker];
      this.#shadow.price(column, [{ ...cell, quoted, sold, takers, as: 'bet' }]);
    }
  }

  #decide({ quoted, sold, takers, as }: Shadow, touched: boolean, block: number): void {
    if (as !== 'bet' && this.options.model === 2) this.#learner.add(quoted, touched);
    if (as === 'cell') this.#trust.add(block, quoted.probability, touched);
    if (sold === null) return;
    if (as === 'cell') this.#tally.add(block, sold, touched);
    for (const taker of takers) taker.add(block, sold.multiplier / 100, sold.probability, touched);
  }

  #endBlocks(before: number, at: number): void {
    for (let block = Math.floor(before / BLOCK_MS); block < Math.floor(at / BLOCK_MS); block++) {
      this.#learner.endBlock();
      this.#trust.endBlock(block);
      if (this.options.model !== 2) continue;
      this.#corrections = this.#learner.corrections();
      this.#correctionsByBlock.push(this.#corrections);
    }
  }
}
