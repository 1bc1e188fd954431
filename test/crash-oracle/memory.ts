import { lockOf } from '../../server/game/lock.ts';
import { resolve } from '../../server/game/resolution.ts';
import type { WholeBooks } from '../../server/store/archive/whole-books.ts';

/** Closed bets that one audit looks at once more; each comes round after some audits. */
const AGAIN_MAX = 400;

/**
 * How each closed bet looked to its owner and on its receipt when it was first seen closed. It must look so
 * for ever, live or archived.
 */
export class Memory {
  readonly #seen = new Map<string, string>();
  #turn = 0;

  /**
   * Takes the closed bets in, and compares those that are known.
   * @param closed ids of all bets that are closed now.
   * @param all to compare each of them, not only some.
   * @returns what is wrong.
   */
  faults(books: WholeBooks, closed: ReadonlySet<string>, maxGapMs: number, all: boolean): string[] {
    const turns = all ? 1 : Math.max(1, Math.ceil(this.#seen.size / AGAIN_MAX));
    this.#turn += 1;
    const gone = [...this.#seen.keys()]
      .filter((id) => !closed.has(id))
      .map((id) => `${id} was closed, and is not any more`);
    return gone.concat(
      [...closed].flatMap((id, index) => {
        const before = this.#seen.get(id);
        if (before === undefined) {
          this.#seen.set(id, seenOf(books, id));
          return faultsIn(books, id, maxGapMs);
        }
        if ((index + this.#turn) % turns !== 0) return [];
        const seen = seenOf(books, id);
        return seen === before ? [] : [`${id} is not as it was when it was closed: ${seen}, was ${before}`];
      }),
    );
  }
}

/**
 * Ticks that came after it was closed are no part of it, nor is any where it came to no lock: more of them
 * may come. Nor is a revision that could not lock it: of after its window began, or after it was closed.
 */
function seenOf(books: WholeBooks, id: string): string {
  const bet = books.bet(id)!;
  const locking = books.revisionFrom(bet.lockAt);
  const ticks =
    bet.closedAt! < bet.cell.startMs ? [] : books.ticksOf(bet.cell).filter(({ at }) => at <= bet.closedAt!);
  return JSON.stringify({
    bet,
    ledger: books.ledgerOf(id),
    intent: books.intentOf(id),
    ticks,
    shown: books.revision(bet.shownRevision),
    locking:
      locking !== null && locking.at < bet.cell.startMs && locking.at <= bet.closedAt! ? locking : null,
  });
}

/** A closed bet must be what the recorded revisions and ticks make of it. */
function faultsIn(books: WholeBooks, id: string, maxGapMs: number): string[] {
  const bet = books.bet(id)!;
  const lock = lockOf(bet, books.revisionFrom(bet.lockAt));
  if (lock.outcome === 'void')
    return bet.status === 'void' && bet.voidReason === lock.reason
      ? []
      : [`${id} should be void (${lock.reason}), is ${bet.status}`];
  const faults =
    bet.locked === lock.multiplier
      ? []
      : [`${id} should be locked at ${lock.multiplier}, is at ${bet.locked}`];
  // A void is as of the end of its window; that the silence was a gap may have shown only when it was
  // committed, and no tick may have come since.
  const until = Math.max(bet.closedAt!, books.ledgerOf(id).at(-1)!.at);
  const { outcome } = resolve(bet.cell, books.ticksOf(bet.cell), { version: bet.rule, maxGapMs }, until);
  return bet.status === outcome ? faults : [...faults, `${id} should be ${outcome}, is ${bet.status}`];
}
