import { bearerToken, showsBearer } from '../ports/bearer.ts';
import type { RequestOrigin } from '../ports/origins.ts';
import { BODY_BYTES_MAX } from './body.ts';
import type { HttpDeps } from './deps.ts';
import type { Refusal } from './reply.ts';

/**
 * What the head of a request says of body and caller. It is read once: every look into the headers costs a
 * call out of the language.
 */
export interface RequestHead {
  /** Of the body, bytes; null where the length is not told beforehand. */
  readonly declaredBytes: number | null;
  /** The token of its `Authorization` header; null where there is none of its shape. */
  readonly bearer: string | null;
  /** Whether it wants to be somebody by that header, whatever stands there for a token. */
  readonly showsBearer: boolean;
  readonly from: RequestOrigin;
}

export function headOf({ origins }: Pick<HttpDeps, 'origins'>, headers: Headers): RequestHead {
  const length = headers.get('content-length');
  const authorization = headers.get('authorization');
  const bearer = authorization === null ? null : bearerToken(authorization);
  return {
    declaredBytes: length === null ? null : Number(length),
    bearer,
    showsBearer: bearer !== null || (authorization !== null && showsBearer(authorization)),
    from: origins.cameFrom(headers),
  };
}

export type CommonHeaders = Record<string, string> & { readonly 'x-request-id': string };

/**
 * What every answer carries. A new object each time: what else an answer says of itself is written into it.
 */
export const commonHeaders = (): CommonHeaders => ({
  'x-request-id': crypto.randomUUID(),
  'x-content-type-options': 'nosniff',
});

/**
 * A path as this server names them, the same words as in the proxy (deploy/nginx/tapgrid.conf): no empty
 * part, none that begins with a dot but for the one file that RFC 9116 names, nothing encoded.
 */
export const PLAIN_PATH = '(/|/\\.well-known/security\\.txt|(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+)';

const PLAIN_URL = new RegExp(`^[^/]*//[^/]*${PLAIN_PATH}([?#]|$)`);

/**
 * Whether a request names a path in the one way in which it is read: the router would take `/rules/` for the
 * board.
 */
export const isPlain = ({ url }: Pick<Request, 'url'>): boolean => PLAIN_URL.test(url);

/**
 * What no request gets past, whatever it is for: a body that is declared too large, and a change asked for by
 * another site.
 */
export function turnedAway({ method }: Request, { declaredBytes, from }: RequestHead): Refusal | null {
  if (declaredBytes !== null && declaredBytes > BODY_BYTES_MAX) return { code: 'payload_too_large' };
  return from === 'elsewhere' && !isReading(method) ? { code: 'wrong_origin' } : null;
}

/** Whether requests with that method change nothing. */
export const isReading = (method: string): boolean =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
