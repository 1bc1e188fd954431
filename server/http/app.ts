import { Elysia } from 'elysia';
import { Arrivals } from './arrivals.ts';
import { endpoints } from './api/endpoints.ts';
import { apiRoutes } from './api-routes.ts';
import { docsJson, docsPage, docsStyle } from './api-docs.ts';
import { isPublic } from './cross-origin.ts';
import type { HttpDeps } from './deps.ts';
import { readyz, versionAnswer } from './health.ts';
import { limited, overRate } from './limited.ts';
import { Methods } from './methods.ts';
import { openapiDocument } from './openapi.ts';
import { refusedAsJson } from './reply.ts';
import { commonHeaders, headOf, isPlain, turnedAway } from './request-head.ts';
import type { Traffic } from './traffic.ts';

/** Limits of sockets hold for the whole server: per-route ones are not looked at. */
export const SOCKET_LIMITS = {
  maxPayloadLength: 8 * 1024,
  backpressureLimit: 64 * 1024,
  closeOnBackpressureLimit: true,
  idleTimeout: 60,
  perMessageDeflate: false,
} as const;

const OPENAPI_PATH = '/api/openapi.json';
const PUBLIC_PATHS = new Set([OPENAPI_PATH, ...endpoints.filter(isPublic).map(({ path }) => path)]);

/**
 * The whole public side: what every request passes, then documents, the API, and whatever else is plugged in.
 * What operators look at is on a listener of its own. A path is read as it is written: `/rules/` is not
 * `/rules`, here as in the proxy.
 */
export function createApp(deps: HttpDeps, traffic: Traffic) {
  const document = openapiDocument(endpoints, deps.rules.tapsPerSignatureMax);
  const documents = { json: docsJson(document), page: docsPage(document, deps), style: docsStyle() };
  const show = limited(deps);
  const refused = overRate(deps);
  const { refuse = refusedAsJson } = deps;
  const arrivals = new Arrivals();
  const api = apiRoutes(deps, traffic, arrivals);
  const began = new WeakMap<Request, number>();
  let known: Methods | null = null;
  /** Of the finished server: what is plugged in has paths too. */
  const methods = (): Methods => (known ??= new Methods(app.routes, PUBLIC_PATHS));
  const app = new Elysia({ strictPath: true, websocket: SOCKET_LIMITS, serve: { routes: api.direct } })
    .onRequest(async ({ request, server, set }) => {
      began.set(request, performance.now());
      Object.assign(set.headers, commonHeaders());
      const turn = arrivals.wait();
      if (turn !== null && !(await turn)) return refuse(request, { code: 'busy' });
      const refusal = isPlain(request) ? turnedAway(request, headOf(deps, request.headers)) : undefined;
      // Else the route takes one of the address's requests.
      if (refusal === null) return undefined;
      return (
        (await refused({ request, server })) ??
        (refusal === undefined ? methods().missing(request) : refuse(request, refusal))
      );
    })
    .onError(async ({ code, error, request, server, set }) => {
      if (code === 'NOT_FOUND') return (await refused({ request, server })) ?? methods().answer(request);
      if (code === 'PARSE' || code === 'VALIDATION' || code === 'INVALID_COOKIE_SIGNATURE')
        return (await refused({ request, server })) ?? refuse(request, { code: 'bad_request' });
      deps.log.error(
        { err: error, requestId: set.headers['x-request-id'], path: new URL(request.url).pathname },
        'a request failed',
      );
      return refuse(request, { code: 'internal' });
    })
    .get(
      '/readyz',
      show(() => readyz(deps)),
    )
    .get(
      '/version',
      show(() => versionAnswer()),
    )
    .get(
      OPENAPI_PATH,
      show(({ request }) => documents.json.answer(request)),
    )
    .get(
      '/api/docs',
      show(({ request }) => documents.page.answer(request)),
    )
    .get(
      '/api/docs.css',
      show(({ request }) => documents.style.answer(request)),
    )
    .get(
      '/api/*',
      show(({ request }) => methods().answer(request)),
    );
  for (const { method, path, answer } of api.table) {
    // The answer carries its headers already. Were they left here, the framework would make a copy of it,
    // body stream and all.
    app.route(
      method,
      path,
      ({ request, params, server, set }) => {
        set.headers = {};
        return answer(request, params, server);
      },
      { parse: 'none' },
    );
  }
  // Hooks hold for what is added after them: the calls above are counted where they are answered.
  app.onAfterResponse(({ request, route, response, set }) => {
    const status = response instanceof Response ? response.status : Number(set.status ?? 200);
    const now = performance.now();
    traffic.count(route, status, now - (began.get(request) ?? now));
  });
  for (const plugin of deps.plugins) app.use(plugin);
  return app;
}
