import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beside } from '../stage/beside.ts';
import {
  goProgram,
  leftOutUnless,
  missing,
  openStage,
  PYTHON_PACKAGES,
  pythonWith,
  run,
  slowLine,
  TIMEOUT_MS,
  type Stage,
} from './stage.ts';

/**
 * Bots as processes of their own against the whole server: those of the document, taken from its page, and
 * those that others wrote from it.
 */

const ROOT = join(import.meta.dir, '../..');
let stage: Stage;
let quick: Stage;
beforeAll(async () => {
  [stage, quick] = await Promise.all([openStage(), openStage({ WINDOW_MS: '2000' })]);
});
afterAll(() => Promise.all([stage.close(), quick.close()]));

const noNode = missing('node', '--experimental-websocket', '-e', '');
const python = pythonWith({ cryptography: PYTHON_PACKAGES.cryptography });
const noCryptography = leftOutUnless(python, 'cryptography for Python');

/** A program of the document as a reader copies it. @returns its path. */
async function documented(name: string): Promise<string> {
  const page = await (await fetch(`${stage.tapgrid.origin}/api/docs`)).text();
  const [, escaped] = new RegExp(`<h3>${name}</h3><p>[^<]*</p><pre tabindex="0">([^<]*)</pre>`).exec(page)!;
  const entities: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#x27;': "'",
    '&amp;': '&',
  };
  const path = join(stage.folder, name);
  writeFileSync(
    path,
    escaped!.replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => entities[entity]!),
  );
  return path;
}

const lastLine = (heard: string) => JSON.parse(heard.trim().split('\n').at(-1)!);

async function playsToTheEnd(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { account, bet, status, payout } = lastLine(
    await run([...command, stage.tapgrid.origin], stage.folder, env),
  );
  const receipt: any = await (await fetch(`${stage.tapgrid.origin}/api/v1/bets/${bet}/receipt`)).json();
  expect([receipt.account ?? account, receipt.status, receipt.payout]).toEqual([account, status, payout]);
  expect(['won', 'lost', 'void']).toContain(status);
}

describe.concurrent('the programs of the document', () => {
  test.skipIf(noNode !== null)(
    `bot.mjs plays in Node${noNode ?? ''}`,
    async () => playsToTheEnd(['node', await documented('bot.mjs')]),
    TIMEOUT_MS,
  );
  test(
    'bot.mjs plays in Bun',
    async () => playsToTheEnd([process.execPath, await documented('bot.mjs')]),
    TIMEOUT_MS,
  );
  test.skipIf(noCryptography !== null)(
    `bot.py plays${noCryptography ?? ''}`,
    async () => playsToTheEnd(['python3', await documented('bot.py')], python!),
    TIMEOUT_MS,
  );

  const watchers: readonly (readonly [string, readonly string[], boolean])[] = [
    ['Node', ['node', '--no-warnings', '--experimental-websocket'], noNode !== null],
    ['Bun', [process.execPath], false],
  ];
  for (const [name, command, leftOut] of watchers)
    test.skipIf(leftOut)(
      `watch.mjs keeps the board in ${name}${leftOut ? noNode : ''}`,
      async () => {
        const seen = lastLine(
          await run([...command, await documented('watch.mjs'), stage.tapgrid.origin, '3'], stage.folder),
        );
        expect(seen).toEqual({
          revision: expect.any(Number),
          price: expect.any(Number),
          columns: expect.any(Number),
          holes: 0,
        });
        expect(seen.columns).toBeGreaterThanOrEqual(12);
      },
      TIMEOUT_MS,
    );
});

/**
 * Halted for longer than an order's deadline, then open; and a line that falls silent. Played here, since a
 * real deadline is ten seconds off.
 */
