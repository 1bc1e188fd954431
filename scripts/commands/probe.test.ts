import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataOf, ready, startServer } from '../../test/crash-oracle/processes.ts';
import { tapgrid } from '../../test/stage/command.ts';
import { freePort } from '../../test/stage/free-port.ts';

/** A real server, probed as the timer does. */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-probe-'));
const port = freePort();
const dataDir = dataOf(folder);
const env = { DATA_DIR: dataDir, PORT: `${port}`, FEED: 'walk:1' };
const state = join(dataDir, 'probe.json');
let server: Bun.Subprocess;
beforeAll(async () => {
  // Bets of the last column stay open for longer than a few runs of the probe take.
  server = startServer({ dir: folder, port, seed: 1, env: { WINDOW_MS: '10000' } });
  await ready(port, server);
  mkdirSync(join(dataDir, 'jobs'), { recursive: true });
}, 60_000);
afterAll(async () => {
  server.kill('SIGTERM');
  await server.exited;
  rmSync(folder, { recursive: true });
});

const account = () => JSON.parse(readFileSync(state, 'utf8'));
const figure = (name: string): number | null => {
  const line = new RegExp(`^tapgrid_probe_${name} (.+)$`, 'm').exec(
    readFileSync(join(dataDir, 'jobs/probe.prom'), 'utf8'),
  );
  return line === null ? null : Number(line[1]);
};
const probe = async () => {
  const { code, out, error } = await tapgrid(['probe', '--json'], { env });
  return { code, report: JSON.parse(out), error };
};

test('a tap is taken, by one account from run to run, whose key nobody else can read', async () => {
  const first = await probe();
  expect(first).toEqual({
    code: 0,
    report: { taken: true, betId: expect.any(String), tapMs: expect.any(Number) },
    error: '',
  });
  const before = account();
  expect([before.bet.id, statSync(state).mode & 0o777]).toEqual([first.report.betId, 0o600]);
  expect([figure('last_run_timestamp_seconds'), figure('tap_seconds')]).toEqual([
    figure('last_success_timestamp_seconds'),
    first.report.tapMs < 0 ? null : expect.any(Number),
  ]);
  expect([figure('taps'), figure('staked_dollars')]).toEqual([1, 1]);
  const second = await probe();
  expect([figure('taps'), figure('staked_dollars')]).toEqual([2, 2]);
  expect([second.code, account().sessionId]).toEqual([0, before.sessionId]);
  // The first is watched until it is decided.
  expect([first.report.betId, second.report.betId]).toContain(account().bet.id);
  const receipt: any = await (
    await fetch(`http://localhost:${port}/api/v1/bets/${first.report.betId}/receipt`)
  ).json();
  expect([receipt.currency, receipt.stake]).toEqual(['PLAY', 1_000_000]);
}, 120_000);

test('of several edges each is tapped at: one that refuses is found, and one that is away is not waited for', async () => {
  const folders = [1, 2, 3].map((number) => join(folder, `tapgrid-edge-${number}`));
  const refuses = new Set<number>();
  const edges = folders.slice(0, 2).map((path, index) => {
    mkdirSync(path);
    return Bun.serve({
      unix: join(path, 'http.sock'),
      fetch: async (request) => {
        if (refuses.has(index) && request.method === 'POST') return new Response('', { status: 502 });
        const { pathname } = new URL(request.url);
        return fetch(`http://localhost:${port}${pathname}`, {
          ...{ method: request.method, headers: request.headers, decompress: false },
          ...(request.method === 'POST' && { body: await request.text() }),
        });
      },
    });
  });
  const leads = join(folder, 'http.sock');
  symlinkSync(join(folders[0]!, 'http.sock'), leads);
  const probed = () => tapgrid(['probe'], { env: { ...env, LISTEN_SOCKET: leads, EDGES: '3' } });
  const before = figure('taps')!;
  const { code, out } = await probed();
  expect([code, [...out.matchAll(/at (.*)\/http\.sock/g)].map(([, path]) => path)]).toEqual([
    0,
    folders.slice(0, 2),
  ]);
  const success = figure('last_success_timestamp_seconds')!;
  refuses.add(1);
  const second = await probed();
  expect([second.code, second.error]).toEqual([
    1,
    `The tap was not taken at ${folders[1]}/http.sock: 502 without a reason. (not_taken)\n`,
  ]);
  // What was taken before counts, and no success.
  expect([figure('taps'), figure('last_success_timestamp_seconds')]).toEqual([before + 3, success]);
  for (const edge of edges) await edge.stop(true);
}, 120_000);

test('an account that the house does not know any more is replaced', async () => {
  writeFileSync(state, JSON.stringify({ ...account(), token: 'a'.repeat(43) }));
  const { sessionId } = account();
  expect((await probe()).code).toBe(0);
  expect(account().sessionId).not.toBe(sessionId);
}, 120_000);

test('a bet that is not decided is told, and no other is made', async () => {
  const { bet, token, sessionId } = account();
  // As it looks to a probe whose bet is as old as that and open.
  const open: any = await (await fetch(`http://localhost:${port}/api/v1/bets/${bet.id}/receipt`)).json();
  if (open.status !== 'placed' && open.status !== 'locked') expect((await probe()).code).toBe(0);
  const placedAgo = (ms: number) => {
    const aged = { ...account().bet, placedAt: Date.now() - ms };
    writeFileSync(state, JSON.stringify({ ...account(), token, sessionId, bet: aged }));
    return aged;
  };
  // A younger one is watched on, however often it taps meanwhile.
  const young = placedAgo(200_000);
  expect((await probe()).code).toBe(0);
  expect(account().bet).toEqual(young);
  placedAgo(301_000);
  const { code, error } = await probe();
  expect([code, error]).toEqual([
    1,
    `The tap was not taken: bet ${account().bet.id} is not decided after five minutes. (not_taken)\n`,
  ]);
}, 120_000);

test('a halted house, and one that does not exist: the time of the last success stays', async () => {
  const success = figure('last_success_timestamp_seconds');
  writeFileSync(state, JSON.stringify({ ...account(), bet: null }));
  await tapgrid(['halt', '--reason', 'a test'], { env });
  const halted = await probe();
  expect(halted).toEqual({
    code: 1,
    report: { taken: false, why: '503 halted' },
    error: 'The tap was not taken: 503 halted. (not_taken)\n',
  });
  server.kill('SIGTERM');
  await server.exited;
  const gone = await probe();
  expect(gone).toMatchObject({ code: 3, report: { error: { code: 'not_reached' } } });
  expect(figure('last_success_timestamp_seconds')).toBe(success);
  expect(figure('last_run_timestamp_seconds')!).toBeGreaterThan(success!);
}, 120_000);

test('what is no address is refused before anything is done', async () =>
  expect(await tapgrid(['probe', '--origin', 'taps'], { env })).toMatchObject({ code: 2 }));
