import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { rejection } from '../../server/game/rejection.ts';
import { PLAIN_PATH } from '../../server/http/request-head.ts';
import { freePort } from '../../test/stage/free-port.ts';

/**
 * The real proxy with the real files of this folder, before the real server on a unix socket. Only paths,
 * ports and the user are others.
 */

const REQUESTS_PER_SECOND = 40;
/** As a browser that opens a page. */
const READING = ['-H', 'Accept: text/html,application/xhtml+xml,*/*;q=0.8'];
/** There is one address of IPv6 on this machine: the tests name the others by a header. */
const ADDRESS_OF_TESTS = 'set_real_ip_from 127.0.0.0/8; real_ip_header X-Test-Client;';
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-proxy-'));
const [https, http, monitoring] = [freePort(), freePort(), freePort()];
const origin = `https://localhost:${https}`;
const certificate = join(folder, 'tls/fullchain.pem');
let nginx: Bun.Subprocess;
let server: Bun.Subprocess;

beforeAll(async () => {
  for (const name of ['tls', 'conf.d', 'cache', 'acme/.well-known/acme-challenge'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'acme/.well-known/acme-challenge/token'), 'proof');
  Bun.spawnSync([
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-keyout',
    join(folder, 'tls/privkey.pem'),
    '-out',
    certificate,
  ]);
  writeFileSync(join(folder, 'token'), 'a token that is long enough for an operator');
  await place('nginx.conf', 'nginx.conf');
  await place('tapgrid.conf', 'conf.d/tapgrid.conf');
  server = startServer();
  nginx = Bun.spawn(
    [Bun.which('nginx') ?? '/usr/sbin/nginx', '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'],
    { stdin: 'ignore', stdout: 'ignore', stderr: Bun.file(join(folder, 'nginx.err')) },
  );
  await until('a board behind the proxy', () => curl('/readyz').status === 200);
});

afterAll(async () => {
  for (const child of [nginx, server]) child?.kill('SIGTERM');
  await Promise.all([nginx?.exited, server?.exited]);
  rmSync(folder, { recursive: true, force: true });
});

async function newKey(): Promise<string> {
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  return Buffer.from(await crypto.subtle.exportKey('raw', publicKey)).toString('base64url');
}

describe('pages and files', () => {
  test('the page comes over HTTP/2, and nothing of its security headers is said twice or missing', () => {
    const { status, version, headers, body } = curl('/', ['-H', 'Accept: text/html']);
    expect([status, version]).toEqual([200, '2']);
    expect(body).toContain('</html>');
    const names = headers.map(([name]) => name);
    for (const name of [
      'content-security-policy',
      'strict-transport-security',
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
      'cross-origin-opener-policy',
      'permissions-policy',
    ])
      expect([name, names.filter((one) => one === name).length]).toEqual([name, 1]);
    expect(headers.find(([name]) => name === 'server')?.[1]).toBe('nginx');
  });

  test(
    'files may be kept for ever, in the coding that was asked for, and are served while the server is ' +
      'away',
    async () => {
      const css = /\/static\/\w+\/app\.css/.exec(curl('/').body)![0];
      const [plain, br] = [curl(css), curl(css, ['-H', 'Accept-Encoding: gzip, br'])];
      expect([
        plain.status,
        one(plain, 'cache-control'),
        one(plain, 'content-encoding'),
        one(br, 'content-encoding'),
      ]).toEqual([200, 'public, max-age=31536000, immutable', undefined, 'br']);
      expect(br.bytes).toBeLessThan(plain.bytes);
      await stopServer();
      expect([
        curl(css).body === plain.body,
        one(curl(css, ['-H', 'Accept-Encoding: br']), 'content-encoding'),
      ]).toEqual([true, 'br']);
      server = startServer();
      await until('the server again', () => curl('/readyz').status === 200);
    },
  );

  test(
    'the old scheme leads to the new one, the certificate authority finds its proof, other names find ' +
      'nothing',
    () => {
      const to = (host: string, path: string) =>
        curl(path, ['--http1.1', '-H', `Host: ${host}`], `http://127.0.0.1:${http}`);
      expect([to('localhost', '/rules?a=1').status, one(to('localhost', '/rules?a=1'), 'location')]).toEqual([
        308,
        'https://localhost/rules?a=1',
      ]);
      expect(to('localhost', '/.well-known/acme-challenge/token').body).toBe('proof');
      expect(to('other.example', '/').status).toBe(0);
      expect(
        Bun.spawnSync([
          'curl',
          '-sk',
          '--resolve',
          `other.example:${https}:127.0.0.1`,
          `https://other.example:${https}/`,
        ]).exitCode,
      ).not.toBe(0);
    },
  );
});

