import { decodeBase64url } from './base64url.ts';

/** Longest `Cookie` header that is read; a longer one is as good as none. */
const COOKIE_HEADER_LENGTH_MAX = 8192;
const TOKEN_BYTES = 32;
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The value of one cookie by the grammar of RFC 6265 section 4.2.1, as text and never anything else.
 * @returns null when it is missing, stands twice (a planted cookie cannot win over ours), or when the header
 *   or the value is malformed.
 */
export function readCookie(header: string | null, name: string): string | null {
  if (header === null || header.length > COOKIE_HEADER_LENGTH_MAX) return null;
  const prefix = `${name}=`;
  const found = header
    .split(';')
    .map(withoutBlanks)
    .filter((pair) => pair.startsWith(prefix));
  if (found.length !== 1) return null;
  const value = found[0]!.slice(prefix.length);
  return COOKIE_OCTETS.test(value) ? value : null;
}

/**
 * Blanks and tabs alone, by hand: a pattern anchored at the end would take quadratic time on a long run of
 * blanks.
 */
function withoutBlanks(pair: string): string {
  let [from, to] = [0, pair.length];
  while (from < to && isBlank(pair.charCodeAt(from))) from++;
  while (to > from && isBlank(pair.charCodeAt(to - 1))) to--;
  return pair.slice(from, to);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const COOKIE_OCTETS = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/**
 * The cookies: the session token, the value that ties a sign-in text to the browser that asked for it, and an
 * operator's session. Each holds 32 random bytes as base64url. On plain http at localhost browsers refuse
 * `__Host-` and `Secure`, so they are dropped there and nowhere else.
 */
export class Cookies {
  readonly sessionName: string;
  readonly preName: string;
  readonly operatorName: string;
  readonly #attributes: string;

  constructor(publicOrigin: string) {
    const { protocol, hostname } = new URL(publicOrigin);
    const local = protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname);
    this.sessionName = local ? 'sid' : '__Host-sid';
    this.preName = local ? 'pre' : '__Host-pre';
    this.operatorName = local ? 'ops' : '__Host-ops';
    this.#attributes = `Path=/; HttpOnly;${local ? '' : ' Secure;'} SameSite=Strict`;
  }

  /** @returns the token as text, null unless it has the shape of one. */
  session(header: string | null): string | null {
    return tokenShaped(readCookie(header, this.sessionName));
  }

  pre(header: string | null): string | null {
    return tokenShaped(readCookie(header, this.preName));
  }

  /** `Set-Cookie` value that keeps the token for `maxAgeS` whole seconds. */
  setSession(token: string, maxAgeS: number): string {
    return this.#set(this.sessionName, token, maxAgeS);
  }

  clearSession(): string {
    return this.#set(this.sessionName, '', 0);
  }

  setPre(value: string, maxAgeS: number): string {
    return this.#set(this.preName, value, maxAgeS);
  }

  clearPre(): string {
    return this.#set(this.preName, '', 0);
  }

  operator(header: string | null): string | null {
    return tokenShaped(readCookie(header, this.operatorName));
  }

  setOperator(value: string, maxAgeS: number): string {
    return this.#set(this.operatorName, value, maxAgeS);
  }

  clearOperator(): string {
    return this.#set(this.operatorName, '', 0);
  }

  /** @throws RangeError for a value or age that would break the header: a bug, never an answer to a user. */
  #set(name: string, value: string, maxAgeS: number): string {
    if (value !== '' && tokenShaped(value) === null)
      throw new RangeError('a cookie value is base64url of 32 bytes');
    if (!Number.isSafeInteger(maxAgeS) || maxAgeS < 0)
      throw new RangeError(`not a cookie age in whole seconds: ${maxAgeS}`);
    return `${name}=${value}; Max-Age=${maxAgeS}; ${this.#attributes}`;
  }
}

const tokenShaped = (value: string | null): string | null =>
  value !== null && decodeBase64url(value, TOKEN_BYTES) !== null ? value : null;
