import { Elysia } from 'elysia';
import { isFailure } from '../../ports/failure.ts';
import { limited } from '../limited.ts';
import { refusalResponse } from '../reply.ts';
import type { OpsDeps, OpsCaller } from './deps.ts';
import { logPage, panels, opsPage, settingsPage, state } from './page.tsx';
import { approveForm, cancelMaintenanceForm, dismissForm, haltForm, resumeForm } from './switch.ts';
import { signIn, signInPage, signOut } from './sign-in.tsx';

/** For who comes with a cookie that opens nothing any more. */
const SESSION_ENDED =
  'Your session has ended: it lasts eight hours, and a restart of the server ends it. Sign in again.';

type Controller = (deps: OpsDeps, caller: OpsCaller) => Response | Promise<Response>;

/** The operator's page. It is there only where it has a token, and no trader's session opens it. */
export function opsPages(deps: OpsDeps) {
  const show = behindToken(deps);
  return new Elysia({ name: 'ops' })
    .get('/ops', show(opsPage))
    .get('/ops/state', show(state))
    .get('/ops/panels', show(panels))
    .get('/ops/log', show(logPage))
    .get('/ops/settings', show(settingsPage))
    .post('/ops/halt', show(haltForm), { parse: 'none' })
    .post('/ops/approve', show(approveForm), { parse: 'none' })
    .post('/ops/dismiss', show(dismissForm), { parse: 'none' })
    .post('/ops/resume', show(resumeForm), { parse: 'none' })
    .post('/ops/cancel-maintenance', show(cancelMaintenanceForm), { parse: 'none' })
    .post(
      '/ops/sign-in',
      guarded(deps, (request, address) => signIn(deps, request, address)),
      { parse: 'none' },
    )
    .post(
      '/ops/sign-out',
      guarded(deps, async (request) => signOut(deps, request)),
      { parse: 'none' },
    );
}

const behindToken = (deps: OpsDeps) => (controller: Controller) =>
  guarded(deps, async (request) => {
    const now = deps.now();
    const cookie = deps.cookies.operator(request.headers.get('cookie'));
    const session = cookie === null ? null : deps.sessions.find(cookie, now);
    if (session !== null) return controller(deps, { request, url: new URL(request.url), ...session, now });
    if (request.method === 'GET' && request.headers.get('hx-request') === null)
      return signInPage(deps, request, cookie === null ? null : SESSION_ENDED);
    // A page whose session has ended comes again as a whole, and asks for the token.
    const refusal = refusalResponse({ code: 'unauthenticated' });
    refusal.headers.set('hx-refresh', 'true');
    return refusal;
  });

/** Rate, then where a change comes from, then the work; what goes wrong inside is logged and not shown. */
const guarded = (deps: OpsDeps, work: (request: Request, address: string) => Promise<Response>) =>
  limited(deps)(async ({ request }, address) => {
    if (request.method !== 'GET' && !deps.origins.includes(request.headers.get('origin') ?? ''))
      return refusalResponse({ code: 'wrong_origin' });
    try {
      return await work(request, address);
    } catch (error) {
      if (isFailure(error, 'bad_cursor')) return refusalResponse({ code: 'bad_request' });
      deps.log.error({ err: error, path: new URL(request.url).pathname }, 'the operator’s page failed');
      return refusalResponse({ code: 'internal' });
    }
  });
