import type { AnyElysia } from 'elysia';
import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { Micros } from '../game/money.ts';
import type { ArchiveDesk } from '../ports/archived.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import type { ReceiptOf } from '../ports/receipt.ts';
import type { Refuse } from './reply.ts';
import type { Comeback, SignIn } from '../ports/sign-in.ts';
import type { TakesTurns } from '../ports/turns.ts';

/**
 * What the API is put together from. Nothing here is made by this folder; whoever composes the server proves
 * that the parts fit.
 */
export interface HttpDeps {
  readonly house: House;
  readonly books: Books;
  readonly receiptOf: ReceiptOf;
  readonly archive: ArchiveDesk;
  readonly sessions: Sessions;
  readonly login: SignIn;
  readonly comeback: Comeback;
  readonly cookies: Cookies;
  readonly origins: Origins;
  /** The name under which limits count the caller; `peer` is null behind a unix socket. */
  readonly addressOf: (peer: string | null, headers: Headers) => string;
  readonly limits: Limits;
  /** What is no call of the API may have people before it; JSON where nothing is said. */
  readonly refuse?: Refuse;
  /** For whatever anybody may ask for. */
  readonly turns: TakesTurns;
  readonly rules: HouseRules;
  readonly terms: Terms;
  /** The address that signed texts name. */
  readonly origin: string;
  /** UTC epoch ms. */
  readonly now: () => number;
  readonly log: Log;
  /** An account was given money: its pages are told. */
  readonly onGrant: (accountId: string) => void;
  /** True once the server is closing: it is not ready for new work. */
  readonly draining: () => boolean;
  /** Pages and sockets, mounted as they are. */
  readonly plugins: readonly AnyElysia[];
}

export interface Sessions {
  /** @returns null for a token that is unknown, ended, expired or idle for too long. */
  authenticate(token: string, now: number): Session | null | Promise<Session | null>;
  /** Ends this session, or all of its account's. @returns why not, or null when it is durable. */
  end(session: Session, everywhere: boolean): Promise<RejectionCode | null>;
}

/**
 * `program`: nothing of the request comes from a browser, so no cookie of it is read and it is given none.
 * `elsewhere`: it may change nothing.
 */
export type Provenance = 'program' | 'here' | 'elsewhere';

export interface Origins {
  cameFrom(headers: Headers): Provenance;
  /** Whether a page is opened at the address where it can be played. */
  isOwnAddress(url: URL): boolean;
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

export interface Taken {
  readonly ok: boolean;
  /** So many in so long. */
  readonly limit: number;
  readonly windowMs: number;
  readonly remaining: number;
  /** Until the allowance is whole again. */
  readonly resetMs: number;
  readonly retryAfterMs: number;
}

export interface Limiter {
  /** Takes `cost` (1) from the key's allowance when it is there. */
  take(key: string, now: number, cost?: number): Taken | Promise<Taken>;
}

export interface Limits {
  /** By address. */
  readonly requests: Limiter;
  /** By address. */
  readonly practice: Limiter;
  /** By account, one a tap. */
  readonly taps: Limiter;
}

export interface HouseRules {
  readonly stakes: readonly Micros[];
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
}

export interface Log {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
