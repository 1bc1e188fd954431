import type { Database, Statement } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { micros, type Micros } from '../../game/money.ts';
import type { PlaceBets } from '../../ports/ledger.ts';
import { prepare, type Binding } from '../database.ts';

const DAY_MS = 86_400_000;
/** A clock may have been set by so much between two bets. */
const CLOCK_SLACK_MS = 7_200_000;
const PAGE_ROWS = 256;

/** UTC days since the epoch. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

type Owner = Pick<PlaceBets, 'accountId' | 'sessionId' | 'at'>;

interface Known {
  readonly sum: number;
  /** False: no less than the session staked, since other sessions of the account are in it. */
  readonly exact: boolean;
}

/**
 * What each session key staked in the newest UTC day, against its daily cap. A key that is new here begins
 * with all that its account staked that day, which is one row; only where that is too much for the cap are
 * its own bets of the day added up. So a start reads nothing of the day's bets.
 */
export class StakedToday {
  readonly #known = new Map<string, Known>();
  readonly #account: Statement<{ day: number; staked: number }, Binding[]>;
  readonly #bets: Statement<{ version: number; at: number; stake: number; sessionId: string }, Binding[]>;
  readonly #archivedStake: Statement<{ stake: number }, Binding[]>;
  #day: number;

  /** @param archived highest number of a bet whose stake is counted among those of the archive. */
  constructor(
    db: Database,
    private readonly archived: () => number,
  ) {
    this.#account = prepare(db, 'SELECT day, day_staked AS staked FROM accounts WHERE id = $1');
    // Along the account's ledger, newest first: the day's bets of all accounts may be millions.
    this.#bets = prepare(
      db,
      `SELECT l.version, b.placed_at AS at, b.stake, i.session_id AS "sessionId" FROM ledger l
      JOIN bets b ON b.id = l.bet_id JOIN intents i ON i.id = b.intent_id
      WHERE l.account_id = $1 AND l.version < $2 AND l.kind = 'stake' AND b.seq > $3
      ORDER BY l.version DESC LIMIT $4`,
    );
    this.#archivedStake = prepare(
      db,
      'SELECT COALESCE(SUM(stake), 0) AS stake FROM archived_stakes WHERE session_id = $1 AND day = $2',
    );
    const newest =
      prepare<{ at: number }>(db, 'SELECT placed_at AS at FROM bets ORDER BY seq DESC LIMIT 1').get() ??
      prepare<{ at: number }>(
        db,
        'SELECT ended_at AS at FROM archive_segments ORDER BY number DESC LIMIT 1',
      ).get();
    this.#day = newest === null ? 0 : dayOf(newest.at);
  }

  /** Whether this stake too would be more than the key may order in the UTC day. */
  exceeds(order: Owner & Pick<PlaceBets, 'dailyCap'>, stake: Micros): boolean {
    if (this.#of(order).sum + stake <= order.dailyCap) return false;
    return this.#exactOf(order) + stake > order.dailyCap;
  }

  /** Counts a stake that {@link exceeds} was asked about. */
  add(order: Owner, stake: Micros): void {
    const { sum, exact } = this.#of(order);
    this.#known.set(order.sessionId, { sum: micros(sum + stake), exact });
  }

  #of({ sessionId, accountId, at }: Owner): Known {
    const day = dayOf(at);
    // When the clock is set back across midnight, stakes still count towards the later day.
    if (day > this.#day) {
      this.#day = day;
      this.#known.clear();
    }
    const known = this.#known.get(sessionId);
    if (known !== undefined) return known;
    const account = this.#account.get(accountId);
    const sum = account?.day === this.#day ? account.staked : 0;
    const read = { sum: micros(sum), exact: sum === 0 };
    this.#known.set(sessionId, read);
    return read;
  }

  #exactOf(order: Owner): number {
    const known = this.#of(order);
    if (known.exact) return known.sum;
    const sum = micros(
      present(this.#archivedStake.get(order.sessionId, this.#day), 'sum of archived stakes').stake +
        this.#liveStake(order),
    );
    this.#known.set(order.sessionId, { sum, exact: true });
    return sum;
  }

  #liveStake({ sessionId, accountId }: Owner): number {
    const from = this.#day * DAY_MS;
    let sum = 0;
    for (let below = Number.MAX_SAFE_INTEGER; ; ) {
      const rows = this.#bets.all(accountId, below, this.archived(), PAGE_ROWS);
      for (const row of rows) if (row.sessionId === sessionId && row.at >= from) sum += row.stake;
      const oldest = rows.at(-1);
      if (oldest === undefined || rows.length < PAGE_ROWS || oldest.at < from - CLOCK_SLACK_MS) return sum;
      below = oldest.version;
    }
  }
}
