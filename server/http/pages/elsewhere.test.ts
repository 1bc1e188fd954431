import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { compose, type Tapgrid } from '../../compose.ts';
import { loadConfig } from '../../config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-elsewhere-'));
let tapgrid: Tapgrid;
let other: string;
let cookie: string;
beforeAll(async () => {
  const loaded = loadConfig({
    PORT: '0',
    DATA_DIR: folder,
    FEED: 'walk:elsewhere',
    SECURITY_CONTACT: 'mailto:security@taps.example',
  });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  tapgrid = await compose(loaded.ok, pino({ level: 'silent' }) as never, (cause) => {
    throw cause;
  });
  other = tapgrid.origin.replace('localhost', '127.0.0.1');
  while ((await fetch(`${tapgrid.origin}/api/v1/grid`)).status !== 200) await Bun.sleep(50);
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
  const practice = await fetch(`${tapgrid.origin}/api/v1/practice`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: tapgrid.origin },
    body: JSON.stringify({ publicKey }),
  });
  cookie = `${practice.headers.get('set-cookie')!.split(';')[0]!}; theme=light`;
});
afterAll(async () => {
  await tapgrid.stop();
  rmSync(folder, { recursive: true, force: true });
});

const read = async (url: string): Promise<string> =>
  (await fetch(url, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })).text();

describe('what has the same name at every house', () => {
  test('lets a phone keep the page: each icon of the manifest is there', async () => {
    const response = await fetch(`${tapgrid.origin}/manifest.webmanifest`);
    expect(response.headers.get('content-type')).toBe('application/manifest+json');
    const { icons, start_url } = (await response.json()) as {
      icons: { src: string; type: string; sizes: string; purpose: string }[];
      start_url: string;
    };
    expect(start_url).toBe('/');
    expect(icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
      'any any',
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ]);
    for (const { src, type } of icons)
      expect((await fetch(tapgrid.origin + src)).headers.get('content-type')).toBe(type);
    const page = await read(`${tapgrid.origin}/rules`);
    const pictures = [...page.matchAll(/(?:og:image" content|apple-touch-icon" href)="([^"]+)"/g)];
    expect(pictures.length).toBe(2);
    for (const [, picture = ''] of pictures)
      expect((await fetch(new URL(picture, tapgrid.origin))).status).toBe(200);
  });

  test('keeps search engines out of what is one trader’s', async () => {
    const text = await (await fetch(`${tapgrid.origin}/robots.txt`)).text();
    for (const path of ['account', 'bets', 'history', 'statement'])
      expect(text).toContain(`Disallow: /${path}\n`);
    for (const path of ['rules', 'fairness', 'signin']) expect(text).not.toContain(path);
  });

  test('tells researchers whom to write to', async () => {
    const text = await (await fetch(`${tapgrid.origin}/.well-known/security.txt`)).text();
    expect(text).toContain('Contact: mailto:security@taps.example\n');
    const until = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? '');
    expect(until > Date.now() && until < Date.now() + 365 * 86_400_000).toBe(true);
    expect((await fetch(`${tapgrid.origin}/.well-known/other`)).status).toBe(404);
  });
});

describe('a page that is opened at another address than the one where it is played', () => {
  test('shows the board to nobody in particular, whatever cookies come with it, and says where it can be played', async () => {
    const here = await read(`${tapgrid.origin}/`);
    expect(here).toContain('id="balance"');
    expect(here).toMatch(/id="elsewhere"[^>]* hidden/);
    const elsewhere = await read(`${other}/`);
    expect(elsewhere).toContain('class="cell');
    expect(elsewhere).toMatch(
      new RegExp(`id="elsewhere" class="[^"]*"><b>Prices only</b> — play at <a href="${tapgrid.origin}">`),
    );
    expect(elsewhere).toContain('data-theme="auto"');
    // Safari forgets after a week what a script wrote; what the server sends it keeps.
    const themeOf = async (url: string) =>
      (await fetch(url, { headers: { cookie } })).headers
        .getSetCookie()
        .filter((one) => one.includes('theme'));
    expect(await themeOf(`${tapgrid.origin}/`)).toEqual([
      'theme=light; Path=/; Max-Age=31536000; SameSite=Lax',
    ]);
    expect(await themeOf(`${other}/`)).toEqual([]);
    for (const own of ['id="balance"', 'data-session=', 'id="account"', 'data-currency=']) {
      expect(here).toContain(own);
      expect(elsewhere).not.toContain(own);
    }
  });

  test.each(['/history', '/statement', '/bets/none', '/no-such-page', '/fairness'])(
    '%s is read by nobody there too',
    async (path) => {
      expect(await read(tapgrid.origin + path)).toContain('id="balance"');
      expect(await read(other + path)).not.toContain('id="balance"');
    },
  );

  test('signs nobody in, and points at the other address', async () => {
    const page = await read(`${other}/signin`);
    expect(page).toContain(`href="${tapgrid.origin}/signin"`);
    expect(page.slice(page.indexOf('<main'), page.indexOf('</main>'))).not.toContain('data-practice');
    expect(
      (await fetch(`${other}/account`, { headers: { cookie }, redirect: 'manual' })).headers.get('location'),
    ).toBe('/signin');
  });
});

describe('the board that a page begins with', () => {
  /** Which board is drawn and kept up, and which one the browser is to remember. */
  const begin = async (url: string, board?: string) => {
    const response = await fetch(url, { headers: { accept: 'text/html', ...(board && { cookie: board }) } });
    const html = await response.text();
    return {
      drawn: Number(/id="grid"[^>]* data-window="(\d+)"/.exec(html)?.[1]),
      socket: /hx-ws:connect="([^"]+)"/.exec(html)?.[1],
      chosen: [...html.matchAll(/data-board="(\w+)"[^>]* aria-current="true"/g)].map(([, name]) => name),
      kept: response.headers.get('set-cookie')?.split(';')[0] ?? null,
    };
  };
  const QUICK = { drawn: 2000, socket: '/live?board=quick', chosen: ['quick'], kept: 'board=quick' };
  const LONG = { drawn: 15_000, socket: '/live?board=long', chosen: ['long'], kept: 'board=long' };
  const USUAL = { drawn: 5000, socket: '/live', chosen: ['normal'], kept: null };

  test.each([
    ['/', undefined, USUAL],
    ['/?board=quick', undefined, QUICK],
    ['/?board=2000', undefined, QUICK],
    ['/', 'board=long', LONG],
    ['/?board=quick', 'board=long', QUICK],
    ['/?board=fast', 'board=long', LONG],
    ['/?board=%22%3E', 'board=">', USUAL],
    ['/?board=', 'xboard=long', USUAL],
  ])('%s with the cookie %p', async (path, board, expected) =>
    expect(await begin(tapgrid.origin + path, board)).toEqual(expected),
  );

  test('at another address a link chooses, and nothing is kept or looked at', async () => {
    expect(await begin(`${other}/`, 'board=long')).toEqual(USUAL);
    expect(await begin(`${other}/?board=quick`, 'board=long')).toEqual({ ...QUICK, kept: null });
  });

  test('is told by the rules, each with a link', async () => {
    const html = await read(`${tapgrid.origin}/rules`);
    const boards = /<p id="boards-rule">.*?<\/p>/s.exec(html)![0];
    expect([...boards.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual(
      ['quick', 'normal', 'long'].map((name) => `/?board=${name}`),
    );
  });
});
