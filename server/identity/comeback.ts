import type { Books } from '../ports/books.ts';
import type {
  ChallengeAnswer,
  ChallengeResponse,
  Comeback,
  Refused,
  ReturnedIn,
  ReturnRequest,
} from '../ports/sign-in.ts';
import { awayFrom } from './away.ts';
import type { Challenges } from './challenges.ts';
import { badField, NO_KEY, type LoginRules } from './login.ts';
import { importSessionKey, verifySignature } from './session-key.ts';
import { makeToken } from './session-token.ts';
import type { SessionBook } from './sessions.ts';
import { proofExpected, proofText, returnText } from './sign-in-text.ts';
import { startSession, type SessionParts } from './start-session.ts';

export interface ComebackParts extends SessionParts {
  readonly books: Pick<Books, 'account' | 'bets' | 'isKeyRegistered' | 'lastSeen'>;
  readonly challenges: Challenges;
  /** The last use that this process knows of; it is written to the books only now and then. */
  readonly sessions: Pick<SessionBook, 'lastUse'>;
}

/** One answer for all that is wrong, so that nobody learns by it which keys and accounts there are. */
const NOT_BACK: Refused = {
  code: 'login_failed',
  message:
    'That key brings back no practice account: it belongs to another account, it was signed out, or the ' +
    'signature is not from it.',
};

/**
 * The way back into a practice account, which has no wallet: a key that was registered for it signs for a new
 * one. Each session has a key of its own, as after any sign-in, and the old one stays good for coming back
 * until it is signed out: by its own session, by all of the account's, or by an operator.
 */
export class PracticeComeback implements Comeback {
  constructor(
    private readonly rules: Pick<LoginRules, 'origin' | 'stakeMax' | 'dailyCap' | 'sessionMs'>,
    private readonly parts: ComebackParts,
  ) {}

  /**
   * Looks nothing up but whether the new key is new. Refused with `bad_request` (not a key) or `key_reused`.
   */
  async challenge(
    { account, registeredKey, publicKey, program = false }: ReturnRequest,
    pre: string | null,
    now: number,
  ): Promise<ChallengeAnswer | Refused> {
    for (const [field, key] of Object.entries({ registeredKey, publicKey }))
      if ((await importSessionKey(key)) === null) return badField(field, NO_KEY);
    if (registeredKey === publicKey)
      return badField('publicKey', 'expected a new key, for which the registered one signs');
    if (this.parts.books.isKeyRegistered(publicKey)) return { code: 'key_reused' };
    const bound = program ? null : (pre ?? makeToken(this.parts.random));
    const { id, challenge } = this.parts.challenges.issue(
      { kind: 'return', accountId: account, registeredKey, publicKey },
      bound,
      now,
    );
    return {
      challengeId: id,
      message: returnText(this.rules.origin, challenge),
      pre: bound,
      expiresAt: this.parts.challenges.expiryOf(challenge),
    };
  }

  /**
   * `signature` is the registered key's over the text, `proof` the new key's over {@link proofText}; `pre`
   * what the caller's cookie holds. Refused with `challenge_expired`, `bad_signature` (the proof),
   * `login_failed` (anything about the registered key), `key_reused` or `busy`.
   */
  async finish(
    { challengeId, signature, proof, pre }: ChallengeResponse,
    now: number,
  ): Promise<ReturnedIn | Refused> {
    const { books, challenges } = this.parts;
    const challenge = challenges.attempt('return', challengeId, pre, now);
    if (challenge === null) return { code: 'challenge_expired' };
    const message = returnText(this.rules.origin, challenge);
    if (!(await isSignedBy(challenge.publicKey, proofText(challengeId, message), proof)))
      return { code: 'bad_signature', message: proofExpected(challengeId) };
    if (!(await isSignedBy(challenge.registeredKey, message, signature))) return NOT_BACK;
    const account = books.account(challenge.accountId);
    if (account === null) return NOT_BACK;
    const since =
      Math.max(books.lastSeen(account.id) ?? 0, this.parts.sessions.lastUse(account.id) ?? 0) || now;
    if (!challenges.consume(challenge)) return { code: 'challenge_expired' };
    const { publicKey, registeredKey: returnOf } = challenge;
    const started = await startSession(this.parts, this.rules, account, {
      publicKey,
      now,
      expiresAt: now + this.rules.sessionMs,
      returnOf,
    });
    if ('code' in started) return started.code === 'login_failed' ? NOT_BACK : started;
    return { ...started, away: awayFrom(books, account.id, since, now) };
  }
}

async function isSignedBy(publicKey: string, text: string, signature: string): Promise<boolean> {
  const key = await importSessionKey(publicKey);
  return key !== null && verifySignature(key, text, signature);
}
