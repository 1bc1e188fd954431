import type { Board, BoardColumn } from '../ports/events.ts';

/**
 * What changed in a column: `[row, value, row, value…]` counted from the present `low`; 0 takes no bets.
 * `isNew`: every row is there.
 */
export interface ColumnDiff {
  readonly column: BoardColumn;
  readonly isNew: boolean;
  /** `low` is another than before. */
  readonly hasMoved: boolean;
  readonly changes: readonly number[];
}

interface Known {
  readonly low: number;
  readonly multipliers: BoardColumn['multipliers'];
}

/** Remembers the board that was told last and finds what is different in the next. */
export class GridDiff {
  #known = new Map<number, Known>();

  /** Columns with something new, in time order. Windows that are over are forgotten. */
  next(board: Board): ColumnDiff[] {
    const diffs: ColumnDiff[] = [];
    const seen = new Map<number, Known>();
    for (const column of board.columns) {
      const before = this.#known.get(column.start);
      const changes = changesOf(before, column);
      const hasMoved = before?.low !== column.low;
      if (changes.length > 0 || hasMoved)
        diffs.push({ column, isNew: before === undefined, hasMoved, changes });
      seen.set(column.start, column);
    }
    this.#known = seen;
    return diffs;
  }
}

/** Rows are compared by price, so that a column that moved by a row sends only real differences. */
function changesOf(before: Known | undefined, { low, band, multipliers }: BoardColumn): number[] {
  const shift = before === undefined ? Number.NaN : (low - before.low) / band;
  const changes: number[] = [];
  for (let row = 0; row < multipliers.length; row++) {
    const value = multipliers[row] ?? 0;
    const old = before?.multipliers[row + shift];
    if (old === undefined || (old ?? 0) !== value) changes.push(row, value);
  }
  return changes;
}
