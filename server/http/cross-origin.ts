import type { Endpoint } from './endpoint.ts';

/** What anybody may read: no cookie is needed, and none is looked at unless our own page asks. */
export const isPublic = ({ method, access }: Pick<Endpoint, 'method' | 'access'>): boolean =>
  method === 'GET' && access !== 'session';

/**
 * On answers that are public: scripts of any page may read them, and the headers that say something about
 * them. Never with credentials.
 */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'date, etag, link, ratelimit, ratelimit-policy, retry-after, x-request-id',
} as const;

/**
 * To the question that a browser asks before a script of another page may send a header of its own. A token
 * is not one of them: programs alone have one.
 */
export const PREFLIGHT = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'if-none-match',
  'access-control-max-age': '86400',
} as const;
