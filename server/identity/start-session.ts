import type { Account, Session } from '../game/session.ts';
import type { House } from '../ports/house.ts';
import type { Refused, SignedIn } from '../ports/sign-in.ts';
import { hashToken, makeToken } from './session-token.ts';
import type { KeyScope } from './sign-in-text.ts';

export interface SessionParts {
  readonly house: Pick<House, 'startSession'>;
  readonly random: (bytes: number) => Uint8Array;
  /** Makes a UUIDv7 for a moment. */
  readonly newId: (at: number) => string;
}

/** Times are UTC epoch ms. */
export interface SessionStart {
  readonly publicKey: string;
  readonly now: number;
  /** The absolute end. */
  readonly expiresAt: number;
  /** The key that brings an account back, to which the ledger still grants that. */
  readonly returnOf?: string;
}

/**
 * Makes a token and the session that it opens. Refused with what the ledger says: `key_reused`,
 * `login_failed` (nothing comes back by `returnOf`), `busy`.
 */
export async function startSession(
  parts: SessionParts,
  { stakeMax, dailyCap }: KeyScope,
  account: Account,
  start: SessionStart,
): Promise<SignedIn | Refused> {
  const { publicKey, now, expiresAt, returnOf } = start;
  const token = makeToken(parts.random);
  const session: Session = {
    id: parts.newId(now),
    accountId: account.id,
    currency: account.currency,
    tokenHash: hashToken(token),
    publicKey,
    stakeMax,
    dailyCap,
    createdAt: now,
    expiresAt,
    seenAt: now,
  };
  const refusal = await parts.house.startSession(session, returnOf);
  return refusal === null ? { account, session, token } : { code: refusal };
}
