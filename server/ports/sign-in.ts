import type { Micros } from '../game/money.ts';
import type { RejectionCode } from '../game/rejection.ts';
import type { Account, Session } from '../game/session.ts';

/**
 * The ways in, as the edge sees them. `now` is UTC epoch ms; refusals are values, a rejected promise is a
 * failure of the ledger.
 */
export interface SignIn {
  practice(publicKey: string, now: number): Promise<SignedIn | Refused>;
  /** @param pre the browser's cookie, when it has one already: several open sign-in texts share it. */
  challenge(request: ChallengeRequest, pre: string | null, now: number): Promise<ChallengeAnswer | Refused>;
  finish(answer: ChallengeResponse, now: number): Promise<SignedIn | Refused>;
}

/** The way back into a practice account by a key of its. */
export interface Comeback {
  challenge(request: ReturnRequest, pre: string | null, now: number): Promise<ChallengeAnswer | Refused>;
  /** `signature` is the registered key's, base64url. */
  finish(answer: ChallengeResponse, now: number): Promise<ReturnedIn | Refused>;
}

export interface SignedIn {
  readonly account: Account;
  readonly session: Session;
  /** 256 bits as base64url; stored nowhere but with the one who signed in. */
  readonly token: string;
}

export interface ReturnedIn extends SignedIn {
  readonly away: Away;
}

/**
 * What became of an account's bets while nobody was there: how many were won, lost and refunded, what they
 * had staked and what came back. Times UTC epoch ms.
 */
export interface Away {
  readonly since: number;
  readonly until: number;
  readonly won: number;
  readonly lost: number;
  readonly void: number;
  readonly staked: Micros;
  readonly paid: Micros;
}

export interface Refused {
  readonly code: RejectionCode;
  /** Instead of the sentence that belongs to the code. */
  readonly message?: string;
  readonly field?: string;
  readonly retryAfterMs?: number;
}

export interface ChallengeRequest {
  readonly address: string;
  readonly chainId: number;
  /** base64url of the 65 raw bytes. */
  readonly publicKey: string;
  /** Not a browser: the challenge is bound to no cookie. */
  readonly program?: boolean;
}

export interface ReturnRequest {
  readonly account: string;
  /**
   * A key of the account that was registered before, and the one for the new session: base64url of the 65 raw
   * bytes.
   */
  readonly registeredKey: string;
  readonly publicKey: string;
  /** Not a browser: the challenge is bound to no cookie. */
  readonly program?: boolean;
}

export interface ChallengeAnswer {
  readonly challengeId: string;
  readonly message: string;
  /** For the cookie that ties the text to the browser; null for a program. */
  readonly pre: string | null;
  readonly expiresAt: number;
}

export interface ChallengeResponse {
  readonly challengeId: string;
  /** The wallet's over the text, hex. */
  readonly signature: string;
  /** The session key's over challenge and text, base64url. */
  readonly proof: string;
  /** What the caller's cookie holds. */
  readonly pre: string | null;
}
