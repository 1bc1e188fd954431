import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { cellId, cellOfRow } from './game/grid.ts';
import { signedText } from './game/tap.ts';
import { openOperatorBooks } from './compose/books.ts';
import { freePort } from '../test/stage/free-port.ts';

/**
 * The real process with its loudest log: what a dispute needs is in it, and nothing that would let anybody
 * in.
 */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-log-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function until<Found>(
  what: string,
  look: () => Promise<Found | false | undefined | null>,
): Promise<Found> {
  for (let tries = 0; tries < 4_000; tries++) {
    const found = await look().catch(() => null);
    if (found) return found;
    await Bun.sleep(25);
  }
  throw new Error(`waited in vain for ${what}`);
}

test('orders, refusals and settlements can be followed by request, account and bet; no token, cookie, signature or key is written', async () => {
  const [token, tokenFile] = ['the-operators-secret-0123456789', join(root, 'token')];
  writeFileSync(tokenFile, token);
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const server = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      FEED: 'walk:7:1',
      EDGES: '0',
      PORT: `${port}`,
      WINDOW_MS: '1000',
      QUOTE_TTL_MS: '10000',
      BREAKER_HYSTERESIS_MS: '0',
      DATA_DIR: join(root, 'data'),
      OPERATOR_TOKEN_FILE: tokenFile,
      LOG_LEVEL: 'trace',
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const written = Promise.all([new Response(server.stdout).text(), new Response(server.stderr).text()]);
  await until('the grid', async () => (await fetch(`${origin}/api/v1/grid`)).ok);

  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
  const sign = async (text: string): Promise<string> =>
    Buffer.from(
      await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        new TextEncoder().encode(text),
      ),
    ).toString('base64url');
  const json = { 'content-type': 'application/json' };
  const practice: any = await (
    await fetch(`${origin}/api/v1/practice`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ publicKey }),
    })
  ).json();
  const headers = { ...json, authorization: `Bearer ${practice.token}` };
  const send = async (order: any, signature: string) => {
    const response = await fetch(`${origin}/api/v1/taps`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...order, signature }),
    });
    return { requestId: response.headers.get('x-request-id')!, body: (await response.json()) as any };
  };
  const draw = async () => {
    const grid: any = await (await fetch(`${origin}/api/v1/grid`)).json();
    const column = grid.columns.filter(({ locked }: any) => !locked)[1];
    const row = column.multipliers.findIndex((one: number | null) => one !== null);
    return {
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
  };
  const placed = async () => {
    const order = await draw();
    const signature = await sign(signedText(origin, practice.session.id, order));
    return { order, signature, good: await send(order, signature) };
  };
  // Who is refused, because the column was locked when the order came, orders again.
  const { order, signature, good } = await until('a bet', async () => {
    const found = await placed();
    return found.good.body.results?.[0].status === 'accepted' && found;
  });
  const bad = await send({ ...order, nonce: crypto.randomUUID() }, signature);
  const betId: string = good.body.results[0].betId;
  expect(bad.body.error.code).toBe('bad_signature');
  await until('the settlement', async () =>
    ['won', 'lost', 'void'].includes(
      ((await (await fetch(`${origin}/api/v1/bets/${betId}/receipt`)).json()) as any).status,
    ),
  );

  const wallet = Wallet.createRandom();
  const challenge: any = await (
    await fetch(`${origin}/api/v1/login/challenge`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        address: wallet.address,
        chainId: 1,
        publicKey: `${publicKey.slice(0, -4)}AAAA`,
      }),
    })
  ).json();
  const walletSignature = await wallet.signMessage(challenge.message ?? 'nothing');
  const proof = await sign('proof');
  await fetch(`${origin}/api/v1/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ challengeId: challenge.challengeId ?? 'x', signature: walletSignature, proof }),
  });
  const wrong = 'a-wrong-secret-of-the-operator';
  await fetch(`${origin}/ops/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin },
    body: new URLSearchParams({ name: 'Ann', password: wrong }),
  });
  const signedIn = await fetch(`${origin}/ops/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin },
    body: new URLSearchParams({ name: 'Ann', password: token }),
  });
  const cookie = /ops=([^;]+)/.exec(signedIn.headers.get('set-cookie') ?? '')![1]!;
  await fetch(`${origin}/ops/halt`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, cookie: `ops=${cookie}` },
    body: new URLSearchParams({ id: 'x', reason: 'to see it' }),
  });
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  const [out, err] = await written;

  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const orders = lines.flatMap((line) => line.orders ?? []);
  const bets = lines.flatMap((line) => line.bets ?? []);
  expect(orders.find((one) => one.requestId === good.requestId)).toMatchObject({
    accountId: practice.account.id,
    sessionId: practice.session.id,
    nonce: order.nonce,
    taps: [{ cell: order.taps[0]!.cell, stake: 5_000_000, betId }],
  });
  expect(orders.find((one) => one.requestId === bad.requestId)).toMatchObject({
    accountId: practice.account.id,
    code: 'bad_signature',
  });
  // The same without the log, which nobody may have read.
  const books = openOperatorBooks(join(root, 'data'));
  expect(books.refusals({ accountId: practice.account.id }, null, 100).rows).toContainEqual(
    expect.objectContaining({
      code: 'bad_signature',
      requestId: bad.requestId,
      sessionId: practice.session.id,
      taps: [{ ...order.taps[0]!, code: null }],
      orders: 1,
    }),
  );
  books.close();
  for (const what of ['tick', 'revision', 'bets']) expect(lines.map(({ msg }) => msg)).toContain(what);
  expect(bets.findLast((one) => one.betId === betId)?.status).toMatch(/^(won|lost|void)$/);
  expect(bets.find((one) => one.betId === betId)).toMatchObject({
    accountId: practice.account.id,
    cell: order.taps[0]!.cell,
  });
  expect(lines.filter((line) => line.msg.includes('operator')).map(({ msg }) => msg)).toEqual(
    expect.arrayContaining([
      'a wrong operator token',
      'an operator signed in',
      'an operator used the switch',
    ]),
  );

  const secrets = {
    token: practice.token,
    signature,
    publicKey,
    walletSignature,
    walletKey: wallet.privateKey,
    proof,
    operator: token,
    wrong,
    cookie,
  };
  for (const [name, secret] of Object.entries(secrets))
    expect([name, (out + err).includes(secret)]).toEqual([name, false]);
}, 180_000);
