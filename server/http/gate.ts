import type { TSchema } from '@sinclair/typebox';
import type { Session } from '../game/session.ts';
import { isFailure } from '../ports/failure.ts';
import { fieldFault, Fields, type Fault } from '../ports/fields.ts';
import type { RateVerdict } from '../ports/rates.ts';
import { readJson, readText } from './body.ts';
import { compressed } from './compression.ts';
import { ANY_ORIGIN, isPublic } from './cross-origin.ts';
import type { HttpDeps } from './deps.ts';
import type { Call, Endpoint, OverLimit } from './endpoint.ts';
import { readQuery, repeatedIn } from './query.ts';
import {
  isRefusal,
  jsonResponse,
  policyHeaders,
  refusalResponse,
  type Refusal,
  type Reply,
} from './reply.ts';
import {
  commonHeaders,
  headOf,
  isReading,
  turnedAway,
  type CommonHeaders,
  type RequestHead,
} from './request-head.ts';
import type { Traffic } from './traffic.ts';

/** What a call needs of the server that got it; null where a request is handed over without one. */
export type RequestServer = { requestIP(request: Request): { readonly address: string } | null } | null;
export type Answer = (
  request: Request,
  params: Readonly<Record<string, string>>,
  server: RequestServer,
) => Promise<Response>;

/**
 * What every call passes, cheapest first: block of the address → rate by address → size and origin → shape of
 * query and body → session → the call's own rate → the call. Work before the session is known is bounded by
 * the body limit. It waits only for what is not there yet: each wait is one for every call.
 * @returns a function that answers a request and never rejects.
 */
export function gate(deps: HttpDeps, traffic: Traffic, endpoint: Endpoint): Answer {
  const { body: wanted } = endpoint;
  const bodyFaultOf = wanted && (wanted.faultOf ?? faultsOf(wanted.schema));
  const queryFields = endpoint.query && new Fields({ ...endpoint.query, additionalProperties: false });
  const own = endpoint.limit;
  const isOpen = isPublic(endpoint);

  /** A change has a limit of its own, and an order waits for nothing that others look at. */
  const reads = isReading(endpoint.method);

  return async (request, params, server) => {
    const began = performance.now();
    const common: CommonHeaders = isOpen ? { ...commonHeaders(), ...ANY_ORIGIN } : commonHeaders();
    const head = headOf(deps, request.headers);
    let reply: Reply;
    try {
      reply = await pass(request, head, params, server, common);
    } catch (error) {
      reply = failed(error, common);
    }
    const ready = () =>
      mayCompress(request, head)
        ? compressed(reply, common, request.headers.get('accept-encoding'))
        : responseOf(reply, common);
    // To write it down takes its own time, which is no less with a long list.
    const response = await (reads
      ? deps.turns.take<Response | Promise<Response>>(addressOf(request, server), ready, () =>
          refusalResponse({ code: 'busy' }, common),
        )
      : ready());
    traffic.count(endpoint.path, response.status, performance.now() - began);
    return response;
  };

  function addressOf(request: Request, server: RequestServer): string {
    return deps.addressOf(server?.requestIP(request)?.address ?? null, request.headers);
  }

  /** A public call knows its caller by a token, or when our own page asks. */
  function readsSession({ showsBearer, from }: RequestHead): boolean {
    return endpoint.access === 'session' || (endpoint.access === 'known' && (showsBearer || from === 'here'));
  }

  /**
   * Where a cookie is read a browser may have been led here by others, and the length of a compressed answer
   * could tell them what stands in it. Nor is what hands out a token compressed: only reading is.
   */
  function mayCompress({ method }: Request, head: RequestHead): boolean {
    return isReading(method) && (head.bearer !== null || !readsSession(head));
  }

  function failed(error: unknown, common: CommonHeaders): Refusal {
    if (isFailure(error, 'bad_cursor'))
      return { code: 'bad_request', ...fieldFault('cursor', 'expected the cursor of the previous page') };
    deps.log.error(
      { err: error, requestId: common['x-request-id'], path: endpoint.path },
      'an API call failed',
    );
    return { code: 'internal' };
  }

  async function pass(
    request: Request,
    head: RequestHead,
    params: Readonly<Record<string, string>>,
    server: RequestServer,
    common: CommonHeaders,
  ): Promise<Reply> {
    const { headers } = request;
    const now = deps.now();
    const address = addressOf(request, server);
    if (deps.isBlocked(address)) return { code: 'address_blocked' };
    const taking = deps.limits.requests.take(address, now);
    const taken = taking instanceof Promise ? await taking : taking;
    const overRate = noteRate(common, 'requests', taken);
    if (overRate !== null) return overRate;
    const refusal = turnedAway(request, head);
    if (refusal !== null) return refusal;
    const search = endpoint.query ? new URL(request.url).searchParams : NO_SEARCH;
    const query = endpoint.query ? readQuery(endpoint.query, search) : {};
    const queryFault = repeatedIn(search) ?? queryFields?.faultOf(query) ?? null;
    if (queryFault !== null) return { code: 'bad_request', ...queryFault };
    const body = wanted
      ? readJson(headers, await readText(request, head.declaredBytes))
      : { value: undefined };
    if ('code' in body) return body;
    const bodyFault = bodyFaultOf?.(body.value, deps.rules) ?? null;
    if (bodyFault !== null) return { code: 'bad_request', ...bodyFault };
    const found = readsSession(head) ? sessionOf(deps, headers, head, now) : null;
    const session = found instanceof Promise ? await found : found;
    if (endpoint.access === 'session' && session === null) return { code: 'unauthenticated' };
    if (own) {
      const takingOwn = deps.limits[own.name].take(
        own.by === 'account' && session !== null ? session.accountId : address,
        now,
        own.cost?.(body.value as never),
      );
      const overOwn = noteRate(common, own.name, takingOwn instanceof Promise ? await takingOwn : takingOwn);
      if (overOwn !== null) {
        const call = { deps, body: body.value, session, requestId: common['x-request-id'] };
        own.onOver?.(call as OverLimit<never, never>);
        return overOwn;
      }
    }
    const run = () =>
      endpoint.run({
        deps,
        body: body.value,
        query,
        params,
        headers,
        program: head.from === 'program',
        address,
        session,
        now,
        requestId: common['x-request-id'],
      } as Call<never, never, never>);
    const reply = reads
      ? deps.turns.take<Reply | Promise<Reply>>(address, run, () => ({ code: 'busy' }))
      : run();
    return reply instanceof Promise ? await reply : reply;
  }
}

