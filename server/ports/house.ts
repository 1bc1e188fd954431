import type { TapResult } from './ledger.ts';
import type { Calendar } from '../game/headline.ts';
import type { Announced } from '../game/maintenance.ts';
import type { Multiplier } from '../game/money.ts';
import type { RejectionCode } from '../game/rejection.ts';
import type { LimitsChange, OwnLimits } from '../game/own-limits.ts';
import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { Currency, Micros } from '../game/money.ts';
import type { RatePolicy } from './rates.ts';
import type { Tick } from '../game/tick.ts';
import type { Crowd, Leaderboards } from './crowd.ts';
import type { Board, Events, Health } from './events.ts';
import type { HeadStartFigures } from './head-start.ts';

/**
 * Answer to a signed order: one result a tap, or one refusal for all of it. `balance` is null when nothing
 * was taken.
 */
export type OrderAnswer =
  | {
      readonly replayed: boolean;
      readonly results: readonly (TapResult & { readonly message?: string; readonly offered?: Multiplier })[];
      readonly balance: Micros | null;
    }
  | {
      readonly code: RejectionCode /** Instead of the sentence that belongs to the code. */;
      readonly message?: string;
      readonly retryAfterMs?: number;
    };

/**
 * The limits as they are now, or why a change was refused; `message` says it better than the sentence of the
 * code.
 */
export type LimitsAnswer =
  | { readonly limits: OwnLimits }
  | {
      readonly code: RejectionCode;
      readonly message?: string;
      readonly retryAfterMs?: number;
      readonly policy?: RatePolicy;
    };

/** An order and what it was answered, after `ms`; the signature is nobody's business. */
export interface AnsweredOrder {
  /** The edge's name for the request. */
  readonly requestId: string | null;
  readonly accountId: string;
  readonly sessionId: string;
  readonly order: Pick<SignedTaps, 'nonce' | 'deadline' | 'taps'>;
  readonly answer: OrderAnswer;
  readonly ms: number;
}

/**
 * What an edge in another process did for an order before it handed it on. `signed`: what it found out about
 * the signature; null where it did not look, since the house was full, so that the order is answered from
 * memory or not at all. `ms`: how long it took.
 */
export interface CheckedBefore {
  readonly signed: boolean | null;
  readonly ms: number;
}

/** What the edges (pages, API, sockets) may ask of the moving parts. */
export interface House {
  readonly events: Events;
  /**
   * The board with windows of that length at the newest revision, the default one without it. Null until the
   * first revision after start, and where there is no such board.
   */
  board(windowMs?: number): Board | null;
  /** All boards at the newest revision, by length of window; none until the first revision after start. */
  boards(): readonly Board[];
  /** The newest tick of this run; also while no board is made of it. */
  tick(): Tick | null;
  /** Prices of the last `ms` for the price line, oldest first: `[at, cents]`. */
  priceLine(ms: number): readonly (readonly [at: number, price: number])[];
  health(): Health;
  /** That is announced or under way; null when there is none. */
  maintenance(): Announced | null;
  /** The news calendar: what is not over, and what pages announce of it. */
  calendar(): Calendar;
  /** What everybody together is doing. */
  crowd(): Crowd;
  leaderboards(): Leaderboards;
  /** Ranges of addresses that operators have blocked. */
  blockedRanges(): readonly string[];
  /** Drawn at each start of the engine, for seals that every edge of this run can make and read. */
  readonly runSecret: string;
  readonly simulated: boolean;
  /** For people: "Coinbase, Kraken, Bitstamp", "recorded prices (file)", "simulated prices". */
  readonly feedLabel: string;
  /**
   * Checks deadline, nonce, signature and the rules, commits, and answers after the commit. The shape,
   * session and rate were checked by the edge, whose name for the request is for the log; the signature too
   * where `checked` says so.
   */
  order(
    taps: SignedTaps,
    session: Session,
    requestId?: string | null,
    checked?: CheckedBefore,
  ): Promise<OrderAnswer>;
  /** Takes note of an order that the edge refused itself, over the account's rate: nothing looked at it. */
  turnedAway(taps: SignedTaps, session: Session, requestId?: string | null): void;
  /**
   * Refuses orders that an edge has no room for, in their order; nothing looks at more of them.
   * @param orders as `ports/shed-order.ts` writes them @returns a letter for each
   */
  shed(orders: string): Promise<string>;
  /**
   * Account and session calls answer null when durable, else why not (`busy`, `key_reused`); they throw when
   * the writer failed.
   */
  openAccount(account: {
    readonly accountId: string;
    readonly currency: Currency;
    readonly address: string | null;
    readonly grant: Micros;
  }): Promise<RejectionCode | null>;
  /**
   * `returnOf` is the registered key by which a practice account comes back.
   * @returns `key_reused` when the session's key was registered before, `login_failed` when nothing comes
   *   back by `returnOf`: it is not the account's, or was signed out.
   */
  startSession(session: Session, returnOf?: string): Promise<RejectionCode | null>;
  /**
   * Fills an empty practice account up to `upTo`. @returns `practice_only`, `not_empty` (a stake of `below`
   * is there, or a bet is open), `refilled_today`.
   */
  refill(accountId: string, below: Micros, upTo: Micros): Promise<RejectionCode | null>;
  /** Ends one session, or all of the account's when `sessionId` is null. */
  endSessions(accountId: string, sessionId: string | null): Promise<RejectionCode | null>;
  seeSession(sessionId: string, at: number): Promise<RejectionCode | null>;
  changeLimits(accountId: string, change: LimitsChange): Promise<LimitsAnswer>;
  /**
   * What a practice account is called in public, of the form that `readName` gives and allowed by the edge;
   * null takes it back, and is told to all edges before it is answered.
   * @returns `name_taken`, `names_full`, `practice_only`
   */
  nameAccount(accountId: string, name: string | null): Promise<RejectionCode | null>;
  /** How far exchanges run ahead of the tick, and which hold that asks for. */
  headStarts(): HeadStartFigures;
  /** Counters since start, for fairness and metrics. */
  counters(): HouseCounters;
}

export interface HouseCounters {
  readonly accepted: number;
  readonly refusals: Readonly<Partial<Record<RejectionCode, number>>>;
  /** Tap latency from receipt to acknowledgement, ms. */
  readonly latency: {
    readonly count: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
  readonly batches: number;
  readonly queued: number;
}
