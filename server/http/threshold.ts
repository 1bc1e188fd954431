import { bearerToken } from '../ports/bearer.ts';
import { BODY_BYTES_MAX, declaredBytes } from './body.ts';
import type { HttpDeps } from './deps.ts';
import type { Refusal } from './reply.ts';

/** What every answer carries. A new object each time: what else an answer says of itself is written into it. */
export const commonHeaders = (): Record<string, string> & { readonly 'x-request-id': string } => ({ 'x-request-id': crypto.randomUUID(), 'x-content-type-options': 'nosniff' });

/** What no request gets past, whatever it is for: a body that is declared too large, and a change asked for by another site. */
export function turnedAway(deps: Pick<HttpDeps, 'origins'>, { method, headers }: Request): Refusal | null {
  if (declaredBytes(headers) > BODY_BYTES_MAX) return { code: 'payload_too_large' };
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return null;
  const authorization = headers.get('authorization');
  const bearer = authorization !== null && bearerToken(authorization) !== null;
  return deps.origins.mayWrite(headers, bearer) || deps.origins.isProgram(headers) ? null : { code: 'wrong_origin' };
}