const NO_SEARCH = new URLSearchParams();

function faultsOf(schema: TSchema): (value: unknown) => Fault | null {
  const fields = new Fields(schema);
  return (value) => fields.faultOf(value);
}

/** Notes in the headers of the answer how much of a limit is left. @returns the refusal when nothing is. */
function noteRate(
  headers: Record<string, string>,
  name: keyof HttpDeps['limits'],
  taken: RateVerdict,
): Refusal | null {
  headers['ratelimit'] =
    `"${name}";r=${Math.max(0, Math.floor(taken.remaining))};t=${Math.ceil(taken.resetMs / 1000)}`;
  if (taken.ok) return null;
  Object.assign(headers, policyHeaders({ name, ...taken }));
  return { code: 'rate_limited', retryAfterMs: taken.retryAfterMs };
}

/**
 * A bearer token counts by itself: a cookie next to it is not checked, nor is that of a program. Another
 * scheme is the proxy's business.
 */
function sessionOf(
  deps: Pick<HttpDeps, 'sessions' | 'cookies'>,
  headers: Headers,
  { bearer, showsBearer, from }: RequestHead,
  now: number,
): Session | null | Promise<Session | null> {
  const token = showsBearer
    ? bearer
    : from === 'program'
      ? null
      : deps.cookies.session(headers.get('cookie'));
  return token === null ? null : deps.sessions.authenticate(token, now);
}

/** With all headers from the start: to set them one by one costs more. */
function responseOf(reply: Reply, common: Readonly<Record<string, string>>): Response {
  if (!(reply instanceof Response))
    return isRefusal(reply) ? refusalResponse(reply, common) : jsonResponse(reply, common);
  for (const [name, value] of Object.entries(common)) reply.headers.set(name, value);
  return reply;
}
