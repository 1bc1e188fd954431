import type { Who } from '../ports/operator.ts';
import { digestOf, type Operators } from './operators.ts';

export interface OperatorSession {
  readonly who: Who;
  readonly startedAt: number;
  readonly expiresAt: number;
}

export const OPERATOR_SESSION_MS = 8 * 3_600_000;
const SESSIONS_MAX = 32;
const SESSION_BYTES = 32;

/**
 * Who is signed in on the operators' page: only in memory, so a restart signs everybody out. Removing an
 * operator's token signs them out at once.
 */
export class OperatorSessions {
  readonly #sessions = new Map<string, OperatorSession & { readonly token: Buffer }>();

  constructor(
    private readonly operators: Operators,
    private readonly random: (bytes: number) => Uint8Array,
  ) {}

  /** @returns who came, and the value of the cookie, base64url of 32 random bytes; null for a wrong token. */
  start(token: string, now: number): { readonly who: Who; readonly cookie: string } | null {
    const who = this.operators.find(token);
    if (who === null) return null;
    this.#drop(now);
    const cookie = Buffer.from(this.random(SESSION_BYTES)).toString('base64url');
    this.#sessions.set(keyOf(cookie), {
      who,
      token: digestOf(token),
      startedAt: now,
      expiresAt: now + OPERATOR_SESSION_MS,
    });
    return { who, cookie };
  }

  find(cookie: string, now: number): OperatorSession | null {
    const session = this.#sessions.get(keyOf(cookie));
    if (session === undefined || now >= session.expiresAt || now < session.startedAt) return null;
    return this.operators.findDigest(session.token)?.name === session.who.name ? session : null;
  }

  end(cookie: string): void {
    this.#sessions.delete(keyOf(cookie));
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The oldest makes room. */
  #drop(now: number): void {
    for (const [key, session] of this.#sessions)
      if (now >= session.expiresAt || this.#sessions.size >= SESSIONS_MAX) this.#sessions.delete(key);
  }
}

const keyOf = (cookie: string): string => digestOf(cookie).toString('hex');
