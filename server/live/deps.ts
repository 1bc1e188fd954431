import type { Session } from '../game/session.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import type { TakesTurns } from '../ports/turns.ts';

/** What the socket edge is put together from. */
export interface LiveDeps {
  readonly house: House;
  readonly books: Books;
  readonly sessions: {
    /** @returns null for a token that is unknown, ended, expired or idle for too long. */
    authenticate(token: string, now: number): Session | null | Promise<Session | null>;
    /** The same for a session that was authenticated before. */
    recheck(session: Session, now: number): Session | null | Promise<Session | null>;
  };
  readonly cookies: { session(header: string | null): string | null };
  readonly origins: { cameFrom(headers: Headers): 'program' | 'here' | 'elsewhere' };
  /** The name under which limits count the caller. */
  readonly addressOf: (peer: string | null, headers: Headers) => string;
  readonly limits: {
    /** By address, one an upgrade. */
    readonly requests: {
      take(key: string, now: number): { readonly ok: boolean } | Promise<{ readonly ok: boolean }>;
    };
    /** By account, one a tap. */
    readonly taps: {
      take(
        key: string,
        now: number,
        cost?: number,
      ):
        | { readonly ok: boolean; readonly retryAfterMs: number }
        | Promise<{ readonly ok: boolean; readonly retryAfterMs: number }>;
    };
    readonly socketsMax: number;
    readonly socketsPerAddressMax: number;
  };
  /** For snapshots. */
  readonly turns: TakesTurns;
  readonly rules: {
    readonly stakes: readonly number[];
    readonly windowMs: number;
    readonly tapsPerSignatureMax: number;
  };
  /** UTC epoch ms. */
  readonly now: () => number;
  readonly log: { error(fields: Readonly<Record<string, unknown>>, message: string): void };
}
