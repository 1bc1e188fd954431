import { Elysia } from 'elysia';
import { isFailure } from '../../ports/failure.ts';
import { limited, type Arrival } from '../limited.ts';
import { refusalResponse, refusedAsJson } from '../reply.ts';
import { accountPage, beginPause, pausePage, saveLimits, signinPage } from './account.tsx';
import { leaderboardPage, saveName } from './others.tsx';
import { askForArchived } from './archive.tsx';
import { historyPage, receiptPage, statementPage, watchPart } from './bets.tsx';
import { boardColumns, boardPage } from './board.tsx';
import type { PagesDeps } from './deps.ts';
import { failed, notFound } from './failure.tsx';
import { manifest, offline, robots, securityContact, worker } from './fixed-names.tsx';
import { fairnessPage, rulesPage } from './reading.tsx';
import { wantsPage } from './refusal.tsx';
import { callerOf, type Caller } from './visit.tsx';
import { winCardPicture, winPage } from './win.tsx';

type Controller = (
  deps: PagesDeps,
  caller: Caller,
  parameter: string,
  /** The name under which limits count the caller. */
  address: string,
) => Response | Promise<Response>;

/** Everything that people look at. */
export function pages(deps: PagesDeps) {
  const pass = limited(deps);
  // The page that says so has its looks from there.
  const { isBlocked: _, ...open } = deps;
  const anyone = limited(open);
  const show = (controller: Controller) =>
    pass((arrival, address) => answer(deps, controller, arrival, address));
  return new Elysia({ name: 'pages' })
    .get(
      '/static/*',
      anyone(
        async ({ request: { headers }, params: { '*': rest = '' } = {} }) =>
          deps.files.respond(rest, headers) ??
          (await deps.files.respondMaking(rest, headers)) ??
          new Response(null, { status: 404 }),
      ),
    )
    .get(
      '/favicon.ico',
      pass(() => new Response(null, { status: 302, headers: { location: deps.files.url('icon.svg') } })),
    )
    .get(
      '/manifest.webmanifest',
      anyone(() => manifest(deps)),
    )
    .get(
      '/worker.js',
      anyone(() => worker(deps)),
    )
    .get(
      '/offline',
      anyone((arrival) => offline(deps, arrival)),
    )
    .get(
      '/robots.txt',
      anyone(() => robots()),
    )
    .get(
      '/.well-known/security.txt',
      anyone(() => securityContact(deps)),
    )
    .get('/', show(boardPage))
    .get('/board', show(boardColumns))
    .get('/history', show(historyPage))
    .get('/bets/:id', show(receiptPage))
    .get('/win/:id', show(winPage))
    .get('/win/:id/card.png', show(winCardPicture))
    .get('/bets/:id/watch', show(watchPart))
    .get('/statement', show(statementPage))
    .post('/archive', show(askForArchived), { parse: 'none' })
    .get('/fairness', show(fairnessPage))
    .get(
      '/leaderboard',
      show((all, caller) => leaderboardPage(all, caller)),
    )
    .get('/rules', show(rulesPage))
    .get('/signin', show(signinPage))
    .get('/account', show(accountPage))
    .post('/account/limits', show(saveLimits), { parse: 'none' })
    .post('/account/name', show(saveName), { parse: 'none' })
    .get('/account/pause', show(pausePage))
    .post('/account/pause', show(beginPause), { parse: 'none' })
    .get(
      '/*',
      pass((arrival, address) =>
        wantsPage(arrival.request)
          ? answer(deps, (_, caller) => notFound(caller), arrival, address)
          : refusalResponse({ code: 'not_found' }),
      ),
    );
}

/** Who asks, then, in turn, the page; what goes wrong inside is logged and shown as a page of its own. */
async function answer(
  deps: PagesDeps,
  controller: Controller,
  { request, params }: Arrival,
  address: string,
): Promise<Response> {
  const caller = await callerOf(deps, request);
  try {
    return await deps.turns.take(
      address,
      () => controller(deps, caller, params?.['id'] ?? '', address),
      () => (deps.refuse ?? refusedAsJson)(request, { code: 'busy' }),
    );
  } catch (error) {
    if (isFailure(error, 'bad_cursor')) return notFound(caller);
    deps.log.error({ err: error, path: caller.url.pathname }, 'a page failed');
    return failed(caller);
  }
}
