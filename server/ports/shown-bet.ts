import type { Bet } from '../game/bet.ts';
import type { Multiplier } from '../game/money.ts';
import { lockedQuote, type GridRevision } from '../game/revision.ts';
import type { Books } from './books.ts';

type RevisionBooks = Pick<Books, 'revision' | 'revisionFrom'>;
type ShowingBooks = RevisionBooks & Pick<Books, 'rangeOf'>;

/** A bet as its owner sees it. */
export interface ShownBet extends Bet {
  /**
   * Of a bet that came back as *moved*: the multiplier that it would have been locked at, null where there
   * was none so low.
   */
  readonly movedTo?: Multiplier | null;
  /** Of a lost bet: how far the price stayed from its band, cents; null where no tick says it. */
  readonly missedBy?: number | null;
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
 * With what the books have to tell of a bet besides its row. Bets that were lost or came back as moved cost a
 * look.
 */
export function shownBet(books: ShowingBooks, bet: Bet): ShownBet {
  if (bet.status === 'lost') return { ...bet, missedBy: missedBy(books, bet) };
  if (bet.voidReason !== 'moved') return bet;
  const revision = lockingRevision(books, bet);
  return revision === null ? bet : { ...bet, movedTo: lockedQuote(revision, bet.cell).multiplier };
}

/** As the receipt says it: from the ticks inside the window. */
function missedBy(books: ShowingBooks, { cell }: Bet): number | null {
  const range = books.rangeOf(cell);
  if (range === null) return null;
  const [lowest, highest] = range;
  const away = highest < cell.low ? cell.low - highest : lowest - cell.high;
  return away > 0 ? away : null;
}