describe.concurrent('what goes wrong', () => {
  const cell = { start: Date.now() + 60_000, band: 1000, low: 7_600_000, locked: false, multipliers: [200] };
  const refusal = (status: number, code: string, retryAfterMs?: number) =>
    Response.json({ error: { code, message: code, retryAfterMs } }, { status });

  async function playsOnAfterAHalt(command: readonly string[]): Promise<void> {
    const nonces: string[] = [];
    const house = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      async fetch(request) {
        const { pathname } = new URL(request.url);
        if (pathname === '/api/v1/time') return Response.json({ now: Date.now() });
        if (pathname === '/api/v1/practice')
          return Response.json({
            account: { id: 'a' },
            session: { id: 's' },
            token: 't',
            origin: 'http://x',
          });
        if (pathname === '/api/v1/grid')
          return Response.json({ revision: 1, windowMs: 5000, stakes: [1_000_000], columns: [cell] });
        if (pathname !== '/api/v1/taps') return Response.json({ status: 'won', payout: 5 });
        nonces.push(((await request.json()) as { nonce: string }).nonce);
        if (nonces.length < 24) return refusal(503, 'halted', 1);
        return nonces.length === 24
          ? refusal(400, 'deadline_passed')
          : Response.json({ results: [{ status: 'accepted', betId: 'b', multiplier: 200, balance: 1 }] });
      },
    });
    expect(lastLine(await run([...command, house.url.origin], stage.folder))).toEqual({
      account: 'a',
      bet: 'b',
      status: 'won',
      payout: 5,
    });
    expect([nonces.length, new Set(nonces.slice(0, 24)).size, nonces[24] === nonces[0]]).toEqual([
      25,
      1,
      false,
    ]);
    await house.stop(true);
  }
  test.skipIf(noNode !== null)(
    `bot.mjs plays on after a halt in Node${noNode ?? ''}`,
    async () => playsOnAfterAHalt(['node', await documented('bot.mjs')]),
    TIMEOUT_MS,
  );
  test.skipIf(noCryptography !== null)(
    `bot.py plays on after a halt${noCryptography ?? ''}`,
    async () => playsOnAfterAHalt(['python3', await documented('bot.py')]),
    TIMEOUT_MS,
  );

  test(
    'watch.mjs leaves a line on which nothing comes, and keeps the board by the next',
    async () => {
      let lines = 0;
      const house = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        fetch: (request, server) =>
          server.upgrade(request, { data: {} as never }) ? undefined : new Response('', { status: 400 }),
        websocket: {
          open(socket) {
            if (++lines === 1) return;
            socket.send(JSON.stringify({ type: 'hello', seq: 7 }));
            socket.send(JSON.stringify({ type: 'grid', full: true, seq: 7, revision: 5, columns: [cell] }));
          },
          message() {},
        },
      });
      expect(
        lastLine(
          await run([process.execPath, await documented('watch.mjs'), house.url.origin, '4'], stage.folder),
        ),
      ).toEqual({ revision: 5, price: null, columns: 1, holes: 0 });
      expect(lines).toBe(2);
      await house.stop(true);
    },
    TIMEOUT_MS,
  );

  test.skipIf(noNode !== null)(
    `watch.mjs says what it needs where there are no sockets${noNode ?? ''}`,
    async () => {
      const { exitCode, stderr } = Bun.spawnSync([
        'node',
        '--no-experimental-websocket',
        await documented('watch.mjs'),
      ]);
      expect([exitCode, stderr.toString()]).toEqual([1, expect.stringContaining('needs Node 22')]);
    },
  );
});

/** After a jump of the price nothing is for sale for two seconds, and these bots try once. */
async function whenForSale(
  command: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  const heard = await run(command, stage.folder, env);
  return /"accepted"/.test(heard) ? heard : run(command, stage.folder, env);
}

