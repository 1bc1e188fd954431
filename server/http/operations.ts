import { chmodSync } from 'node:fs';
import { Failure } from '../ports/failure.ts';
import type { Limiter } from '../ports/rates.ts';
import type { HttpDeps } from './deps.ts';
import { healthz, readyz, versionAnswer } from './health.ts';
import { clearAway, placeOf, SOCKET_MODE, socketName } from './listen.ts';
import { metrics, type MetricDeps } from './metrics.ts';
import { refusalResponse } from './reply.ts';
import type { Traffic } from './traffic.ts';

export interface OperationsDeps extends MetricDeps, Pick<HttpDeps, 'draining'> {
  /** One for all callers: a look costs as much as many calls. */
  readonly looks: Limiter;
}

/**
 * What operators and their programs look at: no stranger reaches it. `GET /healthz`, `/readyz`, `/version`,
 * `/metrics`, and nothing else.
 */
export function operations(deps: OperationsDeps, traffic: Traffic): (request: Request) => Promise<Response> {
  const routes: Readonly<Record<string, () => Response>> = {
    '/healthz': () => healthz(deps),
    '/readyz': () => readyz(deps),
    '/version': () => versionAnswer(),
    '/metrics': () => metrics(deps, traffic),
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    if (request.method !== 'GET' || route === undefined) return refusalResponse({ code: 'not_found' });
    const { ok, retryAfterMs } = await deps.looks.take('operations', deps.now());
    return ok ? route() : refusalResponse({ code: 'rate_limited', retryAfterMs });
  };
}

/** @param place a path, or host and port. @throws Failure `not_listening` */
export async function listenForOperators(
  place: string,
  answer: (request: Request) => Promise<Response>,
): Promise<{ stop(): Promise<void> }> {
  const { host, port, listenSocket } = placeOf(place);
  try {
    if (listenSocket === null) {
      const server = Bun.serve({
        hostname: host,
        port,
        reusePort: false,
        fetch: answer,
      });
      return { stop: () => server.stop(true) };
    }
    const name = socketName(listenSocket);
    await clearAway(name);
    const server = Bun.serve({ unix: name, fetch: answer });
    chmodSync(name, SOCKET_MODE);
    return { stop: () => server.stop(true) };
  } catch (cause) {
    throw new Failure(
      'not_listening',
      `Cannot listen on ${place} (OPERATIONS_LISTEN): ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}
