import { Html } from '@elysiajs/html';
import { OpsShell } from '../../../views/ops/shell.tsx';
import { OpsSignIn } from '../../../views/ops/sign-in.tsx';
import { htmlResponse } from '../pages/visit.tsx';
import { readCookieText } from '../pages/cookie.ts';
import type { OpsDeps } from './deps.ts';
import { backTo, fieldsOf } from './form.ts';

const SESSION_S = 8 * 3600;

export function signInPage(
  deps: OpsDeps,
  request: Request,
  said: string | null = null,
  status = 401,
): Response {
  const document = (
    <OpsShell
      title="Sign in"
      asset={(path) => deps.files.url(path)}
      theme={readCookieText(request.headers.get('cookie'), 'theme') ?? 'auto'}
      operator={null}
    >
      <OpsSignIn said={said} />
    </OpsShell>
  );
  return htmlResponse(request, String(document), status);
}

/**
 * A token for a cookie: whose it is the server knows. Wrong ones are counted by address, and said in the log.
 */
export async function signIn(deps: OpsDeps, request: Request, address: string): Promise<Response> {
  const now = deps.now();
  const { ok } = await deps.limits.logins.take(address, now);
  if (!ok) return signInPage(deps, request, 'Too many tries from this address. Wait a few minutes.', 429);
  const form = await fieldsOf(request);
  const started = deps.sessions.start((form?.get('password') ?? '').trim(), now);
  if (started === null) {
    deps.log.warn({ address }, 'a wrong operator token');
    return signInPage(deps, request, 'Wrong token.');
  }
  deps.log.info({ address, operator: started.who.name }, 'an operator signed in');
  return backTo('/ops', deps.cookies.setOperator(started.cookie, SESSION_S));
}

export function signOut(deps: OpsDeps, request: Request): Response {
  const cookie = deps.cookies.operator(request.headers.get('cookie'));
  if (cookie !== null) deps.sessions.end(cookie);
  return backTo('/ops', deps.cookies.clearOperator());
}
