import { Html } from '@elysiajs/html';
import { OfflineDocument } from '../../../views/page/offline.tsx';
import { PAGE_COLOURS } from '../../../views/page/colours.ts';
import type { Arrival } from '../limited.ts';
import type { PagesDeps } from './deps.ts';
import { PAGE_HEADERS } from './headers.ts';
import { htmlResponse, themeOf } from './visit.tsx';

/*
 * What browsers, search engines and researchers ask for under a name that is the same at every house. Nothing
 * in it depends on who asks.
 */

const DAY_MS = 86_400_000;
/** RFC 9116 asks for less than a year. */
const CONTACT_HOLDS_MS = 180 * DAY_MS;

/** Lets a phone keep the page among its programs. */
export function manifest({ files }: PagesDeps): Response {
  const icon = (name: string, size: number, purpose = 'any') => ({
    src: files.url(`${name}.png`),
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  });
  return answer(
    'application/manifest+json',
    JSON.stringify({
      id: '/',
      name: 'Tapgrid',
      short_name: 'Tapgrid',
      description: 'Tap the price bands that BTC will touch.',
      lang: 'en',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      background_color: PAGE_COLOURS.dark,
      theme_color: PAGE_COLOURS.dark,
      categories: ['games', 'finance'],
      icons: [
        { src: files.url('icon.svg'), sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
        icon('icon-192', 192),
        icon('icon-512', 512),
        icon('icon-maskable', 512, 'maskable'),
      ],
    }),
  );
}

/** The service worker: its text changes with each release, by which browsers know that there is a new one. */
export function worker({ files }: PagesDeps): Response {
  const { text, release } = files.textOf('worker.js');
  return answer('text/javascript; charset=utf-8', `${text}\n// ${release}\n`);
}

/** What the worker keeps for the time without a connection. */
export const offline = ({ files }: PagesDeps, { request }: Arrival): Response =>
  htmlResponse(
    request,
    String(
      <OfflineDocument theme={themeOf(request.headers.get('cookie'))} asset={(path) => files.url(path)} />,
    ),
    200,
    'no-cache',
  );

/** Pages of one trader, and what costs work, are nothing for a search engine. */
export const robots = (): Response =>
  answer(
    'text/plain; charset=utf-8',
    ['account', 'api/v1', 'archive', 'bets', 'board', 'history', 'offline', 'ops', 'statement'].reduce(
      (text, path) => `${text}Disallow: /${path}\n`,
      'User-agent: *\nDisallow: /live\n',
    ),
  );

/** RFC 9116: where to report a vulnerability of this house; not there where its operator names nobody. */
export function securityContact({ securityContact, origin, now }: PagesDeps): Response {
  if (securityContact === null) return new Response(null, { status: 404, headers: PAGE_HEADERS });
  const expires = new Date(Math.floor((now() + CONTACT_HOLDS_MS) / DAY_MS) * DAY_MS).toISOString();
  return answer(
    'text/plain; charset=utf-8',
    `Contact: ${securityContact}\nExpires: ${expires}\nPreferred-Languages: en\n` +
      `Canonical: ${origin}/.well-known/security.txt\n`,
  );
}

const answer = (type: string, text: string): Response =>
  new Response(text, { headers: { ...PAGE_HEADERS, 'content-type': type, 'cache-control': 'no-cache' } });
