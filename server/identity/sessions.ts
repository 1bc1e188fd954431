import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import type { LocalSessions, SessionEnd } from '../ports/sessions.ts';
import { Recency } from './recency.ts';
import { hashToken } from './session-token.ts';

interface Live {
  readonly session: Session;
  seenAt: number;
  writtenAt: number;
  /** The round of looks into the books that this record is of. */
  readonly round: number;
}

const SESSIONS_CACHED_MAX = 50_000;
/** Activity is written down at most this often; an idle limit is never shorter than a minute. */
const SEEN_EVERY_MS = 60_000;

/** Who is signed in: the sessions in the books, with those in use kept at hand. */
export class SessionBook implements LocalSessions {
  readonly #live = new Recency<Live>();
  readonly #endings = new Set<(end: SessionEnd) => void>();
  #round = 0;

  constructor(
    private readonly house: Pick<House, 'seeSession' | 'endSessions'>,
    private readonly books: Pick<Books, 'session'>,
    private readonly idleMs: number,
    private readonly cachedMax: number = SESSIONS_CACHED_MAX,
  ) {}

  get size(): number {
    return this.#live.size;
  }

  /**
   * The session of a token, which counts as activity. Any text costs a hash and a look by the hash: how long
   * it takes says nothing about a token.
   * @returns null when there is none, or when it has ended, expired, or been idle for too long.
   */
  authenticate(token: string, now: number): Session | null {
    return this.#use(hashToken(token), now);
  }

  /** The same for a session that was authenticated before, as an open socket has it. */
  recheck(session: Session, now: number): Session | null {
    return this.#use(session.tokenHash, now);
  }

  /** When any session of the account that is at hand was used last, UTC epoch ms; null where none is. */
  lastUse(accountId: string): number | null {
    let last: number | null = null;
    for (const [, { session, seenAt }] of this.#live)
      if (session.accountId === accountId && seenAt > (last ?? 0)) last = seenAt;
    return last;
  }

  /**
   * Ends this session, or all of its account's, in the ledger, in memory and for everyone who listens.
   * @returns why not, or null when it is durable.
   */
  async end({ id, accountId }: Session, everywhere: boolean): Promise<RejectionCode | null> {
    const sessionId = everywhere ? null : id;
    const refusal = await this.house.endSessions(accountId, sessionId);
    if (refusal !== null) return refusal;
    this.forget({ accountId, sessionId });
    return null;
  }

  /** Drops from memory what another process ended in the ledger, and notifies the listeners. */
  forget(end: SessionEnd): void {
    for (const [hash, { session }] of this.#live)
      if (session.accountId === end.accountId && (end.sessionId === null || session.id === end.sessionId))
        this.#live.delete(hash);
    for (const tell of this.#endings) tell(end);
  }

  /**
   * An ending elsewhere may have been missed: the next use of every session looks into the books. When it was
   * seen last is not forgotten.
   */
  forgetAll(): void {
    this.#round += 1;
  }

  /**
   * Called after sessions were ended, so that sockets can be closed. @returns a function that ends the
   * subscription.
   */
  onEnd(tell: (end: SessionEnd) => void): () => void {
    this.#endings.add(tell);
    return () => void this.#endings.delete(tell);
  }

  #use(hash: string, now: number): Session | null {
    const known = this.#live.touch(hash);
    const live = known?.round === this.#round ? known : this.#read(hash, known);
    if (live === null || now >= live.session.expiresAt || now - live.seenAt >= this.idleMs) {
      this.#leave(hash, live);
      return null;
    }
    live.seenAt = Math.max(live.seenAt, now);
    if (live !== known) {
      this.#live.set(hash, live);
      this.#dropOldest();
    }
    this.#writeUse(live, now);
    return live.session;
  }

  #read(hash: string, known: Live | undefined): Live | null {
    const session = this.books.session(hash);
    return (
      session && {
        session,
        seenAt: Math.max(session.seenAt, known?.seenAt ?? 0),
        writtenAt: known?.writtenAt ?? session.seenAt,
        round: this.#round,
      }
    );
  }

  #writeUse(live: Live, now: number): void {
    if (now - live.writtenAt < SEEN_EVERY_MS) return;
    live.writtenAt = now;
    // A failure here is the writer's, which reports it itself; the worst for this session is an idle limit
    // that counts from a minute ago.
    this.house.seeSession(live.session.id, now).catch(() => {});
  }

  #dropOldest(): void {
    if (this.#live.size <= this.cachedMax) return;
    const { key, value } = this.#live.oldest!;
    this.#leave(key, value);
  }
  /** Drops it from memory, and writes its last use to the books if they do not have it yet. */
  #leave(hash: string, live: Live | null): void {
    this.#live.delete(hash);
    if (live !== null && live.seenAt > live.writtenAt)
      this.house.seeSession(live.session.id, live.seenAt).catch(() => {});
  }
}