describe('the API', () => {
  test('practice sign-in, then the account', async () => {
    const made = curl('/api/v1/practice', post({ publicKey: await newKey() }));
    expect(made.status).toBe(201);
    const { token, account } = JSON.parse(made.body);
    const mine = curl('/api/v1/account', ['-H', `Authorization: Bearer ${token}`]);
    expect([mine.status, JSON.parse(mine.body).id, one(made, 'set-cookie') ?? 'none']).toEqual([
      200,
      account.id,
      expect.any(String),
    ]);
    expect(made.headers.filter(([name]) => name === 'x-request-id')).toHaveLength(1);
  });

  test('a body that is too large ends at the server with its own words', () => {
    const { status, body } = curl('/api/v1/practice', post({ publicKey: 'x'.repeat(20_000) }));
    expect([status, JSON.parse(body).error.code]).toEqual([413, 'payload_too_large']);
  });
});

describe('sockets', () => {
  const open = (path: string, from: string | null, more: Readonly<Record<string, string>> = {}) =>
    new Promise<{ socket: WebSocket; first: string } | number>((resolve) => {
      const socket = new WebSocket(`wss://localhost:${https}${path}`, {
        headers: { ...more, ...(from !== null && { Origin: from }) },
        tls: { ca: Bun.file(certificate) },
      } as never);
      socket.onmessage = ({ data }) => resolve({ socket, first: String(data) });
      socket.onclose = ({ code }) => resolve(code);
      socket.onerror = () => resolve(0);
    });

  test('from our own pages: open, and the board comes', async () => {
    const live = await open('/live', origin);
    if (typeof live === 'number') throw new Error(`closed with ${live}`);
    expect(live.first.length).toBeGreaterThan(0);
    live.socket.close();
  });

  test.each([['https://evil.example'], ['null'], [`https://localhost:${https}.evil.example`]])(
    'from %s: may watch, as nobody',
    async (from) => {
      const live = await open('/live', from);
      if (typeof live === 'number') throw new Error(`closed with ${live}`);
      live.socket.close();
      const { token } = JSON.parse(curl('/api/v1/practice', post({ publicKey: await newKey() })).body);
      const stream = await open('/api/v1/stream', from, { cookie: `__Host-sid=${token}` });
      if (typeof stream === 'number') throw new Error(`closed with ${stream}`);
      expect(JSON.parse(stream.first)).toMatchObject({ type: 'hello', accountId: null });
      stream.socket.close();
    },
  );

  test('programs stream without an origin', async () => {
    const stream = await open('/api/v1/stream', null);
    if (typeof stream === 'number') throw new Error(`closed with ${stream}`);
    expect(() => JSON.parse(stream.first)).not.toThrow();
    stream.socket.close();
  });

  test('a restart closes them with 1012, then the proxy says when to come back, then all is well', async () => {
    const live = await open('/live', origin);
    if (typeof live === 'number') throw new Error(`closed with ${live}`);
    const closed = new Promise<number>((resolve) => (live.socket.onclose = ({ code }) => resolve(code)));
    await stopServer();
    expect(await closed).toBe(1012);
    const away = curl('/api/v1/grid');
    expect([
      away.status,
      one(away, 'retry-after'),
      JSON.parse(away.body).error.code,
      one(away, 'strict-transport-security'),
    ]).toEqual([503, '5', 'halted', 'max-age=63072000']);
    const page = curl('/rules', READING);
    expect([
      page.status,
      one(page, 'retry-after'),
      one(page, 'content-type'),
      one(page, 'strict-transport-security'),
    ]).toEqual([503, '5', 'text/html; charset=utf-8', 'max-age=63072000']);
    expect(page.body).toMatch(/^<!doctype html>.*http-equiv="refresh".*Tapgrid is restarting/);
    expect(one(page, 'content-security-policy')).toContain("default-src 'none'");
    expect(JSON.parse(curl('/api/v1/grid', READING).body).error.code).toBe('halted');
    server = startServer();
    await until('the server again', () => curl('/readyz').status === 200);
  });
});