/** They had to guess scheme and origin; they are run as they were written. */
describe.concurrent('the bots of others', () => {
  const cases = beside('cases/clients');
  const [node, python, go] = ['bot-node.mjs', 'bot-python.py', 'bot-go.go'].map((name) =>
    join(cases.path, name),
  ) as [string, string, string];
  const noCases = cases.isThere ? null : cases.why;

  const packages = noCases === null ? pythonWith(PYTHON_PACKAGES) : null;
  const built =
    noCases === null
      ? goProgram(go, { 'github.com/coder/websocket': 'v1.8.14', 'github.com/google/uuid': 'v1.6.0' })
      : null;
  const noPython = noCases ?? leftOutUnless(packages, 'requests, websockets and cryptography for Python');
  const noGo = noCases ?? leftOutUnless(built, 'Go with the modules of the bot');

  for (const options of [[], ['fetch']])
    test.skipIf((noCases ?? noNode) !== null)(
      `bot-node.mjs ${options.join('')}${noCases ?? noNode ?? ''}`,
      async () => {
        if (!existsSync(join(stage.folder, 'node_modules')))
          symlinkSync(join(ROOT, 'node_modules'), join(stage.folder, 'node_modules'));
        const heard = await whenForSale([
          'node',
          node,
          stage.tapgrid.origin,
          stage.tapgrid.origin,
          ...options,
        ]);
        for (const line of [
          /^practice 201 /m,
          /^taps 200 .*"accepted"/m,
          /^again 200 true$/m,
          /^ws answer \{"type":"answer".*"results":/m,
          /^stream .* holes 0 bets placed\/null > (locked\/\d+ > (won|lost|void)\/\d+|void\/null)$/m,
          /^signature verified true$/m,
        ])
          expect(heard).toMatch(line);
      },
      TIMEOUT_MS,
    );

  test.skipIf(noPython !== null)(
    `bot-python.py${noPython ?? ''}`,
    async () => {
      // It orders from the same column twice, and a cell is taken once: in between the columns move on by
      // one, as they do on a line like people's.
      const { origin } = quick.tapgrid;
      const line = await slowLine(origin, 100);
      const heard = await whenForSale(['python3', python, line.base, origin], packages!);
      line.close();
      const expected = {
        good: '200 .*"accepted"',
        "{'padded': True}": '400 .*Field signature: expected base64url, without padding',
        "{'der': True}": '400 .*Field signature',
        "{'upper': True}": '400 .*Field nonce: expected a lower-case UUID',
        "{'origin': '.*/'}": `401 .*"bad_signature".*Expected for the origin ${origin}: `,
        "{'skew': 60000}": '400 .*"deadline_too_far".*The server time is',
        "{'skew': -20000}": '400 .*"deadline_passed".*The server time is',
        "{'n': 17}": '400 .*Field taps: expected at most 16',
        "{'n': 0}": '400 .*Field taps',
        'no auth but cookie': '401',
        'second practice, same jar': '409 .*"key_reused"',
        'second practice, bearer': '409 .*"key_reused"',
        'text/plain body': '400',
        'DELETE everywhere w/ cookie jar, no bearer': '401',
        'bad token': '401',
        'bad cursor': '400 .*"field":"cursor"',
        'limit 0': '400 .*"field":"limit"',
        'status=all': '400 .*expected open or closed',
        csv: '200',
      };
      for (const [name, answer] of Object.entries(expected))
        expect(heard).toMatch(new RegExp(`^${name} +${answer}`, 'm'));
      for (const line of [
        /^practice 201 /m,
        /^ws answer /m,
        /^ws bet (won|lost|void) /m,
        /^receipt verified (won|lost|void) \d+$/m,
        /^statement rows \d+ pages \d+$/m,
      ])
        expect(heard).toMatch(line);
    },
    TIMEOUT_MS,
  );

  test.skipIf(noGo !== null)(
    `bot-go.go${noGo ?? ''}`,
    async () => {
      const heard = await whenForSale([built!, stage.tapgrid.origin]);
      for (const line of [
        /^practice 201 /m,
        /^taps 200 .*"accepted"/m,
        /^bet true (won|lost|void)$/m,
        /^receipt verified true$/m,
        /^practice again with jar 409 /m,
      ])
        expect(heard).toMatch(line);
    },
    TIMEOUT_MS,
  );
});
