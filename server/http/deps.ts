import type { AnyElysia } from 'elysia';
import type { Micros } from '../game/money.ts';
import type { ArchiveDesk } from '../ports/archived.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import type { Log } from '../ports/log.ts';
import type { Origins } from '../ports/origins.ts';
import type { Limiter } from '../ports/rates.ts';
import type { ReceiptOf } from '../ports/receipt.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { Refuse } from './reply.ts';
import type { Comeback, SignIn } from '../ports/sign-in.ts';
import type { LookAtToday } from '../ports/today.ts';
import type { TakesTurns } from '../ports/turns.ts';

/**
 * What the API is built from. This folder creates none of it; `compose` proves that the parts fit.
 */
export interface HttpDeps {
  readonly house: House;
  readonly books: Books;
  readonly receiptOf: ReceiptOf;
  readonly archive: ArchiveDesk;
  readonly lookAtToday: LookAtToday;
  readonly sessions: Pick<Sessions, 'authenticate' | 'end'>;
  readonly login: SignIn;
  readonly comeback: Comeback;
  readonly cookies: Cookies;
  readonly origins: Origins;
  /** The name under which limits count the caller; `peer` is null behind a unix socket. */
  readonly addressOf: (peer: string | null, headers: Headers) => string;
  /** Whether an operator has blocked the caller, by the name that `addressOf` gives. */
  readonly isBlocked: (address: string) => boolean;
  readonly limits: Limits;
  /** What is no call of the API may have people before it; JSON where nothing is said. */
  readonly refuse?: Refuse;
  /** For whatever anybody may ask for. */
  readonly turns: TakesTurns;
  readonly rules: HouseRules;
  /** Whether a name, of the form that `readName` gives, may be shown in this house. */
  readonly isFitToShow: (name: string) => boolean;
  readonly terms: Terms;
  /** The address that signed texts name. */
  readonly origin: string;
  /** UTC epoch ms. */
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
  /** True once the server is closing: it is not ready for new work. */
  readonly draining: () => boolean;
  /** Pages and sockets, mounted as they are. */
  readonly plugins: readonly AnyElysia[];
}

/** Reads a `Cookie` header, writes `Set-Cookie` values; ages in whole seconds. */
export interface Cookies {
  session(header: string | null): string | null;
  pre(header: string | null): string | null;
  setSession(token: string, maxAgeS: number): string;
  clearSession(): string;
  setPre(value: string, maxAgeS: number): string;
  clearPre(): string;
}

export interface Limits {
  /** By address. */
  readonly requests: Limiter;
  /** By address. */
  readonly practice: Limiter;
  /** By account, one a tap. */
  readonly taps: Limiter;
  /** By address: names that are chosen. */
  readonly names: Limiter;
}

export interface HouseRules {
  readonly stakes: readonly Micros[];
  /** Lengths of the windows of each board, ms, ascending. */
  readonly windows: readonly number[];
  readonly betsPerCellMax: number;
  readonly holdMs: number;
  readonly quoteTtlMs: number;
  readonly deadlineMsMax: number;
  readonly tapsPerSignatureMax: number;
  readonly maxGapMs: number;
  /** What a practice account is opened with and filled up to. */
  readonly practiceGrant: Micros;
}

/** How long sessions last and how much anybody may ask: for the documents. */
export interface Terms {
  readonly sessionHours: number;
  readonly sessionIdleMinutes: number;
  readonly requestsPerSecondMax: number;
  readonly tapsPerSecondMax: number;
  readonly practicePerHourMax: number;
  readonly socketsPerAddressMax: number;
  readonly namesPerHourMax: number;
}
