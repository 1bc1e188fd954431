import type { Bet } from '../game/bet.ts';
import type { Calendar } from '../game/headline.ts';
import type { Announced } from '../game/maintenance.ts';
import type { Micros, Multiplier } from '../game/money.ts';
import type { Cents } from '../game/price.ts';
import type { GridRevision } from '../game/revision.ts';
import type { Tick } from '../game/tick.ts';
import type { Crowd, Leaderboards } from './crowd.ts';
import type { SessionEnd } from './sessions.ts';

/**
 * A column as it is shown: row i is `[low + i·band, low + (i+1)·band]`, `multipliers[i]` is null where
 * nothing is for sale.
 */
export interface BoardColumn {
  readonly start: number;
  readonly band: number;
  readonly low: Cents;
  readonly locked: boolean;
  readonly multipliers: readonly (Multiplier | null)[];
}

/** One board at one revision. The first column is the current window, `columnsAhead` follow. */
export interface Board {
  readonly revision: GridRevision;
  readonly tick: Tick;
  readonly windowMs: number;
  readonly rows: number;
  readonly columns: readonly BoardColumn[];
}

/** What happened to a trader's bet, told after the commit that made it true. */
export interface BetUpdate {
  readonly bet: Bet;
  readonly balance: Micros;
}

export type BreakerState = 'closed' | 'degraded' | 'open';

/** Named causes, the heaviest first. */
export type HealthCause =
  | 'starting'
  | 'books_gone'
  | 'writer_failed'
  | 'operator'
  | 'maintenance'
  | 'recording_over'
  | 'price_stale'
  | 'no_quorum'
  | 'venues_apart'
  | 'price_frozen'
  | 'commit_slow'
  | 'queue_full'
  | 'wal_large'
  | 'disk_full'
  | 'clock_step'
  | 'clock_off'
  | 'redis_away'
  | 'engine_away';

export interface Health {
  readonly state: BreakerState;
  readonly causes: readonly {
    readonly cause: HealthCause;
    readonly severity: Exclude<BreakerState, 'closed'>;
    readonly since: number;
    readonly detail: string;
  }[];
  /**
   * While it is open though nothing is wrong any more: since when that is so, and from when on taps are
   * taken, UTC epoch ms.
   */
  readonly settling?: { readonly since: number; readonly until: number };
}

/** Why there was no tick: too few prices agree, or none may follow now, for clock, queue or old bets. */
export interface Silence {
  readonly at: number;
  readonly why: 'no_price' | 'not_now';
}

/**
 * Everything that the moving parts tell the edges. Handlers are called in order of subscription, must be
 * quick and never throw.
 */
export interface HouseEvents {
  tick: (tick: Tick) => void;
  /** One of the boards at a new revision: called for each of them, by length of window. */
  board: (board: Board) => void;
  /** A step of the oracle that made no tick. */
  silence: (silence: Silence) => void;
  bets: (updates: readonly BetUpdate[]) => void;
  health: (health: Health) => void;
  /** One was announced or called off, begins or is over; null when there is none any more. */
  maintenance: (announced: Announced | null) => void;
  /** The news calendar was changed, or an entry of it comes near, begins or is over. */
  calendar: (calendar: Calendar) => void;
  /** What everybody together is doing, once a second at most. */
  crowd: (crowd: Crowd) => void;
  leaderboards: (leaderboards: Leaderboards) => void;
  /** Sessions have ended, whoever ended them; sent before the call that ended them is answered. */
  ended: (end: SessionEnd) => void;
  /** Money came to an account or left it otherwise than by playing. */
  transferred: (accountId: string) => void;
  /** An operator blocked, unblocked or limited an account. */
  restricted: (accountId: string) => void;
  /** All ranges of addresses that operators have blocked, after one came or went. */
  blockedRanges: (ranges: readonly string[]) => void;
  /** Something may have been missed: look up again what was shown and who was signed in. */
  resumed: () => void;
}

export class Events {
  readonly #handlers: { [Name in keyof HouseEvents]: Set<HouseEvents[Name]> } = {
    tick: new Set(),
    board: new Set(),
    silence: new Set(),
    bets: new Set(),
    health: new Set(),
    maintenance: new Set(),
    calendar: new Set(),
    crowd: new Set(),
    leaderboards: new Set(),
    ended: new Set(),
    transferred: new Set(),
    restricted: new Set(),
    blockedRanges: new Set(),
    resumed: new Set(),
  };

  /** @returns a function that ends the subscription. */
  on<Name extends keyof HouseEvents>(name: Name, handler: HouseEvents[Name]): () => void {
    this.#handlers[name].add(handler);
    return () => void this.#handlers[name].delete(handler);
  }

  emit<Name extends keyof HouseEvents>(name: Name, ...args: Parameters<HouseEvents[Name]>): void {
    for (const handler of this.#handlers[name])
      (handler as (...all: Parameters<HouseEvents[Name]>) => void)(...args);
  }
}
