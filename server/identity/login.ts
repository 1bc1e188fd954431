import { type Currency, micros, type Micros } from '../game/money.ts';
import type { Account } from '../game/session.ts';
import type { Books } from '../ports/books.ts';
import { fieldFault } from '../ports/fields.ts';
import type { House } from '../ports/house.ts';
import type {
  ChallengeAnswer,
  ChallengeRequest,
  ChallengeResponse,
  Refused,
  SignedIn,
  SignIn,
} from '../ports/sign-in.ts';
import type { Challenges } from './challenges.ts';
import { importSessionKey, verifySignature } from './session-key.ts';
import { makeToken } from './session-token.ts';
import { startSession } from './start-session.ts';
import { proofExpected, proofText, signInText, type KeyScope } from './sign-in-text.ts';
import { checksummedAddress } from './wallet-address.ts';
import type { WalletVerifier } from './wallet-verifier.ts';

export interface LoginRules extends KeyScope {
  /** The public origin: scheme, host and port. */
  readonly origin: string;
  readonly chainIds: readonly number[];
  readonly practiceGrant: Micros;
}

export interface LoginParts {
  readonly house: Pick<House, 'openAccount' | 'startSession'>;
  readonly books: Pick<Books, 'account' | 'accountByAddress' | 'isKeyRegistered'>;
  readonly challenges: Challenges;
  readonly wallets: Pick<WalletVerifier, 'recover'>;
  readonly random: (bytes: number) => Uint8Array;
  /** Makes a UUIDv7 for a moment. */
  readonly newId: (at: number) => string;
}

const RETRY_AFTER_BUSY_MS = 2_000;
export const NO_KEY = 'expected a point of the curve P-256';

export const badField = (field: string, why: string): Refused => ({
  code: 'bad_request',
  ...fieldFault(field, why),
});

/**
 * The ways in; the way out is `SessionBook.end`. `now` is UTC epoch ms; refusals are values, a rejected
 * promise is a failure of the ledger.
 */
export class Login implements SignIn {
  /** Keys and wallets whose sign-in is under way: the books do not know them yet. */
  readonly #keysUnderWay = new Set<string>();
  readonly #walletsUnderWay = new Map<string, Promise<Account | Refused>>();

  constructor(
    private readonly rules: LoginRules,
    private readonly parts: LoginParts,
  ) {}

  /**
   * A new account with play money for a new key. Refused with `bad_request` (not a session key) or
   * `key_reused`.
   */
  async practice(publicKey: string, now: number): Promise<SignedIn | Refused> {
    if ((await importSessionKey(publicKey)) === null) return badField('publicKey', NO_KEY);
    return this.#once(publicKey, async () => {
      const account = await this.#open('PLAY', null, this.rules.practiceGrant, now);
      return 'code' in account
        ? account
        : startSession(this.parts, this.rules, account, {
            publicKey,
            now,
            expiresAt: now + this.rules.sessionMs,
          });
    });
  }

  /**
   * The text for a wallet to sign. `pre` is what the browser's cookie holds, if it has one already: several
   * open texts share it. A program has no cookie, says so by `program`, and its challenge is bound to none.
   * Refused with `bad_request` (address, chain or key) or `key_reused`.
   */
  async challenge(
    request: ChallengeRequest,
    pre: string | null,
    now: number,
  ): Promise<ChallengeAnswer | Refused> {
    const { chainId, publicKey, program = false } = request;
    const address = checksummedAddress(request.address);
    if (address === null)
      return badField(
        'address',
        'expected an Ethereum address in lower case, in upper case, or with a valid checksum',
      );
    if (!this.rules.chainIds.includes(chainId))
      return badField('chainId', `expected ${this.rules.chainIds.join(' or ')}`);
    if ((await importSessionKey(publicKey)) === null) return badField('publicKey', NO_KEY);
    if (this.#isTaken(publicKey)) return { code: 'key_reused' };
    const bound = program ? null : (pre ?? makeToken(this.parts.random));
    const { id, challenge } = this.parts.challenges.issue(
      { kind: 'wallet', address, chainId, publicKey },
      bound,
      now,
    );
    return {
      challengeId: id,
      message: signInText(this.rules.origin, challenge, this.rules),
      pre: bound,
      expiresAt: this.parts.challenges.expiryOf(challenge),
    };
  }

  /**
   * `signature` is the wallet's over the text, in any of its spellings; `proof` the session key's over {@link
   * proofText}; `pre` what the caller's cookie holds. Refused with `challenge_expired` (unknown, used, too
   * old, out of tries, another browser's), `bad_signature` (the proof), `login_failed` (the wallet's
   * signature), `key_reused` or `busy`.
   */
  async finish(answer: ChallengeResponse, now: number): Promise<SignedIn | Refused> {
    const challenge = this.parts.challenges.attempt('wallet', answer.challengeId, answer.pre, now);
    if (challenge === null) return { code: 'challenge_expired' };
    const message = signInText(this.rules.origin, challenge, this.rules);
    const key = await importSessionKey(challenge.publicKey);
    if (key === null || !(await verifySignature(key, proofText(answer.challengeId, message), answer.proof)))
      return { code: 'bad_signature', message: proofExpected(answer.challengeId) };
    const recovery = await this.parts.wallets.recover(message, answer.signature);
    if ('code' in recovery) return { code: recovery.code, retryAfterMs: RETRY_AFTER_BUSY_MS };
    if (recovery.address !== challenge.address) return { code: 'login_failed' };
    if (!this.parts.challenges.consume(challenge)) return { code: 'challenge_expired' };
    return this.#once(challenge.publicKey, async () => {
      const account = await this.#walletAccount(challenge.address, now);
      // The end that the wallet has signed.
      return 'code' in account
        ? account
        : startSession(this.parts, this.rules, account, {
            publicKey: challenge.publicKey,
            now,
            expiresAt: challenge.issuedAt + this.rules.sessionMs,
          });
    });
  }

  /**
   * A key is registered once, ever. Two sign-ins with one key at the same time must not both open an account.
   */
  async #once(publicKey: string, signIn: () => Promise<SignedIn | Refused>): Promise<SignedIn | Refused> {
    if (this.#isTaken(publicKey)) return { code: 'key_reused' };
    this.#keysUnderWay.add(publicKey);
    try {
      return await signIn();
    } finally {
      this.#keysUnderWay.delete(publicKey);
    }
  }

  #isTaken(publicKey: string): boolean {
    return this.#keysUnderWay.has(publicKey) || this.parts.books.isKeyRegistered(publicKey);
  }

  #walletAccount(address: string, now: number): Promise<Account | Refused> {
    const known = this.parts.books.accountByAddress(address, 'USD');
    if (known !== null) return Promise.resolve(known);
    const underWay = this.#walletsUnderWay.get(address);
    if (underWay !== undefined) return underWay;
    const opening = this.#open('USD', address, micros(0), now).finally(() =>
      this.#walletsUnderWay.delete(address),
    );
    this.#walletsUnderWay.set(address, opening);
    return opening;
  }

  async #open(
    currency: Currency,
    address: string | null,
    grant: Micros,
    now: number,
  ): Promise<Account | Refused> {
    const accountId = this.parts.newId(now);
    const refusal = await this.parts.house.openAccount({ accountId, currency, address, grant });
    const account =
      address === null
        ? this.parts.books.account(accountId)
        : this.parts.books.accountByAddress(address, currency);
    // Another edge may have opened the account of a wallet at the same time.
    if (refusal !== null && (refusal !== 'login_failed' || account === null)) return { code: refusal };
    if (account === null) throw new Error('an account that was just opened is not in the books');
    return account;
  }
}
