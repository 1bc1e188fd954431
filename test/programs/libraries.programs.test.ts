import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { beside } from '../stage/beside.ts';
import type { Tapgrid } from '../../server/compose.ts';
import {
  leftOutUnless,
  missing,
  openStage,
  PYTHON_PACKAGES,
  pythonWith,
  run as runIn,
  TIMEOUT_MS,
  type Stage,
} from './stage.ts';

/**
 * Other people's HTTP libraries as processes of their own, each with a cookie that somebody else set, against
 * the whole server.
 */

const HERE = import.meta.dir;
let stage: Stage;
let tapgrid: Tapgrid;
beforeAll(async () => {
  stage = await openStage();
  tapgrid = stage.tapgrid;
});
afterAll(() => stage.close());

const run = (command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> =>
  runIn(command, stage.folder, env);

async function newKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ])) as CryptoKeyPair;
  return Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
}

const LET_IN = { practice: 201, challenge: 200, account: 200, signedOut: 204, cookies: 0 };
const noNode = missing('node', '--experimental-websocket', '-e', '');
const python = pythonWith({ requests: PYTHON_PACKAGES.requests });
const noPython = leftOutUnless(python, 'requests for Python');
const noGo = missing('go', 'version');

test.skipIf(noNode !== null)(
  `Node’s fetch and WebSocket${noNode ?? ''}`,
  async () => {
    expect(
      JSON.parse(
        await run([
          'node',
          '--no-warnings',
          '--experimental-websocket',
          join(HERE, 'visit.mjs'),
          tapgrid.origin,
        ]),
      ),
    ).toEqual({ ...LET_IN, hello: 'hello' });
  },
  TIMEOUT_MS,
);

test.skipIf(noPython !== null)(
  `Python’s requests.Session${noPython ?? ''}`,
  async () => {
    expect(
      JSON.parse(
        await run(
          ['python3', join(HERE, 'visit.py'), tapgrid.origin, await newKey(), await newKey()],
          python!,
        ),
      ),
    ).toEqual(LET_IN);
  },
  TIMEOUT_MS,
);

test.skipIf(noGo !== null)(
  `Go’s client with a cookie jar${noGo ?? ''}`,
  async () => {
    expect(
      JSON.parse(
        await run(['go', 'run', join(HERE, 'visit.go'), tapgrid.origin, await newKey(), await newKey()]),
      ),
    ).toEqual(LET_IN);
  },
  TIMEOUT_MS,
);

const script = beside('cases/clients/who-is-a-program.mjs');

test.skipIf(noNode !== null || !script.isThere)(
  `every way to say who one is${script.why}`,
  async () => {
    const heard = await run(['node', script.path, tapgrid.origin]);
    const statuses = Object.fromEntries(
      heard
        .trim()
        .split('\n')
        .map((line) => /^(.*\S)\s+(\d{3})$/.exec(line)!.slice(1)),
    );
    expect(statuses).toEqual({
      nothing: '201',
      'cookie: theme=dark': '201',
      'cookie: __cf_bm=x (a CDN set it)': '201',
      'sec-fetch-mode: cors': '201',
      'sec-fetch-site: none': '403',
      'origin: right': '201',
      'origin: http://127.0.0.1:3000': '403',
      'any 43 letters as bearer': '201',
      'any 43 letters as bearer + foreign origin': '403',
    });
  },
  TIMEOUT_MS,
);