describe('who is calling', () => {
  /**
   * What is left of the allowance after each of many calls on one connection, every one under another forged
   * address.
   */
  const remaining = (address: string, count: number): number[] => {
    const call = (index: number) => [
      '-s',
      '-o',
      '/dev/null',
      '-D',
      '-',
      '--cacert',
      certificate,
      '--interface',
      address,
      ...['X-Forwarded-For: ', 'X-Real-IP: ', 'Forwarded: for='].flatMap((name) => [
        '-H',
        `${name}203.0.113.${index}`,
      ]),
      `${origin}/api/v1/chain`,
    ];
    const { stdout } = Bun.spawnSync([
      'curl',
      ...Array.from({ length: count }, (_, index) => call(index)).flatMap((words, index) =>
        index === 0 ? words : ['--next', ...words],
      ),
    ]);
    return [...stdout.toString().matchAll(/^ratelimit: "\w+";r=(\d+)/gim)].map((match) => Number(match[1]));
  };

  test('what a client says of its address changes nothing, its real address does', () => {
    // On a machine that is held up the allowance may come back as fast as it is taken: then once more.
    let forged = remaining('127.0.0.9', 40);
    const isTaken = () => Math.min(...forged) < forged[0]! - 20;
    for (let tries = 0; !isTaken() && tries < 20; tries++)
      forged = (Bun.sleepSync(1_500), remaining('127.0.0.9', 40));
    expect(forged).toHaveLength(40);
    expect(Math.min(...forged)).toBeLessThan(forged[0]! - 20);
    expect(remaining('127.0.0.10', 1)[0]).toBe(forged[0]!);
  });

  test('too many sign-ins are stopped by the proxy in the words of the API, for that address alone', () => {
    const first = Array.from(
      { length: 15 },
      () => curl('/api/v1/practice', ['--interface', '127.0.0.11', ...post({})]).status,
    );
    expect(first).toEqual(Array(15).fill(400));
    // One program on one line is quicker than the allowance comes back, on any machine.
    const call = [
      '-s',
      '-o',
      '/dev/null',
      '--cacert',
      certificate,
      '--interface',
      '127.0.0.11',
      ...post({}),
      `${origin}/api/v1/practice`,
    ];
    const burst = () =>
      Bun.spawnSync([
        'curl',
        ...Array.from({ length: 60 }, (_, index) => (index === 0 ? call : ['--next', ...call])).flat(),
      ]);
    const refused = () => curl('/api/v1/practice', ['--interface', '127.0.0.11', ...post({})]);
    let answer = (burst(), refused());
    for (let tries = 0; answer.status !== 429 && tries < 20; tries++) answer = (burst(), refused());
    expect([
      answer.status,
      one(answer, 'retry-after'),
      one(answer, 'content-type'),
      JSON.parse(answer.body).error,
    ]).toEqual([
      429,
      '1',
      'application/json',
      { code: 'rate_limited', message: rejection('rate_limited').message, retryAfterMs: 1000 },
    ]);
    expect(curl('/api/v1/practice', ['--interface', '127.0.0.12', ...post({})]).status).toBe(400);
  });

  test('a person reads what the proxy refuses as a page', () => {
    const nowhere = curl('/metrics', READING);
    expect([nowhere.status, one(nowhere, 'content-type'), nowhere.body.includes('Page not found')]).toEqual([
      404,
      'text/html; charset=utf-8',
      true,
    ]);
    expect(curl('/refused/person/429', READING).status).toBe(404);
    const call = [
      '-s',
      '-o',
      '/dev/null',
      '--cacert',
      certificate,
      '--interface',
      '127.0.0.15',
      `${origin}/ops/sign-in`,
    ];
    const burst = () =>
      Bun.spawnSync([
        'curl',
        ...Array.from({ length: 60 }, (_, index) => (index === 0 ? call : ['--next', ...call])).flat(),
      ]);
    const refused = () => curl('/ops/sign-in', ['--interface', '127.0.0.15', ...READING]);
    let answer = (burst(), refused());
    for (let tries = 0; answer.status !== 429 && tries < 20; tries++) answer = (burst(), refused());
    expect([
      answer.status,
      one(answer, 'retry-after'),
      one(answer, 'content-type'),
      answer.body.includes('Too many requests'),
    ]).toEqual([429, '1', 'text/html; charset=utf-8', true]);
  });

  test('the operator’s page is the engine’s, and all who ask for it share one allowance', () => {
    const asked = (index: number) =>
      ['-s', '-o', '/dev/null', '-w', '%{http_code}\n', '--cacert', certificate].concat(
        ...['-H', `X-Test-Client: 203.0.113.${index}`, `${origin}/ops`],
      );
    const codes = () =>
      Bun.spawnSync([
        'curl',
        ...Array.from({ length: 90 }, (_, index) =>
          index === 0 ? asked(0) : ['--next', ...asked(index)],
        ).flat(),
      ])
        .stdout.toString()
        .trim()
        .split('\n');
    const found = codes();
    for (let tries = 0; !found.includes('429') && tries < 20; tries++) found.push(...codes());
    expect(new Set(found)).toEqual(new Set(['401', '429']));
    // Whoever plays is counted by themselves.
    expect(curl('/rules', ['-H', 'X-Test-Client: 203.0.113.1']).status).toBe(200);
  });

  test('one customer is one network of 64 bits, however his addresses are written', () => {
    // The server's own refusals have an id: these are the proxy's.
    const entering = (address: (index: number) => string) => {
      const call = (index: number) => [
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code} %header{x-request-id}\n',
        '--cacert',
        certificate,
        '--interface',
        '127.0.0.14',
        '-H',
        `X-Test-Client: ${address(index)}`,
        ...post({}),
        `${origin}/api/v1/practice`,
      ];
      return Bun.spawnSync([
        'curl',
        ...Array.from({ length: 60 }, (_, index) =>
          index === 0 ? call(index) : ['--next', ...call(index)],
        ).flat(),
      ])
        .stdout.toString()
        .trim()
        .split('\n')
        .map((line) => line.trim());
    };
    const written: readonly ((index: string) => string)[] = [
      (index) => `2001:db8:1:2::${index}`,
      (index) => `2001:db8:a0a:a0a:${index}::1`,
    ];
    for (const address of written) {
      const own: string[] = [];
      for (let tries = 0; !own.includes('429') && tries < 20; tries++)
        own.push(...entering((index) => address((tries * 60 + index + 1).toString(16))));
      expect([address('n'), own.includes('429')]).toEqual([address('n'), true]);
    }
    expect(
      new Set(
        entering((index) => `2001:db8:2:${(index + 1).toString(16)}::1`).map((line) => line.slice(0, 3)),
      ),
    ).toEqual(new Set(['400']));
  }, 60_000);

  test('a flood from one address is stopped', () => {
    const urls = Array.from({ length: 400 }, () => `${origin}/readyz`);
    const flood = () =>
      Bun.spawnSync([
        'curl',
        '-s',
        '--cacert',
        certificate,
        '--interface',
        '127.0.0.13',
        '-Z',
        '--parallel-max',
        '20',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}\n',
        ...urls.flatMap((url, index) => (index === 0 ? [url] : ['-o', '/dev/null', url])),
      ])
        .stdout.toString()
        .trim()
        .split('\n');
    // A slow machine is no flood by itself: it goes on, for the allowance of the burst is not given back as
    // fast as it is taken.
    const codes = flood();
    for (let tries = 0; !codes.includes('429') && tries < 20; tries++) codes.push(...flood());
    expect(codes).toContain('200');
    expect(codes).toContain('429');
  });
});

