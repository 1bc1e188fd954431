import { createHash, timingSafeEqual } from 'node:crypto';

export interface OperatorSession {
  /** As given at the sign-in: whoever has the token may call himself anything. */
  readonly operator: string;
  readonly startedAt: number;
  readonly expiresAt: number;
}

export const OPERATOR_SESSION_MS = 8 * 3_600_000;
/** A token that could be guessed is none. */
export const OPERATOR_TOKEN_LENGTH_MIN = 24;
const SESSIONS_MAX = 32;
const SESSION_BYTES = 32;

/**
 * Who is signed in at the operator's page: on a token of its own, in memory alone, so that a restart signs
 * everybody out.
 */
export class OperatorSessions {
  readonly #digest: Buffer;
  readonly #sessions = new Map<string, OperatorSession>();

  /** @throws RangeError for a token that is too short. */
  constructor(
    token: string,
    private readonly random: (bytes: number) => Uint8Array,
  ) {
    if (token.length < OPERATOR_TOKEN_LENGTH_MIN)
      throw new RangeError(`it must have at least ${OPERATOR_TOKEN_LENGTH_MIN} characters`);
    this.#digest = digestOf(token);
  }

  /**
   * @returns the value of the cookie, base64url of 32 random bytes; null for a wrong token. How long it takes
   * says nothing about the token.
   */
  start(token: string, operator: string, now: number): string | null {
    if (!timingSafeEqual(digestOf(token), this.#digest)) return null;
    this.#drop(now);
    const value = Buffer.from(this.random(SESSION_BYTES)).toString('base64url');
    this.#sessions.set(keyOf(value), { operator, startedAt: now, expiresAt: now + OPERATOR_SESSION_MS });
    return value;
  }

  find(value: string, now: number): OperatorSession | null {
    const session = this.#sessions.get(keyOf(value));
    return session !== undefined && now < session.expiresAt && now >= session.startedAt ? session : null;
  }

  end(value: string): void {
    this.#sessions.delete(keyOf(value));
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

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const keyOf = (value: string): string => digestOf(value).toString('hex');
