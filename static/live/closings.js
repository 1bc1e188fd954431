/** @type {[title: string, more: string]} */
const FULL = ['The server is full', 'Trying again. Your bets are safe.'];

/**
 * What the page says when the server closed its line, by close code: `[title, what to do]`. Our own codes,
 * from 4000 up, are final: to come back by itself would end the same way. All others pass.
 * @type {Readonly<Record<number, [title: string, more: string]>>}
 */
const WORDS = {
  1011: ['The server had an error', 'Reconnecting. Your bets are safe.'],
  1012: ['The server is restarting', 'Reconnecting. Your bets are safe.'],
  1013: FULL,
  4400: ['This page is out of date', 'Reload the page to continue.'],
  4401: ['You were signed out', 'Reload the page to continue.'],
  4403: [
    'Your taps could not be verified',
    'This browser does not have the key of your session. Sign in again.',
  ],
  4451: ['Your address is blocked', 'The operator has blocked it. Open bets continue and are paid.'],
  4429: ['Too many messages', 'The connection was closed. Reload the page to continue.'],
};

/** @param {number} code */
export const isFinal = (code) => code >= 4000;

/**
 * Why a line was not opened at all, by the status of the refusal; a browser does not tell it, so the page
 * asks by an ordinary call.
 * @type {Readonly<Record<number, [title: string, more: string]>>}
 */
const REFUSED = {
  403: ['Your address is blocked', 'The operator has blocked it. Open bets continue and are paid.'],
  429: ['Too many pages open from your address', 'Close other tabs of this page. Your bets are safe.'],
  503: FULL,
};

/** @param {number} status */
export const wordsOfRefusal = (status) => REFUSED[status] ?? wordsOf(1006);

/** @param {number} code @returns {[title: string, more: string]} */
export const wordsOf = (code) =>
  WORDS[code] ??
  (isFinal(code)
    ? ['The connection was closed', 'Reload the page to continue.']
    : ['Reconnecting', 'Your bets are safe.']);