describe('the spelling of a path', () => {
  const INSIDE = ['metrics', 'healthz', 'api/v1/practice', 'ops/sign-in', 'rules'];
  const PIECES = [
    '/',
    '//',
    '/./',
    '/../',
    '/static/..',
    '\\',
    '..\\',
    '%2f',
    '%2e%2e/',
    '%5c',
    '/static/',
    '/x/../',
    ';',
    '#',
    '%00',
    '%',
    '?',
    '/.',
    '~',
    '..;/',
  ];
  /** Says one line by hand: every client would have put it right first. */
  const say = (target: string, more: string[] = []): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect(
        { host: '127.0.0.1', port: https, servername: 'localhost', rejectUnauthorized: false },
        () =>
          socket.write(
            `${[`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...more].join('\r\n')}\r\n\r\n`,
          ),
      );
      socket
        .on('data', (bytes: Buffer) => (text += bytes))
        .on('close', () => resolve(text))
        .on('error', () => resolve(text));
    });

  test('whatever is not written as the server names it ends at the proxy', async () => {
    const seed = Date.now() % 1_000_000;
    let state = seed;
    const pick = <Item>(items: readonly Item[]): Item =>
      items[(state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % items.length]!;
    const spelled = () =>
      `/${Array.from({ length: 1 + (state % 3) }, () => pick(PIECES)).join('')}${pick(INSIDE)}` +
      `${pick(['', '/', '//', '\\', '/.', '%20', '%2f'])}${pick(['', '?a=/../b'])}`;
    const targets = [
      '/metrics/',
      '/healthz/',
      '/static/..\\metrics',
      '/static/..\\api/v1/practice',
      '/ops/',
      ...INSIDE.flatMap((path) => [`//${path}`, `/${path}/`]),
      ...Array.from({ length: 300 }, spelled),
    ];
    const isPlain = (target: string): boolean =>
      target.split('?')[0]! === '/' ||
      target
        .split('?')[0]!
        .slice(1)
        .split('/')
        .every((part) => /^[\w~-][\w.~-]*$/.test(part));
    const strange = targets.filter((target) => !isPlain(target));
    expect(strange.length).toBeGreaterThan(100);
    for (const target of strange) {
      const answer = await say(target);
      expect({
        seed,
        target,
        status: answer.slice(9, 12),
        reachedTheServer: /^x-request-id:/im.test(answer),
      }).toEqual({ seed, target, status: expect.stringMatching(/^(404|400)$/), reachedTheServer: false });
    }
  }, 60_000);

  test('proxy and server read a path by the same words', async () =>
    expect(await Bun.file(join(import.meta.dir, 'tapgrid.conf')).text()).toContain(
      `"~^${PLAIN_PATH}(\\?|\\z)" 1;`,
    ));

  test('what the server names goes through, and on a whole address the path counts', async () => {
    for (const path of ['/', '/rules', '/rules?next=/../x', '/favicon.ico', '/readyz'])
      expect([path, /^x-request-id:/im.test(await say(path))]).toEqual([path, true]);
    expect((await say(`https://localhost/metrics`)).slice(9, 12)).toBe('404');
  });

  test('it is told in the words of the API', () => {
    const strange = curl('/api/v1/grid/');
    expect([
      strange.status,
      one(strange, 'content-type'),
      one(strange, 'strict-transport-security'),
      JSON.parse(strange.body).error,
    ]).toEqual([
      404,
      'application/json',
      'max-age=63072000',
      { code: 'not_found', message: rejection('not_found').message },
    ]);
  });

  test(
    'no location has headers of its own by which it would lose those that name the client, or that TLS ' +
      'is used',
    async () => {
      const text = await Bun.file(join(import.meta.dir, 'tapgrid.conf')).text();
      const locations = [...text.matchAll(/^ {2}location ([^{]+) \{([^}]*)\}/gm)];
      expect(locations.length).toBeGreaterThan(10);
      for (const [, name, inside] of locations) {
        expect([name, inside!.includes('proxy_set_header')]).toEqual([name, false]);
        if (inside!.includes('add_header'))
          expect([
            name,
            inside!.includes('add_header Strict-Transport-Security "max-age=63072000" always;'),
          ]).toEqual([name, true]);
      }
    },
  );
});

