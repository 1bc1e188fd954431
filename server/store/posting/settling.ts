import type { Database } from 'bun:sqlite';
import type { BetStatus } from '../../game/bet.ts';
import { micros, multiplier, payoutOf, type Micros } from '../../game/money.ts';
import type { BetClosing, BetLock, Settlement } from '../../ports/ledger.ts';
import { locked } from '../crossing.ts';
import { prepare } from '../database.ts';
import type { ClosedBet } from '../rows/bet.ts';
import { CLOSED_BY } from '../rows/entry.ts';
import type { Batch } from './batch.ts';
import { disagreement, movedBy, type Entries } from './entries.ts';
import type { OpenBet, OpenBook } from './open-book.ts';
import { dayOf } from './staked-today.ts';
import type { Tallies } from './tallies.ts';

interface Closing extends Omit<ClosedBet, 'id' | 'status' | 'closedAt'> {
  readonly status: 'won' | 'lost' | 'void';
  readonly payout: Micros;
  readonly closedAt: number;
}

/**
 * Open bets are locked and closed, each at most once; one that was locked or closed before is passed over.
 */
export class Settling {
  readonly #statements: ReturnType<typeof statements>;

  constructor(
    db: Database,
    private readonly entries: Entries,
    private readonly book: OpenBook,
    private readonly tallies: Tallies,
  ) {
    this.#statements = statements(db);
  }

  /** @throws Error for a bet that was never placed: a bug. */
  lock(locks: readonly BetLock[], at: number, batch: Batch): Settlement[] {
    return locks.flatMap((lock) => {
      const bet = this.#open(lock.betId);
      if (bet === null || bet.locked !== null) return [];
      if ('voidReason' in lock) {
        return [
          this.#close(
            bet,
            {
              status: 'void',
              payout: bet.stake,
              closedAt: at,
              closedTick: null,
              voidReason: lock.voidReason,
              lockedRevision: lock.revision,
            },
            at,
          ),
        ];
      }
      expectOne(
        this.#statements.lock.run(multiplier(lock.multiplier), lock.revision, batch.seq, bet.seq).changes,
        bet,
      );
      this.book.lock(bet, lock.multiplier, lock.revision);
      batch.locks.push({
        seq: bet.seq,
        id: bet.betId,
        locked: lock.multiplier,
        lockedRevision: lock.revision,
      });
      return [locked(lock, this.entries.accountOf(bet.accountId).balance)];
    });
  }

  /** @throws Error for a bet that was never placed, or that is to be won or lost while it is held: a bug. */
  close(closings: readonly BetClosing[], at: number): Settlement[] {
    return closings.flatMap((closing) => {
      const bet = this.#open(closing.betId);
      if (bet === null) return [];
      const { lockedRevision } = bet;
      const { closedAt } = closing;
      if (closing.outcome === 'void')
        return [
          this.#close(
            bet,
            {
              status: 'void',
              payout: bet.stake,
              closedAt,
              closedTick: null,
              voidReason: closing.voidReason,
              lockedRevision,
            },
            at,
          ),
        ];
      if (bet.locked === null) throw new Error(`bet ${bet.betId} is held and cannot be ${closing.outcome}`);
      const payout = closing.outcome === 'won' ? payoutOf(bet.stake, bet.locked) : micros(0);
      return [
        this.#close(
          bet,
          {
            status: closing.outcome,
            payout,
            closedAt,
            closedTick: closing.tickSeq,
            voidReason: null,
            lockedRevision,
          },
          at,
        ),
      ];
    });
  }

  #open(betId: string): OpenBet | null {
    const bet = this.book.bet(betId);
    if (bet) return bet;
    const status = this.#statements.status.get(betId)?.status;
    if (status === undefined) throw new Error(`bet ${betId} was never placed`);
    if (status === 'placed' || status === 'locked')
      throw new Error(`bet ${betId} is ${status} but not among the open bets`);
    return null;
  }

  #close(bet: OpenBet, closing: Closing, at: number): Settlement {
    const { betId, accountId, currency, stake } = bet;
    const { status, payout, closedAt, closedTick, voidReason, lockedRevision } = closing;
    const entry = this.entries.nextId;
    const { changes } =
      status === 'void'
        ? this.#statements.void.run(
            payout,
            closedAt,
            voidReason,
            entry,
            lockedRevision,
            bet.seq,
            bet.locked === null ? 'placed' : 'locked',
          )
        : this.#statements.close.run(status, payout, closedAt, closedTick, entry, bet.seq);
    expectOne(changes, bet);
    const before = this.entries.accountOf(accountId);
    if (this.#statements.credit.run(payout, dayOf(bet.placedAt), accountId, before.version).changes !== 1)
      throw disagreement(accountId);
    const moved = movedBy(before, payout);
    this.entries.post(accountId, CLOSED_BY[status], payout, moved, betId, at, {
      id: betId,
      status,
      closedAt,
      closedTick,
      voidReason,
      lockedRevision,
    });
    this.entries.counter('open', currency, micros(-stake));
    this.entries.counter('house', currency, micros(stake - payout));
    this.book.remove(bet);
    if (status === 'void') this.tallies.void(currency, voidReason!);
    else this.tallies.close(currency, bet.locked!, stake, payout);
    return { betId, status, multiplier: bet.locked, payout, voidReason, balance: moved.balance };
  }
}

function expectOne(changes: number, bet: OpenBet): void {
  if (changes !== 1) throw new Error(`bet ${bet.betId} is not as the open book has it`);
}

const statements = (db: Database) => ({
  status: prepare<{ status: BetStatus }>(db, 'SELECT status FROM bets WHERE id = $1'),
  lock: prepare(
    db,
    `UPDATE bets SET status = 'locked', locked = $1, locked_revision = $2, locked_batch = $3
    WHERE seq = $4 AND status = 'placed'`,
  ),
  // Without the columns of a void, so that no index of theirs is written.
  close: prepare(
    db,
    `UPDATE bets SET status = $1, payout = $2, closed_at = $3, closed_tick = $4, closing_entry = $5
    WHERE seq = $6 AND status = 'locked'`,
  ),
  void: prepare(
    db,
    `UPDATE bets SET status = 'void', payout = $1, closed_at = $2, void_reason = $3, closing_entry = $4,
    locked_revision = $5 WHERE seq = $6 AND status = $7`,
  ),
  // What comes back counts for the day on which the stake was counted, so that a win after midnight does not
  // raise the new day's limit.
  credit: prepare(
    db,
    `UPDATE accounts SET balance = balance + $1, version = version + 1,
    day_returned = day_returned + CASE WHEN day = $2 THEN $1 ELSE 0 END WHERE id = $3 AND version = $4`,
  ),
});
