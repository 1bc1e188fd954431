/**
 * Why an identity step did not work: a stable `code` for the page to branch on, and a `message` for the
 * person in front of it.
 */
export class IdentityProblem extends Error {
  /** @param {string} code @param {string} [message] the server's sentence, where the code is the server's */
  constructor(code, message = SENTENCES[code] ?? SENTENCES.unknown_problem) {
    super(message);
    this.name = 'IdentityProblem';
    this.code = code;
  }
}

const SENTENCES = {
  insecure_context:
    'This page is not on a secure address, so the browser has no keys to sign taps with. Open it over https, or on localhost.',
  no_webcrypto:
    'This browser cannot make the key that signs taps (WebCrypto with ECDSA P-256). A current browser can.',
  no_storage:
    'This browser does not let the page keep its key. Private windows often forbid it: use a normal window.',
  no_key: 'The key of this session is not in this browser any more. Sign in again to make a new one.',
  no_wallet: 'No wallet was found in this browser. Install one, or try it with play money.',
  wallet_rejected: 'You declined in your wallet. Nothing was signed.',
  wallet_locked: 'Your wallet is locked or already asks you something. Open it, unlock it, and try again.',
  wallet_disconnected: 'Your wallet has no connection to its network. Look into it, and try again.',
  cancelled: 'Cancelled. If your wallet still asks, decline there.',
  wrong_chain:
    'Your wallet is on a network that is not taken here. Switch the network in your wallet and try again.',
  wallet_failed: 'Your wallet could not sign. Try again, or use another wallet.',
  contract_wallet:
    'This account is a smart contract. Smart-contract wallets cannot sign in here yet; use a plain account, or play money.',
  practice_gone: 'That practice account was signed out. Start a new one with fresh play money.',
  offline: 'The server could not be reached. Check your connection and try again.',
  server_failed: 'The server gave no answer that could be read. Try again in a moment.',
  unknown_problem: 'That did not work. Try again.',
};