describe('what is not for the public', () => {
  test.each(['/healthz', '/metrics', '//metrics', '/%6detrics', '/x/../healthz', '/metrics?x', '/./healthz'])(
    '%s',
    (path) => expect([path, curl(path).status]).toEqual([path, 404]),
  );
  test('on this machine they are there, and nothing else is', () => {
    const at = (path: string, words: string[] = []) => curl(path, words, `http://127.0.0.1:${monitoring}`);
    expect(at('/metrics').body).toContain('\ntapgrid_build_info{');
    expect([
      JSON.parse(at('/healthz').body).feed.simulated,
      at('/').status,
      at('/api/v1/grid').status,
    ]).toEqual([true, 404, 404]);
  });
  test('one word for whoever watches from outside', () =>
    expect(curl('/readyz').body).toBe('{"ready":true}'));
  test('the log names no query, token or cookie', async () => {
    curl('/rules?secret=s3cret', ['-H', 'Authorization: Bearer s3cret', '-H', 'Cookie: __Host-sid=s3cret']);
    const log = join(folder, 'tapgrid.log');
    await until('the line', () => Bun.spawnSync(['grep', '-c', '"path":"/rules"', log]).exitCode === 0);
    const text = await Bun.file(log).text();
    expect(text).not.toContain('s3cret');
    expect(Object.keys(JSON.parse(text.split('\n')[0]!))).toEqual([
      'time',
      'client',
      'method',
      'path',
      'protocol',
      'status',
      'bytes',
      'seconds',
      'upstreamSeconds',
      'requestId',
    ]);
  });
});

