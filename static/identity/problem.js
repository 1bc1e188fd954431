/**
 * Why an identity step did not work: a stable `code` for the page to branch on, and a `message` for the
 * person in front of it.
 */
export class IdentityProblem extends Error {
  /** @param {string} code @param {string} [message] the server's sentence, where the code is the server's */
  constructor(code, message = SENTENCES[code] ?? UNKNOWN) {
    super(message);
    this.name = 'IdentityProblem';
    this.code = code;
  }
}

const UNKNOWN = 'That did not work. Try again.';

/** @type {Readonly<Record<string, string>>} */
const SENTENCES = {
  insecure_context:
    'This page is not on a secure address, so the browser cannot sign taps. Open it over https, ' +
    'or on localhost.',
  no_webcrypto:
    'This browser cannot create the key that signs taps (WebCrypto with ECDSA P-256). Use a current browser.',
  no_storage:
    'This browser does not let the page keep its key. Private windows often block this; use a normal window.',
  no_key: 'The key of this session is no longer in this browser. Sign in again to create a new one.',
  no_wallet: 'No wallet found in this browser. Install one, or try it with play money.',
  wallet_rejected: 'You declined in your wallet. Nothing was signed.',
  wallet_locked:
    'Your wallet is locked or is already asking you something. Open it, unlock it, and try again.',
  wallet_disconnected: 'Your wallet is not connected to its network. Check it and try again.',
  cancelled: 'Cancelled. If your wallet is still asking, decline there.',
  wrong_chain:
    'Your wallet is on a network that we do not support. Switch networks in your wallet and try again.',
  wallet_failed: 'Your wallet could not sign. Try again, or use another wallet.',
  contract_wallet:
    'This account is a smart contract. Smart-contract wallets cannot sign in yet; ' +
    'use a regular account, or play money.',
  practice_gone: 'That practice account was signed out. Start a new one with fresh play money.',
  offline: 'The server could not be reached. Check your connection and try again.',
  server_failed: 'The server sent an unreadable answer. Try again in a moment.',
  unknown_problem: UNKNOWN,
};
