import type { Bet } from '../../server/game/bet.ts';
import { cellId, cellOfRow } from '../../server/game/grid.ts';
import type { Multiplier } from '../../server/game/money.ts';
import type { Tap } from '../../server/game/tap.ts';
import type { Board } from '../../server/ports/events.ts';
import type { Chance } from '../../scripts/replay-market/chance.ts';
import { OPTIONS } from './house-settings.ts';

/** A tap on any cell: mostly as it is shown, sometimes with a wrong or an old multiplier; null for none. */
export function tapOn(board: Board, chance: Chance): Tap | null {
  const column = chance.pick(board.columns);
  const row = chance.below(board.rows);
  const cell = cellOfRow(column, row, board.windowMs);
  const offered = column.multipliers[row] ?? null;
  if (offered === null && !chance.happens(0.2)) return null;
  const wrong = chance.happens(0.05) ? 1 : 0;
  return {
    cell: cellId(cell),
    stake: chance.pick(OPTIONS.stakes),
    multiplier: ((offered ?? 200) + wrong) as Multiplier,
    revision: Math.max(0, board.revision.revision - (chance.happens(0.05) ? 20 : 0)),
  };
}

/** A tap on a cell whose stake came back, as the rules allow; null where none can still be tapped. */
export function tapAgain(board: Board, bets: readonly Bet[], chance: Chance): Tap | null {
  const refunded = bets.filter(({ status }) => status === 'void');
  if (refunded.length === 0) return null;
  const { cell } = chance.pick(refunded);
  const column = board.columns.find(
    ({ start, band }) => start === cell.startMs && band === cell.high - cell.low,
  );
  const multiplier = column?.multipliers[(cell.low - column.low) / column.band] ?? null;
  return multiplier === null
    ? null
    : {
        cell: cellId(cell),
        stake: chance.pick(OPTIONS.stakes),
        multiplier,
        revision: board.revision.revision,
      };
}