async function place(name: string, to: string): Promise<void> {
  const text = await Bun.file(join(import.meta.dir, name)).text();
  const moved = [
    ['/run/tapgrid/', `${folder}/`],
    ['/run/tapgrid-edge-1/', `${folder}/`],
    ['access_log off;', `access_log off; ${ADDRESS_OF_TESTS}`],
    ['/etc/tapgrid/tls', join(folder, 'tls')],
    ['/var/cache/nginx/tapgrid', join(folder, 'cache')],
    ['/var/lib/tapgrid-acme', join(folder, 'acme')],
    ['/var/log/nginx', folder],
    ['/run/nginx.pid', join(folder, 'nginx.pid')],
    ['/etc/nginx/conf.d', join(folder, 'conf.d')],
    ['user www-data;', process.getuid?.() === 0 ? 'user root;' : ''],
    ['@SERVER_NAME@', 'localhost'],
    ['127.0.0.1:9464', `127.0.0.1:${monitoring}`],
  ].reduce((all, [from, into]) => all.replaceAll(from!, into!), text);
  await Bun.write(
    join(folder, to),
    moved
      .replace(/listen \[::\].*\n/g, '')
      .replace(/listen 443/g, `listen 127.0.0.1:${https}`)
      .replace(/listen 80/g, `listen 127.0.0.1:${http}`),
  );
}

function startServer(): Bun.Subprocess {
  return Bun.spawn([process.execPath, join(import.meta.dir, '../../server/main.ts')], {
    env: {
      PATH: process.env.PATH,
      FEED: 'walk:1',
      LOG_LEVEL: 'error',
      DATA_DIR: join(folder, 'data'),
      EDGES: '1',
      LISTEN_SOCKET: join(folder, 'http.sock'),
      OPS_LISTEN: join(folder, 'ops.sock'),
      OPERATOR_TOKEN_FILE: join(folder, 'token'),
      OPERATIONS_LISTEN: join(folder, 'operations.sock'),
      PUBLIC_ORIGIN: origin,
      REQUESTS_PER_SECOND_MAX: `${REQUESTS_PER_SECOND}`,
    },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  });
}

async function stopServer(): Promise<void> {
  server.kill('SIGTERM');
  await server.exited;
}

const post = (body: unknown): string[] => [
  '-X',
  'POST',
  '-H',
  'Content-Type: application/json',
  '-H',
  `Origin: ${origin}`,
  '-H',
  'Sec-Fetch-Site: same-origin',
  '-d',
  JSON.stringify(body),
];

interface Answer {
  readonly status: number;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly bytes: number;
}

function curl(path: string, words: readonly string[] = [], base = origin): Answer {
  const { stdout } = Bun.spawnSync([
    'curl',
    '-s',
    '-i',
    '--path-as-is',
    '--max-time',
    '60',
    '--cacert',
    certificate,
    '-w',
    '\n%{http_code} %{http_version}',
    ...words,
    `${base}${path}`,
  ]);
  const text = stdout.toString('latin1');
  const [, status = '0', version = ''] = /\n(\d+) (\S+)$/.exec(text) ?? [];
  const end = text.indexOf('\r\n\r\n');
  const headers = text
    .slice(0, Math.max(0, end))
    .split('\r\n')
    .slice(1)
    .map(
      (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const,
    );
  const body = text.slice(end + 4, text.lastIndexOf('\n'));
  return { status: Number(status), version, headers, body, bytes: body.length };
}

const one = ({ headers }: Answer, name: string): string | undefined =>
  headers.find(([found]) => found === name)?.[1];

async function until(what: string, look: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if (look()) return;
    await Bun.sleep(100);
  }
  throw new Error(`waited in vain for ${what}; ${await Bun.file(join(folder, 'nginx.err')).text()}`);
}
