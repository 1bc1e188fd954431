import type { Session } from '../game/session.ts';
import { bearerToken, showsBearer } from '../ports/bearer.ts';
import { readJson } from './body.ts';
import type { HttpDeps, Taken } from './deps.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { Fields, readQuery } from './field.ts';
import { isRefusal, jsonResponse, refusalResponse, type Refusal, type Reply } from './reply.ts';

/** A request as the router hands it over. */
export interface Arrival {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly address: string;
  readonly requestId: string;
  /** What every answer carries. The gate adds to it. */
  readonly headers: Record<string, string>;
}

/**
 * What every call passes, cheapest first: rate by address → shape of query and body → session → the call's own rate → the call.
 * Work before the session is known is bounded by the body limit.
 * @returns a function that answers a request and never rejects.
 */
export function gate(deps: HttpDeps, endpoint: Endpoint): (arrival: Arrival) => Promise<Response> {
  const bodyFields = endpoint.body && new Fields(endpoint.body.schema);
  const queryFields = endpoint.query && new Fields(endpoint.query);

  return (arrival) => {
    const { headers, requestId } = arrival;
    return pass(arrival).then(
      (reply) => responseOf(reply, headers),
      (error) => {
        if (isBadCursor(error)) return refusalResponse({ code: 'bad_request', message: 'Field cursor: wanted is the cursor of the page before.' }, headers);
        deps.log.error({ err: error, requestId, path: endpoint.path }, 'an API call failed');
        return refusalResponse({ code: 'internal' }, headers);
      },
    );
  };

  async function pass({ request, params, address, requestId, headers }: Arrival): Promise<Reply> {
    const now = deps.now();
    const overRate = take(headers, 'requests', address, now);
    const refused = overRate instanceof Promise ? await overRate : overRate;
    if (refused) return refused;
    const query = endpoint.query ? readQuery(endpoint.query, new URL(request.url).searchParams) : {};
    const queryFault = queryFields?.faultOf(query);
    if (queryFault) return { code: 'bad_request', message: queryFault };
    const read = bodyFields ? readJson(request) : { value: undefined };
    const body = read instanceof Promise ? await read : read;
    if ('code' in body) return body;
    const bodyFault = bodyFields?.faultOf(body.value);
    if (bodyFault) return { code: 'bad_request', message: bodyFault };
    const found = endpoint.access === 'open' ? null : sessionOf(deps, request.headers, now);
    const session = found instanceof Promise ? await found : found;
    if (endpoint.access === 'session' && session === null) return { code: 'unauthenticated' };
    const own = endpoint.limit;
    if (own) {
      const overOwn = take(headers, own.name, own.by === 'account' ? session!.accountId : address, now, own.cost?.(body.value as never));
      const refusedOwn = overOwn instanceof Promise ? await overOwn : overOwn;
      if (refusedOwn) return refusedOwn;
    }
    return endpoint.run({ deps, body: body.value, query, params, headers: request.headers, address, session, now, requestId } as Call<never, never>);
  }

  function take(headers: Record<string, string>, name: keyof HttpDeps['limits'], key: string, now: number, cost?: number): Refusal | null | Promise<Refusal | null> {
    const verdict = (taken: Taken): Refusal | null => {
      headers['ratelimit'] = `"${name}";r=${Math.max(0, Math.floor(taken.remaining))};t=${Math.ceil(taken.resetMs / 1000)}`;
      if (taken.ok) return null;
      headers['ratelimit-policy'] = `"${name}";q=${taken.limit};w=${Math.ceil(taken.windowMs / 1000)}`;
      return { code: 'rate_limited', retryAfterMs: taken.retryAfterMs };
    };
    const taken = deps.limits[name].take(key, now, cost);
    return taken instanceof Promise ? taken.then(verdict) : verdict(taken);
  }
}

/** A bearer token counts alone: a cookie beside it is not looked at. Another scheme is the proxy's business. */
export function sessionOf(deps: Pick<HttpDeps, 'sessions' | 'cookies'>, headers: Headers, now: number): Session | null | Promise<Session | null> {
  const authorization = headers.get('authorization') ?? '';
  const token = bearerToken(authorization) ?? (showsBearer(authorization) ? null : deps.cookies.session(headers.get('cookie')));
  return token === null ? null : deps.sessions.authenticate(token, now);
}

/** How the books say that a cursor is not theirs. */
const isBadCursor = (error: unknown): boolean => error instanceof Error && error.name === 'BadCursor';

/** With all headers from the start: to set them one by one costs more. */
function responseOf(reply: Reply, common: Readonly<Record<string, string>>): Response {
  if (!(reply instanceof Response)) return isRefusal(reply) ? refusalResponse(reply, common) : jsonResponse(reply, common);
  for (const [name, value] of Object.entries(common)) reply.headers.set(name, value);
  return reply;
}
