import { beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { dollars, micros } from '../../game/money.ts';
import { readLimits } from './account.tsx';
import { readCookieText } from './cookie.ts';
import { acceptedEncoding } from '../encoding.ts';
import { StaticFiles } from './static.ts';

let files: StaticFiles;
beforeAll(async () => {
  files = await StaticFiles.read(join(import.meta.dir, '../../../static'));
});

const restOf = (url: string): string => url.slice('/static/'.length);

describe('static files', () => {
  test('may be kept for ever under their hash, and are asked for again under another', () => {
    const rest = restOf(files.url('app.css'));
    const found = files.respond(rest, new Headers())!;
    expect([found.headers.get('cache-control'), found.headers.get('content-type')]).toEqual([
      'public, max-age=31536000, immutable',
      'text/css; charset=utf-8',
    ]);
    expect(files.respond(`0123/${rest.split('/')[1]}`, new Headers())!.headers.get('cache-control')).toBe(
      'no-cache',
    );
    expect(files.respond(rest, new Headers({ 'if-none-match': found.headers.get('etag')! }))!.status).toBe(
      304,
    );
  });

  test('come as the client takes them', async () => {
    const rest = restOf(files.url('vendor/htmx.min.js'));
    const plain = await files.respond(rest, new Headers())!.bytes();
    const gzip = files.respond(rest, new Headers({ 'accept-encoding': 'gzip' }))!;
    expect(gzip.headers.get('content-encoding')).toBe('gzip');
    expect(Bun.gunzipSync(await gzip.bytes())).toEqual(plain);
  });

  test.each([
    'x/../../package.json',
    'x/..%2f..%2fpackage.json',
    '../package.json',
    'x//etc/passwd',
    'app.css',
    '',
    '/',
    'x/css/base.css',
    'x/css/ops/frame.css',
    'x/identity',
    'x/identity/wallet.test.ts',
  ])('%s is not there', (rest) => expect(files.respond(rest, new Headers())).toBeNull());

  test('style sheets come without the comments of their sources', () => {
    for (const sheet of ['app.css', 'receipt.css', 'bars.css', 'ops.css'])
      expect([sheet, files.textOf(sheet).text]).toEqual([sheet, expect.not.stringMatching(/\/\*|\n| {2}/)]);
  });

  test('what the board loads leaves 6 KB of 60 for the page itself, and its modules are one file', async () => {
    expect(
      files.transferBytes(['app.css', 'icon.svg', 'vendor/htmx.min.js', 'vendor/hx-ws.min.js', 'board.js']),
    ).toBeLessThan(54 * 1024);
    const script = await files.respond(restOf(files.url('board.js')), new Headers())!.text();
    // But for what is fetched when it is first needed.
    const later = [...script.matchAll(/\bimport(?:[\s{'"*]|\(['"`])[^)]*\)?/g)].map(([text]) => text).sort();
    expect(later).toEqual(['import("./hands.js")', 'import("./view.js")']);
    expect(script).toContain('tapgrid-tap-v1');
    expect(files.respond('x/board/cells.js', new Headers())).toBeNull();
  });
});

test.each([
  [null, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*, br;q=0', 'gzip'],
  ['*;q=0', 'identity'],
  ['br;q=0.0, gzip;q=0', 'identity'],
  ['BR', 'br'],
  ['br;q=0.1, gzip;q=0.9', 'gzip'],
  ['gzip;q=0.5, *;q=0.8', 'br'],
  ['identity, br;q=0.5', 'identity'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['br;q=nonsense, gzip', 'gzip'],
  ['br; q=0.001', 'br'],
  ['gzip;x=1;q=0', 'identity'],
] as const)('Accept-Encoding %p takes %p', (accept, encoding) =>
  expect(acceptedEncoding(accept)).toBe(encoding),
);

test.each([
  ['theme=dark', 'dark'],
  ['a=1; theme=light', 'light'],
  ['xtheme=dark', null],
  [null, null],
  ['theme', null],
  [`theme=dark; ${'x'.repeat(9000)}`, null],
] as const)('the cookie header %p has the theme %p', (header, theme) =>
  expect(readCookieText(header, 'theme')).toBe(theme),
);

describe('the forms of own limits', () => {
  const read = (body: string) => readLimits(new URLSearchParams(body));
  test.each([
    ['guardPercent=50', { guardPercent: 50 }],
    ['dailyLoss=250', { dailyLoss: dollars(250) }],
    ['dailyLoss=12.50', { dailyLoss: micros(12_500_000) }],
    ['dailyLoss=+%2412+', { dailyLoss: dollars(12) }],
    ['dailyLoss=', { dailyLoss: null }],
    ['reminderMinutes=60', { reminderMinutes: 60 }],
    ['reminderMinutes=', { reminderMinutes: null }],
    ['guardPercent=80&dailyLoss=5', { guardPercent: 80, dailyLoss: dollars(5) }],
  ] as const)('%s', (body, change) => expect(read(body)).toEqual(change));
  test.each([
    ['', /^Nothing/],
    ['guardPercent=49', /^Enter a guard/],
    ['guardPercent=96', /^Enter a guard/],
    ['guardPercent=', /^Enter a guard/],
    ['guardPercent=8e1', /^Enter a guard/],
    ['dailyLoss=0', /in dollars/],
    ['dailyLoss=-5', /in dollars/],
    ['dailyLoss=1000001', /in dollars/],
    ['dailyLoss=1,5', /in dollars/],
    ['dailyLoss=1e3', /in dollars/],
    ['reminderMinutes=0', /^Choose a reminder/],
    ['reminderMinutes=1441', /^Choose a reminder/],
    ['reminderMinutes=x', /^Choose a reminder/],
  ])('%s is refused in words', (body, words) => expect(read(body)).toMatch(words));
});
