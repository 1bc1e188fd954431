import { Html } from '@elysiajs/html';
import { zoomOf } from '../../../views/board/place.ts';
import { Shell, type ShellProps, type Theme, type Visit } from '../../../views/page/shell.tsx';
import { limitsAt } from '../../game/own-limits.ts';
import type { Account, Session } from '../../game/session.ts';
import { readCookieText } from './cookie.ts';
import type { PagesDeps } from './deps.ts';
import { compressInPassing, acceptedEncoding } from '../encoding.ts';
import { isReading } from '../request-head.ts';
import { PAGE_HEADERS } from './headers.ts';

/** One request for a page: who asks, and how an answer is made. */
export interface Caller {
  readonly request: Request;
  readonly url: URL;
  readonly session: Session | null;
  readonly account: Account | null;
  readonly visit: Visit;
  readonly now: number;
}

export async function callerOf(deps: PagesDeps, request: Request): Promise<Caller> {
  const now = deps.now();
  const url = new URL(request.url);
  // At another address prices can be watched; what the browser keeps for that address is none of ours.
  const elsewhere = !deps.origins.isOwnAddress(url);
  const cookie = elsewhere ? null : request.headers.get('cookie');
  // Browsers of before 2023 show nothing of themselves when they read a page; a change they always name their
  // origin with.
  const token =
    isReading(request.method) || deps.origins.cameFrom(request.headers) === 'here'
      ? deps.cookies.session(cookie)
      : null;
  const session = token === null ? null : await deps.sessions.authenticate(token, now);
  const found = session && deps.books.account(session.accountId);
  const account = found && { ...found, limits: limitsAt(found.limits, now) };
  const sessionBalance = session && deps.sessionBalanceOf(session);
  const { house } = deps;
  return {
    request,
    url,
    session: account && session,
    account,
    now,
    visit: {
      theme: themeOf(cookie),
      feed: { simulated: house.simulated, label: house.feedLabel },
      health: house.health(),
      maintenance: house.maintenance(),
      headline: house.calendar().notice,
      people: deps.showOthers ? house.crowd().people : null,
      origin: deps.origin,
      elsewhere,
      chainIds: deps.chainIds,
      grant: deps.grant,
      scope: deps.scope,
      trader:
        session && account && sessionBalance
          ? {
              sessionId: session.id,
              sessionBalance,
              address: account.address,
              limits: account.limits,
              publicName: account.currency === 'PLAY' ? deps.books.nameOf(account.id) : null,
              restriction: account.restriction,
            }
          : null,
      asset: (path) => deps.files.url(path),
    },
  };
}

/**
 * Keeps a theme and a size of the board that were chosen for another year. The page's own module writes the
 * cookie when somebody chooses; Safari forgets after a week what a script wrote, and keeps what a server
 * sends.
 */
function keptChoices({ request, visit }: Caller): string[] {
  const cookie = visit.elsewhere ? null : request.headers.get('cookie');
  const zoom = readCookieText(cookie, 'zoom');
  return [
    ...(readCookieText(cookie, 'theme') === visit.theme ? [`theme=${visit.theme}`] : []),
    ...(zoom !== null && zoom === String(zoomOf(zoom)) ? [`zoom=${zoom}`] : []),
  ].map((choice) => `${choice}; Path=/; Max-Age=31536000; SameSite=Lax`);
}

const THEMES: readonly Theme[] = ['auto', 'dark', 'light'];
export const themeOf = (cookie: string | null): Theme =>
  THEMES.find((theme) => theme === readCookieText(cookie, 'theme')) ?? 'auto';

/** A whole page around its content. */
export function page(
  caller: Caller,
  { status = 200, children, ...props }: Omit<ShellProps, 'visit'> & { readonly status?: number },
): Response {
  const document = (
    <Shell {...props} visit={caller.visit}>
      {children}
    </Shell>
  );
  const response = htmlResponse(
    caller.request,
    String(document),
    status,
    caller.session === null ? OPEN_CACHE : undefined,
  );
  for (const choice of keptChoices(caller)) response.headers.append('set-cookie', choice);
  return response;
}

/**
 * A visitor's page holds nothing private, so the browser may show it again on the way back; a trader's is
 * gone once it is left.
 */
const OPEN_CACHE = 'private, no-cache';

/** Pages are made for one person at one moment: no cache keeps them, unless `cache` says otherwise. */
export function htmlResponse(request: Request, html: string, status = 200, cache = 'no-store'): Response {
  const encoding = acceptedEncoding(request.headers.get('accept-encoding'));
  const headers: Record<string, string> = {
    ...PAGE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': cache,
    vary: 'accept-encoding, cookie',
  };
  if (encoding !== 'identity') headers['content-encoding'] = encoding;
  return new Response(compressInPassing(new Uint8Array(Buffer.from(html)), encoding), { status, headers });
}
