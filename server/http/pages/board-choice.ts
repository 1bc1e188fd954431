import { boardNamed, type NamedBoard } from '../../game/boards.ts';
import { readCookieText } from './cookie.ts';
import type { Caller } from './visit.tsx';

const COOKIE = 'board';

/**
 * The board that somebody asks for: by the address, else the one that they chose last in this browser; null
 * for the default one.
 * @param windows of the boards of the house, ms, ascending
 */
export function chosenBoard({ request, url, visit }: Caller, windows: readonly number[]): NamedBoard | null {
  const asked = boardNamed(windows, url.searchParams.get('board') ?? '');
  if (asked !== null || visit.elsewhere) return asked;
  return boardNamed(windows, readCookieText(request.headers.get('cookie'), COOKIE) ?? '');
}

/**
 * Keeps a board that was chosen for another year. The page's own module writes the cookie when somebody
 * changes boards; Safari forgets after a week what a script wrote, and keeps what a server sends.
 */
export function keepBoard(response: Response, { visit }: Caller, chosen: NamedBoard | null): Response {
  if (chosen !== null && !visit.elsewhere)
    response.headers.append('set-cookie', `${COOKIE}=${chosen.name}; Path=/; Max-Age=31536000; SameSite=Lax`);
  return response;
}
