import type { Bet } from '../game/bet.ts';
import { cellId, type CellId } from '../game/grid.ts';
import { payoutOf, type Currency, type Multiplier } from '../game/money.ts';
import type { CellExposure } from '../ports/operations.ts';

/** Open bets of a currency by cell. @param multiplierMax at which a held bet may yet be locked. */
export function exposureMap(
  bets: Iterable<Bet>,
  currency: Currency,
  multiplierMax: Multiplier,
): readonly CellExposure[] {
  const cells = new Map<CellId, CellExposure>();
  for (const bet of bets) {
    if (bet.currency !== currency) continue;
    const { startMs, windowMs, low, high } = bet.cell;
    const id = cellId(bet.cell);
    const cell = cells.get(id) ?? { start: startMs, windowMs, low, high, bets: 0, stake: 0, risk: 0 };
    const risk = payoutOf(bet.stake, bet.locked ?? multiplierMax) - bet.stake;
    cells.set(id, { ...cell, bets: cell.bets + 1, stake: cell.stake + bet.stake, risk: cell.risk + risk });
  }
  return [...cells.values()].sort((a, b) => a.start - b.start || b.low - a.low);
}
