import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import type { Log } from '../ports/log.ts';
import type { Origins } from '../ports/origins.ts';
import type { Limiter } from '../ports/rates.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { TakesTurns } from '../ports/turns.ts';

/** What the socket edge is put together from. */
export interface LiveDeps {
  readonly house: House;
  readonly books: Books;
  readonly sessions: Pick<Sessions, 'authenticate' | 'recheck'>;
  readonly cookies: { session(header: string | null): string | null };
  readonly origins: Pick<Origins, 'cameFrom'>;
  /** The name under which limits count the caller. */
  readonly addressOf: (peer: string | null, headers: Headers) => string;
  /** Whether an operator has blocked the caller. */
  readonly isBlocked: (address: string) => boolean;
  readonly limits: {
    /** By address, one an upgrade. */
    readonly requests: Limiter;
    /** By account, one a tap. */
    readonly taps: Limiter;
    readonly socketsMax: number;
    readonly socketsPerAddressMax: number;
  };
  /** Whether pages have a place for what others do. */
  readonly showOthers: boolean;
  /** For snapshots. */
  readonly turns: TakesTurns;
  readonly rules: {
    readonly stakes: readonly number[];
    /** Lengths of the windows of each board, ms, ascending. */
    readonly windows: readonly number[];
    /** Of the default board. */
    readonly windowMs: number;
    readonly tapsPerSignatureMax: number;
  };
  /** UTC epoch ms. */
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
}
