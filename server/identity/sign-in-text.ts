import { formatDollars, type Micros } from '../game/money.ts';
import type { Challenge } from './challenges.ts';
import { formatSignIn } from './erc4361.ts';

/** What a session key may do from its sign-in on. `sessionMs` is the time until its absolute end. */
export interface KeyScope {
  readonly stakeMax: Micros;
  readonly dailyCap: Micros;
  readonly sessionMs: number;
}

/**
 * The ERC-4361 text that signs a wallet in and hands taps to a session key:
 * `urn:tapgrid:session-key:p256:<public key>`, and the scope as `urn:tapgrid:scope:stake-max:<micros>` and
 * `urn:tapgrid:scope:daily-cap:<micros>`; its expiration time is the end of the session. Every field comes
 * from the public origin, the scope and the challenge, so the same challenge always gives the same text.
 */
export function signInText(publicOrigin: string, challenge: Challenge<'wallet'>, scope: KeyScope): string {
  const { protocol, host } = new URL(publicOrigin);
  return formatSignIn({
    scheme: protocol.slice(0, -1),
    domain: host,
    address: challenge.address,
    statement:
      'Sign in to Tapgrid. A key that stays in this browser may then place taps of up to ' +
      `${formatDollars(scope.stakeMax)} each and ${formatDollars(scope.dailyCap)} a day, ` +
      'until the expiration time below. This costs no gas.',
    uri: publicOrigin,
    version: '1',
    chainId: challenge.chainId,
    nonce: challenge.nonce,
    issuedAt: new Date(challenge.issuedAt).toISOString(),
    expirationTime: new Date(challenge.issuedAt + scope.sessionMs).toISOString(),
    resources: [
      `urn:tapgrid:session-key:p256:${challenge.publicKey}`,
      `urn:tapgrid:scope:stake-max:${scope.stakeMax}`,
      `urn:tapgrid:scope:daily-cap:${scope.dailyCap}`,
    ],
  });
}

/** The UTF-8 text whose signature proves that the person signing in holds the session key. */
export const proofText = (challengeId: string, message: string): string =>
  `tapgrid-login-v1\n${challengeId}\n${message}`;

/** What is said of a proof that does not verify. */
export const proofExpected = (challengeId: string): string =>
  'The proof does not match the session key. Expected: ECDSA P-256 with SHA-256 over the UTF-8 text ' +
  `"tapgrid-login-v1\\n${challengeId}\\n<message>", with the message as it came ` +
  'with the challenge and no line feed after it; sent as the 64 raw bytes r‖s in base64url without padding.';

/**
 * The UTF-8 text by whose signature a key that is registered for a practice account hands the account to a
 * new key: origin, account, registered key, new key, nonce, one a line. No tap order begins like it.
 */
export const returnText = (
  publicOrigin: string,
  { accountId, registeredKey, publicKey, nonce }: Challenge<'return'>,
): string => `tapgrid-return-v1\n${publicOrigin}\n${accountId}\n${registeredKey}\n${publicKey}\n${nonce}\n`;
