import type { Database } from 'bun:sqlite';
import { ExposureBook, type ExposureCaps, type Holding, type Stake } from '../../game/exposure.ts';
import type { CellId } from '../../game/grid.ts';
import { micros, multiplier, type Currency, type Micros, type Multiplier } from '../../game/money.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import { prepare } from '../database.ts';

/** An open bet as the ledger remembers it; `multiplier` is what exposure counts, `locked` null while it is held. */
export interface OpenBet extends Stake {
  readonly seq: number;
  readonly placedAt: number;
  readonly locked: Multiplier | null;
  readonly lockedRevision: number | null;
}

/** As the book has it: a lock changes it in place. */
type Kept = { -readonly [Field in keyof OpenBet]: OpenBet[Field] } & { readonly holding: Holding };

/** What the ledger keeps in memory of the open bets. All of it follows from the rows and is read back from them when the ledger opens. */
export class OpenBook {
  readonly #bets = new Map<string, Kept>();
  readonly #exposure: ExposureBook;

  constructor(db: Database, caps: ExposureCaps) {
    this.#exposure = new ExposureBook(caps);
    for (const row of prepare<OpenRow>(db, OPEN_BETS).iterate()) this.add(openBet(row));
  }

  bet(id: string): OpenBet | undefined {
    return this.#bets.get(id);
  }

  /** Open bets on the column that starts then, in the order in which they were placed. */
  betsOfWindow(startMs: number): readonly OpenBet[] {
    return [...this.#bets.values()].filter((bet) => bet.startMs === startMs).sort((a, b) => a.seq - b.seq);
  }

  check(stake: Stake, bank: Micros): RejectionCode | null {
    return this.#exposure.check(stake, bank);
  }

  add(bet: OpenBet): void {
    this.#bets.set(bet.betId, { ...bet, holding: this.#exposure.add(bet) });
  }

  remove(betId: string): void {
    this.#exposure.remove(this.#bets.get(betId)!.holding);
    this.#bets.delete(betId);
  }

  lock(betId: string, locked: Multiplier, lockedRevision: number): void {
    const bet = this.#bets.get(betId)!;
    this.#exposure.reprice(bet.holding, locked);
    bet.multiplier = bet.locked = locked;
    bet.lockedRevision = lockedRevision;
  }
}

interface OpenRow {
  readonly seq: number;
  readonly betId: string;
  readonly accountId: string;
  readonly currency: Currency;
  readonly cell: CellId;
  readonly startMs: number;
  readonly stake: number;
  readonly multiplierMax: number;
  readonly placedAt: number;
  readonly locked: number | null;
  readonly lockedRevision: number | null;
}

const OPEN_BETS = `SELECT seq, id AS "betId", account_id AS "accountId", currency, cell, start_ms AS "startMs", stake, multiplier_max AS "multiplierMax", placed_at AS "placedAt", locked,
  locked_revision AS "lockedRevision" FROM bets WHERE closing_entry IS NULL`;

function openBet({ stake, multiplierMax, locked, ...row }: OpenRow): OpenBet {
  return {
    ...row,
    stake: micros(stake),
    multiplier: multiplier(locked ?? multiplierMax),
    locked: locked === null ? null : multiplier(locked),
  };
}
