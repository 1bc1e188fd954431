import { cellId, cellOfRow, type CellId } from '../../server/game/grid.ts';
import type { Micros, Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import type { Tap } from '../../server/game/tap.ts';

/** The part of the API's grid that taps are made from. */
export interface Grid {
  readonly revision: number;
  readonly at: number;
  readonly windowMs: number;
  readonly stakes: readonly Micros[];
  readonly columns: readonly {
    readonly start: number;
    readonly band: number;
    readonly low: Cents;
    readonly locked: boolean;
    readonly multipliers: readonly (Multiplier | null)[];
  }[];
}

/** A cell on sale and what a tap on it says. */
export type Offer = Tap & { readonly cell: CellId };

/**
 * The cells on sale of columns that open at least `leadMs` after the grid was priced, nearest first: bets on
 * them stay open while a burst is measured.
 */
export function offersOf(grid: Grid, leadMs: number): Offer[] {
  const stake = grid.stakes[0]!;
  return grid.columns.flatMap((column) =>
    column.locked || column.start - grid.at < leadMs
      ? []
      : column.multipliers.flatMap((multiplier, row) =>
          multiplier === null
            ? []
            : [
                {
                  cell: cellId(cellOfRow(column, row, grid.windowMs)),
                  stake,
                  multiplier,
                  revision: grid.revision,
                },
              ],
        ),
  );
}
