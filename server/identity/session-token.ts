import { hash } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

const TOKEN_BYTES = 32;

/**
 * 256 random bits as base64url: a session token, or the secret of the cookie that ties a sign-in text to its
 * browser.
 */
export const makeToken = (random: (bytes: number) => Uint8Array): string =>
  encodeBase64url(random(TOKEN_BYTES));

/**
 * SHA-256 of the 32 bytes, hex, as it is stored. Text that is not a token is hashed all the same, as 32
 * zeros, so that it costs as much.
 */
export const hashToken = (token: string): string =>
  hash('sha256', decodeBase64url(token, TOKEN_BYTES) ?? NO_TOKEN, 'hex');

const NO_TOKEN = new Uint8Array(TOKEN_BYTES);
