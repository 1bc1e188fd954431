import type { Bet } from './bet.ts';
import type { Cell } from './grid.ts';
import type { Multiplier } from './money.ts';
import { lockedQuote, type GridRevision } from './revision.ts';

export type Lock =
  | { readonly outcome: 'locked'; readonly multiplier: Multiplier; readonly revision: number }
  | { readonly outcome: 'void'; readonly reason: 'moved' | 'no_revision'; readonly revision: number | null };

/**
 * Fills a held tap. `revision` is the first one at or after the bet's `lockAt`, or null when none came before
 * its column opened. Better or worse, but never worse than guard × shown: then the stake comes back.
 * @param priceOf the revision's multiplier for a held tap, as {@link lockedQuote} has it.
 */
export function lockOf(
  bet: Pick<Bet, 'cell' | 'shown' | 'guardPercent' | 'lockAt'>,
  revision: GridRevision | null,
  priceOf?: (cell: Cell) => Multiplier | null,
): Lock {
  if (revision === null || revision.at >= bet.cell.startMs)
    return { outcome: 'void', reason: 'no_revision', revision: null };
  if (revision.at < bet.lockAt) throw new RangeError(`revision ${revision.revision} is before the lock time`);
  const multiplier = priceOf ? priceOf(bet.cell) : lockedQuote(revision, bet.cell).multiplier;
  if (multiplier === null || multiplier * 100 < bet.shown * bet.guardPercent)
    return { outcome: 'void', reason: 'moved', revision: revision.revision };
  return { outcome: 'locked', multiplier, revision: revision.revision };
}
