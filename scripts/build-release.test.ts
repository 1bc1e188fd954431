import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Wallet } from 'ethers';
import { cellId, cellOfRow } from '../server/game/grid.ts';
import { signedText } from '../server/game/tap.ts';
import { proofText } from '../server/identity/sign-in-text.ts';
import { buildRelease } from './build-release.ts';

/** The release on a machine that has neither Bun on its path nor the sources. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-release-'));
const home = join(root, 'elsewhere');
const env = {
  PATH: '/usr/bin:/bin',
  HOME: root,
  DATA_DIR: join(root, 'data'),
  FEED: 'walk:7:1',
  LOG_LEVEL: 'error',
};
let server: Bun.Subprocess<'ignore', 'ignore', 'pipe'>;
let origin: string;

beforeAll(async () => {
  const built = await buildRelease(join(root, 'out'));
  expect(basename(built)).toMatch(/^tapgrid-\d+\.\d+\.\d+-linux-(x64|arm64)$/);
  renameSync(built, home);
  mkdirSync(join(root, 'empty'));
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  origin = `http://localhost:${port}`;
  server = Bun.spawn([join(home, 'tapgrid')], {
    cwd: join(root, 'empty'),
    env: { ...env, PORT: `${port}` },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  for (let tries = 0; tries < 4_000; tries++) {
    if (server.exitCode !== null)
      throw new Error(`the server ended: ${await new Response(server.stderr).text()}`);
    if ((await fetch(`${origin}/api/v1/grid`).catch(() => null))?.status === 200) return;
    await Bun.sleep(25);
  }
  throw new Error('the server gave no grid');
}, 180_000);
afterAll(async () => {
  server?.kill('SIGTERM');
  await server?.exited;
  rmSync(root, { recursive: true, force: true });
});

const run = (...words: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([join(home, 'run'), ...words], {
    cwd: join(root, 'empty'),
    env,
  });
  return { exitCode, out: stdout.toString(), error: stderr.toString() };
};

async function sessionKey() {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const sign = async (text: string): Promise<string> =>
    Buffer.from(
      await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        new TextEncoder().encode(text),
      ),
    ).toString('base64url');
  return {
    publicKey: Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url'),
    sign,
  };
}

async function post(path: string, body: unknown, token?: string): Promise<any> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return (await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

test('the page comes with its styles and scripts', async () => {
  const page = await (await fetch(`${origin}/`)).text();
  const files = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expect([file, (await fetch(`${origin}${file}`)).status]).toEqual([file, 200]);
});

test('a bet is taken: the Worker of the ledger writes', async () => {
  const { publicKey, sign } = await sessionKey();
  const { session, token } = await post('/api/v1/practice', { publicKey });
  const tap = async () => {
    const grid: any = await (await fetch(`${origin}/api/v1/grid`)).json();
    const column = grid.columns.filter(({ locked }: any) => !locked)[3];
    const row = column.multipliers.findIndex((one: number | null) => one !== null);
    const order = {
      nonce: crypto.randomUUID(),
      deadline: Date.now() + 10_000,
      taps: [
        {
          cell: cellId(cellOfRow(column, row, grid.windowMs)),
          stake: 5_000_000 as never,
          multiplier: column.multipliers[row],
          revision: grid.revision,
        },
      ],
    };
    return post(
      '/api/v1/taps',
      { ...order, signature: await sign(signedText(origin, session.id, order)) },
      token,
    );
  };
  // A quote may grow old on the way, and nothing is for sale for a moment after a jump of the price.
  let answer = await tap();
  for (let tries = 0; answer.error !== undefined && tries < 40; tries++)
    answer = (await Bun.sleep(250), await tap());
  expect(answer.results[0]).toMatchObject({ status: 'accepted', balance: 9_995_000_000 });
});

test('a wallet signs in: the Worker of the wallets answers', async () => {
  const { publicKey, sign } = await sessionKey();
  const wallet = Wallet.createRandom();
  const { challengeId, message } = await post('/api/v1/login/challenge', {
    address: wallet.address,
    chainId: 1,
    publicKey,
  });
  const answer = await post('/api/v1/login', {
    challengeId,
    signature: await wallet.signMessage(message),
    proof: await sign(proofText(challengeId, message)),
  });
  expect(answer.account).toMatchObject({ currency: 'USD', balance: 0 });
});

test('the command lines run by the executable itself', () => {
  expect(run('tapgrid', 'halt', '--reason', 'a drill', '--by', 'Ann')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('Halt'),
  });
  expect(run('verify-ledger', '--json')).toMatchObject({ exitCode: 0 });
  expect(run('backup', 'run')).toMatchObject({ exitCode: 0, out: expect.stringContaining('snapshot') });
  expect(run('nothing')).toMatchObject({
    exitCode: 2,
    error: expect.stringContaining('there is no command nothing'),
  });
  expect(run('../run').exitCode).toBe(2);
}, 120_000);

test('every file is the one that was built', () => {
  const { exitCode, stdout } = Bun.spawnSync(['sha256sum', '--check', '--quiet', 'SHA256SUMS'], {
    cwd: home,
    env,
  });
  expect([exitCode, stdout.toString()]).toEqual([0, '']);
});
