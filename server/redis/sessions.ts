import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { LocalSessions, SessionEnd, Sessions } from '../ports/sessions.ts';
import { CHANNELS, KEYS, SESSION_KEYS } from './channels.ts';
import { opened, sealed, Sequence } from './envelope.ts';
import type { RedisLink } from './link.ts';

/**
 * A record is written again after so long, so that one in use does not run out and an emptied Redis fills up.
 */
const WRITTEN_EVERY_MS = 60_000;
const WRITTEN_MAX = 50_000;
const SCANNED_AT_ONCE = 500;

/**
 * Sessions that all processes share: Redis holds a copy of each record in use, by the hash of its token, for
 * processes without the books; an ended session vanishes from it and from the memory of all. The books stay
 * the truth here. An ending that Redis could not be told is made good when it is back: all copies are
 * dropped, and every process looks into the books again.
 */
export class SharedSessions implements Sessions {
  readonly #written = new Map<string, number>();
  readonly #sequence = new Sequence();
  readonly #run = crypto.randomUUID();
  #seq = 0;
  #owesEnding = false;

  constructor(
    private readonly link: RedisLink,
    private readonly local: LocalSessions,
    private readonly idleMs: number,
  ) {
    link.subscribe(CHANNELS.endings, (message) => this.#hear(message));
    link.onBack(() => this.#onBack());
  }

  authenticate(token: string, now: number): Session | null {
    return this.#share(this.local.authenticate(token, now), now);
  }

  recheck(session: Session, now: number): Session | null {
    return this.#share(this.local.recheck(session, now), now);
  }

  async end(session: Session, everywhere: boolean): Promise<RejectionCode | null> {
    const refusal = await this.local.end(session, everywhere);
    if (refusal !== null) return refusal;
    this.#written.delete(session.tokenHash);
    const { accountId } = session;
    const ending: SessionEnd = { accountId, sessionId: everywhere ? null : session.id };
    const done = await this.link.ask(async (redis) => {
      const hashes = everywhere ? await redis.smembers(KEYS.sessionsOf(accountId)) : [session.tokenHash];
      await redis.unlink(...hashes.map(KEYS.session), ...(everywhere ? [KEYS.sessionsOf(accountId)] : []));
      await redis.publish(CHANNELS.endings, this.#message(ending));
    });
    if (done === null) this.#owesEnding = true;
    return null;
  }

  /**
   * Sessions that an operator ended in the books. Copies of the account's other sessions go too: they are
   * made again with the next use.
   */
  async forget(ending: SessionEnd): Promise<void> {
    this.local.forget(ending);
    this.#written.clear();
    const done = await this.link.ask(async (redis) => {
      const hashes = await redis.smembers(KEYS.sessionsOf(ending.accountId));
      await redis.unlink(...hashes.map(KEYS.session), KEYS.sessionsOf(ending.accountId));
      await redis.publish(CHANNELS.endings, this.#message(ending));
    });
    if (done === null) this.#owesEnding = true;
  }

  /**
   * The copy in Redis, for a process that has no books. @returns undefined when Redis is away: nobody knows.
   */
  async find(tokenHash: string, now: number): Promise<Session | null | undefined> {
    const found = await this.link.ask((redis) => redis.get(KEYS.session(tokenHash)));
    if (found === null) return undefined;
    const session = found.ok === null ? null : readSession(found.ok);
    return session?.tokenHash === tokenHash && now < session.expiresAt ? session : null;
  }

  #share(session: Session | null, now: number): Session | null {
    if (
      session === null ||
      Math.abs(now - (this.#written.get(session.tokenHash) ?? -Infinity)) < WRITTEN_EVERY_MS ||
      this.link.away !== null
    )
      return session;
    this.#written.delete(session.tokenHash);
    this.#written.set(session.tokenHash, now);
    const [oldest] = this.#written.keys();
    if (oldest !== undefined && this.#written.size > WRITTEN_MAX) this.#written.delete(oldest);
    const lifeMs = Math.min(session.expiresAt - now, this.idleMs + WRITTEN_EVERY_MS);
    const [key, all] = [KEYS.session(session.tokenHash), KEYS.sessionsOf(session.accountId)];
    this.link.tell((redis) =>
      Promise.all([
        redis.set(key, JSON.stringify(session), 'PX', lifeMs),
        redis.sadd(all, session.tokenHash),
        redis.pexpire(all, session.expiresAt - now),
      ]),
    );
    return session;
  }

  #message(data: SessionEnd | null): string {
    return sealed({ run: this.#run, seq: ++this.#seq, data });
  }

  #hear(message: string): void {
    const envelope = opened(message);
    if (envelope === null || envelope.run === this.#run) return;
    const heard = this.#sequence.hear(envelope);
    if (heard === 'old') return;
    const ending = readEnding(envelope.data);
    if (heard === 'gap' || ending === null) this.#lookAgain();
    if (ending !== null) this.local.forget(ending);
  }

  #lookAgain(): void {
    this.#written.clear();
    this.local.forgetAll();
  }

  #onBack(): void {
    this.#lookAgain();
    if (!this.#owesEnding) return;
    this.#owesEnding = false;
    void this.#dropAll();
  }

  async #dropAll(): Promise<void> {
    const done = await this.link.ask(async (redis) => {
      for (const match of SESSION_KEYS)
        for await (const keys of redis.scanStream({ match, count: SCANNED_AT_ONCE }))
          if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
      await redis.publish(CHANNELS.endings, this.#message(null));
    });
    if (done === null) this.#owesEnding = true;
  }
}

/** Null: any session may have ended. */
function readEnding(data: unknown): SessionEnd | null {
  const { accountId, sessionId } = (data ?? {}) as Partial<Record<keyof SessionEnd, unknown>>;
  return typeof accountId === 'string' && (typeof sessionId === 'string' || sessionId === null)
    ? { accountId, sessionId }
    : null;
}

function readSession(text: string): Session | null {
  try {
    return JSON.parse(text) as Session | null;
  } catch {
    return null;
  }
}
