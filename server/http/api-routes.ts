import type { Arrivals } from './arrivals.ts';
import { endpoints } from './api/endpoints.ts';
import type { HttpDeps } from './deps.ts';
import type { Endpoint } from './endpoint.ts';
import { refusedAsJson } from './reply.ts';
import { gate, type Answer, type RequestServer } from './gate.ts';
import type { Traffic } from './traffic.ts';

type Params = Readonly<Record<string, string>>;

type Direct = Record<
  string,
  Partial<
    Record<
      Endpoint['method'],
      (
        request: Request & { readonly params: Params },
        server: NonNullable<RequestServer>,
      ) => Promise<Response>
    >
  >
>;

/**
 * The calls of the API as functions from request to answer. `table` is for the framework's router; `direct`
 * is the same for the server's own router, which takes them first: a context, hooks and a mapped response are
 * what none of them needs.
 */
export function apiRoutes(
  deps: HttpDeps,
  traffic: Traffic,
  arrivals: Arrivals,
): {
  readonly table: readonly (Pick<Endpoint, 'method' | 'path'> & { readonly answer: Answer })[];
  readonly direct: Direct;
} {
  const table = endpoints.map((endpoint) => ({
    method: endpoint.method,
    path: endpoint.path,
    answer: gate(deps, traffic, endpoint),
  }));
  const direct: Direct = {};
  for (const { method, path, answer } of table) {
    (direct[path] ??= {})[method] = (request, server) => {
      const turn = arrivals.wait();
      return turn === null
        ? answer(request, request.params, server)
        : turn.then((isMine) =>
            isMine ? answer(request, request.params, server) : refusedAsJson(request, { code: 'busy' }),
          );
    };
  }
  return { table, direct };
}
