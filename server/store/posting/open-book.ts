import type { Database } from 'bun:sqlite';
import { ExposureBook, type ExposureCaps, type Holding, type Stake } from '../../game/exposure.ts';
import { micros, multiplier, type Micros, type Multiplier } from '../../game/money.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import { prepare } from '../database.ts';
import { selected } from '../row-statements.ts';
import { BETS, type BetRow } from '../rows/bet.ts';

/**
 * An open bet as the ledger remembers it. A lock changes it in place; at what multiplier it is counted its
 * holding knows.
 */
export interface OpenBet extends Omit<Stake, 'cell' | 'multiplier'> {
  readonly seq: number;
  readonly placedAt: number;
  /** Null while it is held. */
  locked: Multiplier | null;
  lockedRevision: number | null;
  readonly holding: Holding;
}

type NewBet = Stake & Omit<OpenBet, 'holding'>;

/**
 * What the ledger keeps in memory of the open bets. All of it follows from the rows and is read back from
 * them when the ledger opens.
 */
export class OpenBook {
  readonly #bets = new Map<string, OpenBet>();
  readonly #exposure: ExposureBook;

  constructor(db: Database, caps: ExposureCaps) {
    this.#exposure = new ExposureBook(caps);
    for (const row of prepare<BetRow>(db, OPEN_BETS).iterate()) this.add(openBet(row));
  }

  bet(id: string): Readonly<OpenBet> | undefined {
    return this.#bets.get(id);
  }

  /** Open bets on columns that start then, of whichever board, in the order in which they were placed. */
  betsOfWindow(startMs: number): readonly Readonly<OpenBet>[] {
    return [...this.#bets.values()].filter((bet) => bet.startMs === startMs).sort((a, b) => a.seq - b.seq);
  }

  check(stake: Stake, bank: Micros, payoutMax: Micros | null): RejectionCode | null {
    return this.#exposure.check(stake, bank, payoutMax);
  }

  /** What the open bets of the account could pay. */
  openPayout(accountId: string): Micros {
    return micros(this.#exposure.openPayout(accountId));
  }

  add(bet: NewBet): void {
    const { betId, accountId, currency, startMs, windowMs, stake, seq, placedAt, locked, lockedRevision } =
      bet;
    this.#bets.set(betId, {
      betId,
      accountId,
      currency,
      startMs,
      windowMs,
      stake,
      seq,
      placedAt,
      locked,
      lockedRevision,
      holding: this.#exposure.add(bet),
    });
  }

  /** @param bet one that {@link bet} gave. */
  remove(bet: OpenBet): void {
    this.#exposure.remove(bet.holding);
    this.#bets.delete(bet.betId);
  }

  /** @param bet one that {@link bet} gave. */
  lock(bet: OpenBet, locked: Multiplier, lockedRevision: number): void {
    this.#exposure.reprice(bet.holding, locked);
    bet.locked = locked;
    bet.lockedRevision = lockedRevision;
  }
}

const OPEN_BETS = `SELECT ${selected(BETS)} FROM bets WHERE closing_entry IS NULL`;

const openBet = ({ id, stake, multiplierMax, locked, ...row }: BetRow): NewBet => ({
  ...row,
  betId: id,
  stake: micros(stake),
  multiplier: multiplier(locked ?? multiplierMax),
  locked: locked === null ? null : multiplier(locked),
});
