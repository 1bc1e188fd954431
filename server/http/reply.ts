import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { RatePolicy } from '../ports/rates.ts';
import { Rendered } from './rendered.ts';

/**
 * What a controller answers: a body to be sent as JSON (or written already), a response that is ready, or a
 * refusal.
 */
export type Reply = Json | Response | Refusal;

export interface Json {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Refusal {
  readonly code: RejectionCode;
  /** Instead of the sentence that belongs to the code. */
  readonly message?: string;
  /** Of the request, where one field is at fault; its path with dots. */
  readonly field?: string;
  readonly retryAfterMs?: number;
  /** The rate that it follows from, where that is none of the gate's. */
  readonly policy?: RatePolicy;
}

/** How a refusal looks to the one who asked. */
export type Refuse = (request: Request, refusal: Refusal) => Response;

export const refusedAsJson: Refuse = (_, refusal) => refusalResponse(refusal);

export const ok = (body: unknown, headers?: Readonly<Record<string, string>>): Json => ({
  status: 200,
  body,
  ...(headers && { headers }),
});

export const isRefusal = (value: object): value is Refusal => 'code' in value;

/** Private answers stay out of every cache. */
export const NO_STORE = { 'cache-control': 'no-store' } as const;

export const publicFor = (seconds: number) => ({ 'cache-control': `public, max-age=${seconds}` });

const JSON_TYPE = 'application/json;charset=utf-8';

/** When a refusal with 429 or 503 does not say when to come back. */
const RETRY_AFTER_MS = 1000;

/** @param common headers that every answer of the caller carries. */
export function jsonResponse(reply: Json, common: Readonly<Record<string, string>> = {}): Response {
  const { status, body } = reply;
  if (status === 204)
    return new Response(null, { status, headers: { ...common, ...NO_STORE, ...reply.headers } });
  const headers = jsonHeaders(reply, common);
  return body instanceof Rendered
    ? new Response(body.text, { status, headers })
    : Response.json(body, { status, headers });
}

export const jsonHeaders = (
  reply: Json,
  common: Readonly<Record<string, string>>,
): Record<string, string> => ({ ...common, 'content-type': JSON_TYPE, ...NO_STORE, ...reply.headers });

/** How often something may be asked, as a header. */
export const policyHeaders = ({ name, limit, windowMs }: RatePolicy) => ({
  'ratelimit-policy': `"${name}";q=${limit};w=${Math.ceil(windowMs / 1000)}`,
});

/**
 * `{error: {code, message, field?, retryAfterMs?}}` with the status of the code, and `Retry-After` in whole
 * seconds with 429 and 503.
 */
export function refusalResponse(refusal: Refusal, common: Readonly<Record<string, string>> = {}): Response {
  const { status, message } = rejection(refusal.code);
  const wait = refusal.retryAfterMs ?? (status === 429 || status === 503 ? RETRY_AFTER_MS : undefined);
  const headers: Record<string, string> = { ...common, ...NO_STORE };
  if (wait !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(wait / 1000)));
  if (refusal.policy !== undefined)
    Object.assign(headers, policyHeaders(refusal.policy), {
      ratelimit: `"${refusal.policy.name}";r=0;t=${headers['retry-after']}`,
    });
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const error = {
    code: refusal.code,
    message: refusal.message ?? message,
    field: refusal.field,
    ...(wait !== undefined && { retryAfterMs: Math.max(0, Math.ceil(wait)) }),
  };
  return Response.json({ error }, { status, headers });
}
