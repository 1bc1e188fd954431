import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';

/** `sessionId` is null when all sessions of the account ended. */
export interface SessionEnd {
  readonly accountId: string;
  readonly sessionId: string | null;
}

/** Who is signed in. */
export interface Sessions {
  /**
   * The session of a token, which counts as activity.
   * @returns null for a token that is unknown, ended, expired or idle for too long.
   */
  authenticate(token: string, now: number): Session | null | Promise<Session | null>;
  /** The same for a session that was authenticated before, as an open socket has it. */
  recheck(session: Session, now: number): Session | null | Promise<Session | null>;
  /** Ends this session, or all of its account's. @returns why not, or null when it is durable. */
  end(session: Session, everywhere: boolean): Promise<RejectionCode | null>;
}

/** The sessions as this process knows them from the books. */
export interface LocalSessions extends Sessions {
  authenticate(token: string, now: number): Session | null;
  recheck(session: Session, now: number): Session | null;
  /** Another process ended these: drop them from memory and notify the listeners. */
  forget(end: SessionEnd): void;
  /** The next look at any session is one into the books. */
  forgetAll(): void;
}
