import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { compose, type Tapgrid } from '../../compose.ts';
import { loadConfig } from '../../config.ts';

/** Other people's HTTP libraries as processes of their own, each with a cookie that somebody else set, against the whole server. */

const HERE = import.meta.dir;
const CASES = join(HERE, '../../../../shared/cases/clients');
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-programs-'));
let tapgrid: Tapgrid;
beforeAll(async () => {
  const loaded = loadConfig({ PORT: '0', DATA_DIR: folder, FEED: 'walk:programs', BREAKER_HYSTERESIS_MS: '0' });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  tapgrid = await compose(loaded.ok, pino({ level: 'silent' }) as never, (cause) => { throw cause; });
});
afterAll(async () => {
  await tapgrid.stop();
  rmSync(folder, { recursive: true, force: true });
});

const TIMEOUT_MS = 120_000;

async function run(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { cwd: folder, stdout: 'pipe', stderr: 'pipe', timeout: TIMEOUT_MS });
  const [out, errors, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${errors || out}`);
  return out;
}

async function newKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])) as CryptoKeyPair;
  return Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
}

/** Null where the tool is there. */
function missing(tool: string, ...probe: string[]): string | null {
  const found = Bun.which(tool) !== null && Bun.spawnSync([tool, ...probe]).success;
  if (!found) console.warn(`LEFT OUT: ${[tool, ...probe].join(' ')} does not work on this machine, so nobody saw here whether such a program gets in`);
  return found ? null : ': LEFT OUT, it is not installed';
}

const LET_IN = { practice: 201, challenge: 200, account: 200, signedOut: 204, cookies: 0 };
const noNode = missing('node', '--experimental-websocket', '-e', '');
const noPython = missing('python3', '-c', 'import requests');
const noGo = missing('go', 'version');

test.skipIf(noNode !== null)(`Node’s fetch and WebSocket${noNode ?? ''}`, async () => {
  expect(JSON.parse(await run(['node', '--no-warnings', '--experimental-websocket', join(HERE, 'visit.mjs'), tapgrid.origin]))).toEqual({ ...LET_IN, hello: 'hello' });
}, TIMEOUT_MS);

test.skipIf(noPython !== null)(`Python’s requests.Session${noPython ?? ''}`, async () => {
  expect(JSON.parse(await run(['python3', join(HERE, 'visit.py'), tapgrid.origin, await newKey(), await newKey()]))).toEqual(LET_IN);
}, TIMEOUT_MS);

test.skipIf(noGo !== null)(`Go’s client with a cookie jar${noGo ?? ''}`, async () => {
  expect(JSON.parse(await run(['go', 'run', join(HERE, 'visit.go'), tapgrid.origin, await newKey(), await newKey()]))).toEqual(LET_IN);
}, TIMEOUT_MS);

const script = join(CASES, 'who-is-a-program.mjs');
const noCases = existsSync(script) ? null : `: LEFT OUT, there is no ${script}`;
if (noCases !== null) console.warn(`who is a program${noCases}`);

test.skipIf(noNode !== null || noCases !== null)(`every way to say who one is${noCases ?? ''}`, async () => {
  const told = await run(['node', script, tapgrid.origin]);
  const statuses = Object.fromEntries(told.trim().split('\n').map((line) => /^(.*\S)\s+(\d{3})$/.exec(line)!.slice(1)));
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
}, TIMEOUT_MS);
