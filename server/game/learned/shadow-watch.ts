import { cellOfRow, isLocked, type Cell } from '../grid.ts';
import type { PathPoint, PathRule } from '../path.ts';
import { stagedQuote, type GridRevision, type QuotedColumn } from '../revision.ts';
import { leadGroup, probabilityBin, sideOf, type Drift } from './cell-class.ts';
import { LastMove } from './last-move.ts';
import { BLOCK_MS } from './learner.ts';
import { ordinaryPrice } from './sale.ts';
import { isShadowed, SHADOW_EVERY_MS, ShadowBook } from './shadow-book.ts';
import { ShadowAdder, type ShadowCell, type ShadowSums } from './shadow-sums.ts';

/** By what cells are laid out and decided. */
export interface ShadowBoards {
  /** Length of the windows of each board, ms, ascending. */
  readonly windows: readonly number[];
  readonly rows: number;
  readonly rule: PathRule;
}

/** Where a book begins, and what it is of. */
export interface ShadowOrigin {
  readonly boards: ShadowBoards;
  /** Whether the prices are made up: what they teach says nothing of a market. */
  readonly simulated: boolean;
  /** Revisions before it are not in the book, epoch ms; a multiple of {@link SHADOW_EVERY_MS}. */
  readonly since: number;
}

/** The sums of one block of five minutes. */
export interface ShadowBlock extends ShadowOrigin, ShadowSums {
  /** Number since the epoch. */
  readonly block: number;
}

/** What one block says of returns. */
export interface ShadowReturns
  extends Pick<ShadowBlock, 'block' | 'simulated' | 'evidence' | 'offers'>,
    Pick<ShadowBoards, 'windows'> {}

/** Windows that a column may lie ahead; the settings allow no more. */
const SHADOW_WINDOWS_AHEAD_MAX = 62;
/** Ticks before a revision that say which way the price went last. */
export const SHADOW_RECALL_MS = SHADOW_EVERY_MS;

/** Number of the block that a window which ends then belongs to: one that ends with its block is in it. */
const blockOf = (windowEnd: number): number => Math.floor((windowEnd - 1) / BLOCK_MS);
/** Where a block ends, epoch ms. */
export const blockEnd = (block: number): number => (block + 1) * BLOCK_MS;

/** Where a book begins whose first tick is at `at`: later, so that the last move is known to all. */
export const shadowSince = (at: number): number => (Math.floor(at / SHADOW_EVERY_MS) + 2) * SHADOW_EVERY_MS;

/** The first revision whose cells may end behind a block: where a watch must begin that goes on behind it. */
export const shadowFrom = ({ boards, since }: ShadowOrigin, block: number): number => {
  const first = blockEnd(block) - SHADOW_WINDOWS_AHEAD_MAX * Math.max(...boards.windows);
  return Math.max(since, Math.floor(first / SHADOW_EVERY_MS) * SHADOW_EVERY_MS);
};

type Priced = ShadowCell & Pick<Cell, 'low' | 'high'>;

/**
 * Prices all cells of one revision every few seconds as it priced them, decides them from the ticks, and adds
 * them up by the block that their window ended in. A function of the ticks and revisions in their order.
 */
export class ShadowWatch {
  readonly #book: ShadowBook<Priced>;
  readonly #lastMove = new LastMove();
  readonly #blocks = new Map<number, ShadowAdder>();
  #before: PathPoint | null = null;
  #lookedAt = -Infinity;

  /** @param after blocks up to this one are written down already. */
  constructor(
    private readonly origin: ShadowOrigin,
    after: number,
  ) {
    this.#book = new ShadowBook(origin.boards.rule, (cell, touched, windowEnd) => {
      const block = blockOf(windowEnd);
      if (block > after) this.#adder(block).add(cell, touched);
    });
  }

  /**
   * Takes the next tick, before its revision.
   * @returns the blocks that it ends; those without a cell are left out.
   */
  onTick(tick: PathPoint): ShadowBlock[] {
    this.#book.onTick(this.#before, tick);
    this.#lastMove.onTick(tick);
    this.#before = tick;
    const ended: ShadowBlock[] = [];
    for (const [block, adder] of this.#blocks) {
      if (blockEnd(block) > tick.at) continue;
      this.#blocks.delete(block);
      ended.push({ ...this.origin, block, ...adder.sums });
    }
    return ended.sort((a, b) => a.block - b.block);
  }

  /** Takes the revision that the last tick made, if it made one. */
  onRevision(revision: GridRevision): void {
    const { boards, since } = this.origin;
    if (revision.at < since || !isShadowed(revision.at, this.#lookedAt)) return;
    this.#lookedAt = revision.at;
    for (const column of revision.columns) {
      const board = boards.windows.indexOf(column.windowMs);
      if (board >= 0 && !isLocked(column.start, revision.at, column.windowMs))
        this.#book.price(
          column,
          cellsOf(revision, column, { board, rows: boards.rows }, this.#lastMove.drift),
        );
    }
  }

  #adder(block: number): ShadowAdder {
    let adder = this.#blocks.get(block);
    if (adder === undefined)
      this.#blocks.set(block, (adder = new ShadowAdder(this.origin.boards.windows.length)));
    return adder;
  }
}

function cellsOf(
  revision: GridRevision,
  column: QuotedColumn,
  { board, rows }: { readonly board: number; readonly rows: number },
  drift: Drift,
): Priced[] {
  const open = revision.pause === null;
  const lead = leadGroup(column.start - revision.at);
  const cells: Priced[] = [];
  for (let row = 0; row < rows; row++) {
    const cell = cellOfRow(column, row, column.windowMs);
    const { probability, multiplier, stages } = stagedQuote(revision, cell);
    cells.push({
      low: cell.low,
      high: cell.high,
      probability,
      stages,
      ordinary: ordinaryPrice(probability),
      offered: open ? multiplier : null,
      open,
      side: sideOf(revision.inputs.spot, cell.low, cell.high, drift),
      lead,
      bin: probabilityBin(probability),
      board,
    });
  }
  return cells;
}
