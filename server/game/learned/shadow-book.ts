import { columnKey, type Column, type ColumnKey } from '../grid.ts';
import type { PathPoint, PathRule, Stretch } from '../path.ts';
import { WindowReach } from './window-reach.ts';

/** Time between two revisions whose cells are all priced. */
export const SHADOW_EVERY_MS = 8_000;

/** Whether the shadow book takes the first revision at or after `at`, when it took that of `last` before. */
export const isShadowed = (at: number, last: number): boolean =>
  Math.floor(at / SHADOW_EVERY_MS) > Math.floor(last / SHADOW_EVERY_MS);

interface Waiting<Priced> {
  readonly reach: WindowReach;
  readonly cells: Priced[];
}

/**
 * Cells that nobody need have bought, as they were priced, until the ticks have decided them by the rule of
 * bets. Cells of a window that a gap lay in are left out, the touched ones among them too: of such a window
 * only winners would be left.
 */
export class ShadowBook<Priced extends Stretch> {
  /** By column and height of its rows. */
  readonly #columns = new Map<`${ColumnKey}:${number}`, Waiting<Priced>>();

  /** @param decide is told of each cell in the tick that ends its window, columns in the order of pricing. */
  constructor(
    private readonly rule: PathRule,
    private readonly decide: (cell: Priced, touched: boolean, windowEnd: number) => void,
  ) {}

  /** Cells of a column whose window has not opened yet. */
  price({ start, windowMs, band }: Omit<Column, 'low'>, cells: readonly Priced[]): void {
    const key = `${columnKey({ startMs: start, windowMs })}:${band}` as const;
    let waiting = this.#columns.get(key);
    if (waiting === undefined) {
      const reach = new WindowReach(start, windowMs, band, this.rule);
      this.#columns.set(key, (waiting = { reach, cells: [] }));
    }
    waiting.cells.push(...cells);
  }

  /** Takes a tick with the one before it in the log. */
  onTick(before: PathPoint | null, tick: PathPoint): void {
    for (const [key, { reach, cells }] of this.#columns) {
      if (reach.startMs > tick.at) continue;
      reach.onTick(before, tick);
      if (!reach.isOver) continue;
      this.#columns.delete(key);
      if (reach.isVoid) continue;
      for (const cell of cells) this.decide(cell, reach.touched(cell), reach.startMs + reach.windowMs);
    }
  }
}
