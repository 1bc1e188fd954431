import { Elysia } from 'elysia';
import { refusalResponse } from '../reply.ts';
import { accountPage, saveLimits, signinPage } from './account.tsx';
import { historyPage, receiptPage, statementPage } from './bets.tsx';
import { boardColumns, boardPage } from './board.tsx';
import type { PagesDeps } from './deps.ts';
import { failed, notFound } from './failure.tsx';
import { fairnessPage, rulesPage } from './reading.tsx';
import { callerOf, type Caller } from './visit.tsx';

type Controller = (deps: PagesDeps, caller: Caller, parameter: string) => Response | Promise<Response>;

/** Everything that people look at. */
export function pages(deps: PagesDeps) {
  const show = answerWith(deps);
  return new Elysia({ name: 'pages' })
    .get('/static/*', ({ request, params }) => deps.files.respond(params['*'], request.headers) ?? new Response(null, { status: 404 }))
    .get('/favicon.ico', () => new Response(null, { status: 302, headers: { location: deps.files.url('icon.svg') } }))
    .get('/', show(boardPage))
    .get('/board', show(boardColumns))
    .get('/history', show(historyPage))
    .get('/bets/:id', show(receiptPage))
    .get('/statement', show(statementPage))
    .get('/fairness', show(fairnessPage))
    .get('/rules', show(rulesPage))
    .get('/signin', show(signinPage))
    .get('/account', show(accountPage))
    .post('/account/limits', show(saveLimits), { parse: 'none' })
    .get('/*', ({ request, server }) => (wantsPage(request) ? show((_, caller) => notFound(caller))({ request, server }) : refusalResponse({ code: 'not_found' })));
}

interface Arrival {
  readonly request: Request;
  readonly server: { requestIP(request: Request): { readonly address: string } | null } | null;
  /** Missing where the path has none. */
  readonly params?: Readonly<Record<string, string>>;
}

/** Rate, then who asks, then the page; what goes wrong inside is logged and shown as a page of its own. */
const answerWith =
  (deps: PagesDeps) =>
  (controller: Controller) =>
  async ({ request, server, params }: Arrival): Promise<Response> => {
    const address = deps.addressOf(server?.requestIP(request)?.address ?? null, request.headers);
    const { ok, retryAfterMs } = await deps.limits.requests.take(address, deps.now());
    if (!ok) return refusalResponse({ code: 'rate_limited', retryAfterMs });
    const caller = await callerOf(deps, request);
    try {
      return await controller(deps, caller, params?.['id'] ?? '');
    } catch (error) {
      if (error instanceof Error && error.name === 'BadCursor') return notFound(caller);
      deps.log.error({ err: error, path: caller.url.pathname }, 'a page failed');
      return failed(caller);
    }
  };

const wantsPage = (request: Request): boolean => !new URL(request.url).pathname.startsWith('/api/') && (request.headers.get('accept') ?? '').includes('text/html');
