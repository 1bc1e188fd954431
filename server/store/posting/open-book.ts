import type { Database } from 'bun:sqlite';
import { ExposureBook, type ExposureCaps, type Stake } from '../../game/exposure.ts';
import { parseCellId } from '../../game/grid.ts';
import { micros, multiplier, type Currency, type Micros, type Multiplier } from '../../game/money.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import { prepare } from '../database.ts';

const DAY_MS = 86_400_000;
/** A clock may have been set by so much between two bets. */
const CLOCK_SLACK_MS = 7_200_000;

/** UTC days since the epoch. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** An open bet as the ledger remembers it; `multiplier` is what exposure counts, `locked` null while it is held. */
export interface OpenBet extends Stake {
  readonly seq: number;
  readonly placedAt: number;
  readonly locked: Multiplier | null;
  readonly lockedRevision: number | null;
}

/**
 * What the ledger keeps in memory of the open bets and of what each session key staked today. All of it follows from the rows and is read back from
 * them when the ledger opens.
 */
export class OpenBook {
  readonly #bets = new Map<string, OpenBet>();
  readonly #exposure: ExposureBook;
  readonly #staked = new Map<string, number>();
  #day = 0;

  /** @param archived highest number of a bet whose stake is counted among those of the archive. */
  constructor(db: Database, caps: ExposureCaps, archived: number) {
    this.#exposure = new ExposureBook(caps);
    for (const row of prepare<OpenRow>(db, OPEN_BETS).iterate()) this.add(openBet(row));
    this.#readStaked(db, archived);
  }

  bet(id: string): OpenBet | undefined {
    return this.#bets.get(id);
  }

  /** Open bets on the column that starts then, in the order in which they were placed. */
  betsOfWindow(startMs: number): readonly OpenBet[] {
    return [...this.#bets.values()].filter(({ cell }) => cell.startMs === startMs).sort((a, b) => a.seq - b.seq);
  }

  check(stake: Stake, bank: Micros): RejectionCode | null {
    return this.#exposure.check(stake, bank);
  }

  add(bet: OpenBet): void {
    this.#bets.set(bet.betId, bet);
    this.#exposure.add(bet);
  }

  remove(bet: OpenBet): void {
    this.#bets.delete(bet.betId);
    this.#exposure.remove(bet);
  }

  lock(bet: OpenBet, locked: Multiplier, lockedRevision: number): void {
    this.#bets.set(bet.betId, { ...this.#exposure.reprice(bet, locked), locked, lockedRevision });
  }

  /** Sum of the stakes that the session ordered in the UTC day of `at`. Only the newest day is remembered. */
  staked(sessionId: string, at: number): number {
    const day = dayOf(at);
    if (day > this.#day) {
      this.#day = day;
      this.#staked.clear();
    }
    return this.#staked.get(sessionId) ?? 0;
  }

  addStaked(sessionId: string, stake: Micros, at: number): void {
    this.#staked.set(sessionId, micros(this.staked(sessionId, at) + stake));
  }

  #readStaked(db: Database, archived: number): void {
    const newest = prepare<{ at: number }>(db, 'SELECT placed_at AS at FROM bets WHERE seq > $1 ORDER BY seq DESC LIMIT 1').get(archived);
    if (newest !== null) {
      this.#day = dayOf(newest.at);
      const sums = prepare<{ sessionId: string; stake: number }>(
        db,
        `SELECT i.session_id AS "sessionId", SUM(b.stake) AS stake FROM bets b JOIN intents i ON i.id = b.intent_id
          WHERE b.seq >= $1 AND b.placed_at >= $2 GROUP BY i.session_id`,
      );
      const from = this.#day * DAY_MS;
      for (const { sessionId, stake } of sums.iterate(firstSeqFrom(db, archived, from - CLOCK_SLACK_MS), from)) this.addStaked(sessionId, micros(stake), from);
    }
    const days = prepare<{ sessionId: string; day: number; stake: number }>(db, 'SELECT session_id AS "sessionId", day, SUM(stake) AS stake FROM archived_stakes GROUP BY day, session_id ORDER BY day DESC');
    for (const { sessionId, day, stake } of days.iterate()) {
      if (this.#day === 0) this.#day = day;
      if (day < this.#day) break;
      this.addStaked(sessionId, micros(stake), day * DAY_MS);
    }
  }
}

/** Lowest sequence number above `archived` of a bet placed at or after `at`: times rise with the numbers, but for a clock that was set. */
function firstSeqFrom(db: Database, archived: number, at: number): number {
  const bet = prepare<{ seq: number; at: number }>(db, 'SELECT seq, placed_at AS at FROM bets WHERE seq >= $1 ORDER BY seq LIMIT 1');
  let [low, high] = [archived + 1, 1 + (prepare<{ seq: number | null }>(db, 'SELECT MAX(seq) AS seq FROM bets').get()?.seq ?? archived)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = bet.get(middle);
    if (found === null || found.at >= at) high = middle;
    else low = Math.max(found.seq, middle) + 1;
  }
  return low;
}

interface OpenRow {
  readonly seq: number;
  readonly betId: string;
  readonly accountId: string;
  readonly currency: Currency;
  readonly cell: string;
  readonly stake: number;
  readonly multiplierMax: number;
  readonly placedAt: number;
  readonly locked: number | null;
  readonly lockedRevision: number | null;
}

const OPEN_BETS = `SELECT seq, id AS "betId", account_id AS "accountId", currency, cell, stake, multiplier_max AS "multiplierMax", placed_at AS "placedAt", locked,
  locked_revision AS "lockedRevision" FROM bets WHERE closing_entry IS NULL`;

function openBet({ cell, stake, multiplierMax, locked, ...row }: OpenRow): OpenBet {
  return {
    ...row,
    cell: parseCellId(cell)!,
    stake: micros(stake),
    multiplier: multiplier(locked ?? multiplierMax),
    locked: locked === null ? null : multiplier(locked),
  };
}
