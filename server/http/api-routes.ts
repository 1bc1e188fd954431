import { endpoints } from './api/endpoints.ts';
import type { HttpDeps } from './deps.ts';
import type { Endpoint } from './endpoint.ts';
import { gate } from './gate.ts';
import { refusalResponse } from './reply.ts';
import { commonHeaders, turnedAway } from './threshold.ts';
import type { Traffic } from './traffic.ts';

/** What a call needs of the server that got it; null where a request is handed over without one. */
type Peer = { requestIP(request: Request): { readonly address: string } | null } | null;
type Params = Readonly<Record<string, string>>;
type Answer = (request: Request, params: Params, server: Peer) => Promise<Response>;

type Direct = Record<string, Partial<Record<Endpoint['method'], (request: Request & { readonly params: Params }, server: NonNullable<Peer>) => Promise<Response>>>>;

/**
 * The calls of the API as functions from request to answer. `table` is for the framework's router; `direct` is the same for the server's own router, which takes them
 * first: a context, hooks and a mapped response are what none of them needs.
 */
export function apiRoutes(deps: HttpDeps, traffic: Traffic): { readonly table: readonly (Pick<Endpoint, 'method' | 'path'> & { readonly answer: Answer })[]; readonly direct: Direct } {
  const table = endpoints.map((endpoint) => ({ method: endpoint.method, path: endpoint.path, answer: answerOf(deps, traffic, endpoint) }));
  const direct: Direct = {};
  for (const { method, path, answer } of table) (direct[path] ??= {})[method] = (request, server) => answer(request, request.params, server);
  return { table, direct };
}

/** @returns a function that never rejects. */
function answerOf(deps: HttpDeps, traffic: Traffic, endpoint: Endpoint): Answer {
  const pass = gate(deps, endpoint);
  const counted = (response: Response): Response => {
    traffic.count(endpoint.path, response.status);
    return response;
  };
  return (request, params, server) => {
    const headers = commonHeaders();
    const refusal = turnedAway(deps, request);
    if (refusal !== null) return Promise.resolve(counted(refusalResponse(refusal, headers)));
    const address = deps.addressOf(server?.requestIP(request)?.address ?? null, request.headers);
    return pass({ request, params, address, requestId: headers['x-request-id'], headers }).then(counted);
  };
}
