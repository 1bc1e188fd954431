import type { Bet } from '../game/bet.ts';
import type { Multiplier } from '../game/money.ts';
import { lockedQuote, type GridRevision } from '../game/revision.ts';
import type { Books } from './books.ts';

type RevisionBooks = Pick<Books, 'revision' | 'revisionFrom'>;

/** A bet as its owner sees it. */
export interface ShownBet extends Bet {
  /**
   * Of a bet that came back as *moved*: the multiplier that it would have been locked at, null where there
   * was none so low.
   */
  readonly movedTo?: Multiplier | null;
}

/**
 * The revision that locked the bet, or that sent the stake back because of its price; null when there is
 * none.
 */
export function lockingRevision(books: RevisionBooks, bet: Bet): GridRevision | null {
  if (bet.lockedRevision !== null) return books.revision(bet.lockedRevision);
  return bet.voidReason === 'moved' ? books.revisionFrom(bet.lockAt) : null;
}

/**
 * With what the books have to tell of a bet besides its row. Only bets that came back as moved cost a look.
 */
export function shownBet(books: RevisionBooks, bet: Bet): ShownBet {
  if (bet.voidReason !== 'moved') return bet;
  const revision = lockingRevision(books, bet);
  return revision === null ? bet : { ...bet, movedTo: lockedQuote(revision, bet.cell).multiplier };
}
