import { afterAll, afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../test/stage/command.ts';
import { expectWhole, Houses, listen, trader, until } from '../test/stage/houses.ts';
import type { Environment } from './config.ts';

/** The whole server in this process, with short windows: a maintenance is announced, begins and is over. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-maintenance-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const TOKEN = 'the-token-of-this-test-0123456789';
const tokenFile = join(root, 'token');
writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
const houses = new Houses(root, {
  OPERATOR_TOKEN_FILE: tokenFile,
  WINDOW_MS: '1000',
  COLUMNS_AHEAD: '5',
  BREAKER_HYSTERESIS_MS: '30000',
});
afterEach(() => houses.stop());

const by =
  (env: Environment) =>
  (line: string, reason = 'new disks') =>
    tapgrid([...line.split(' '), '--reason', reason, '--by', 'Ann'], { env });
const maintenanceOf = async (origin: string): Promise<any> =>
  ((await (await fetch(`${origin}/api/v1/grid`)).json()) as any).maintenance;
const ask = async (origin: string, path = '/'): Promise<string> => (await fetch(`${origin}${path}`)).text();
const starts = (grid: any): number[] =>
  grid.columns
    .filter(({ multipliers }: any) => multipliers.some((one: unknown) => one !== null))
    .map(({ start }: any) => start);

test('traders see it coming, no bet becomes void by it, and taps come back at its end', async () => {
  const env = houses.settings();
  const origin = await houses.start(env);
  const ada = await trader(origin);
  const stream = listen(origin, '/api/v1/stream');
  const page = listen(origin, '/live', { origin });
  expect(await maintenanceOf(origin)).toBeNull();
  expect(await by(env)('halt --at +1s --for 20m')).toMatchObject({
    code: 1,
    // Five columns and two windows of a second each.
    error: expect.stringMatching(/choose a time more than 7 s ahead, .*\(too_soon\)/),
  });
  expect(await by(env)('halt --at +30m')).toMatchObject({
    code: 2,
    error: expect.stringContaining('both --at and --for'),
  });
  expect((await by(env)('halt --at +12s --for 3s')).out).toMatch(
    /Maintenance from .* UTC announced {2}\(none → .* UTC\) {2}new disks/,
  );
  const { from, until: end } = await maintenanceOf(origin);
  expect([end - from, await maintenanceOf(origin)]).toEqual([
    3_000,
    { from, until: end, reason: 'new disks', running: false },
  ]);
  await until(() =>
    stream.frames.includes(
      JSON.stringify({
        type: 'maintenance',
        maintenance: { from, until: end, reason: 'new disks', running: false },
      }),
    ),
  );
  await until(() =>
    page.frames.some((frame) => frame.includes('hx-target="#maintenance"') && frame.includes('new disks')),
  );
  expect(await ask(origin)).toContain('<b>Maintenance</b>');
  expect(await ask(origin, '/rules')).toContain('new disks');

  // Bets go on up to the last window that ends well before it.
  const outcomes: string[] = [];
  let last = 0;
  await until(async () => {
    const grid = await ada.get('/api/v1/grid');
    last = Math.max(last, ...starts(grid));
    const answer = await ada.tap(0);
    outcomes.push(answer.results?.[0].code ?? answer.results?.[0].status ?? answer.error.code);
    return outcomes.includes('halted');
  });
  expect(outcomes).toContain('accepted');
  expect(last).toBeLessThanOrEqual(from - 2_000);
  expect(await maintenanceOf(origin)).toMatchObject({ running: true });
  expect(await ask(origin)).toMatch(/<b>Maintenance<\/b> — <span>until <time/);
  const { bets } = await ada.get('/api/v1/bets?status=open');
  expect(bets).toEqual([]);
  await until(async () => (await ada.taken(1)).results?.[0].status === 'accepted');
  // Not after the half minute of health that a breaker asks for otherwise.
  expect(Date.now()).toBeLessThan(end + 15_000);
  expect(await maintenanceOf(origin)).toBeNull();
  await until(() => stream.frames.includes('{"type":"maintenance","maintenance":null}'));
  await until(async () => (await ada.get('/api/v1/bets?status=open')).bets.length === 0);
  const closed = (await ada.get('/api/v1/bets?status=closed')).bets;
  expect(closed.filter(({ reason }: any) => reason === 'gap')).toEqual([]);
  await houses.stop();
  await expectWhole(env);
}, 120_000);

test('it outlives a restart, and is called off by a command or on the page', async () => {
  const env = houses.settings();
  let origin = await houses.start(env);
  await by(env)('halt --at +2h --for 90m', 'a <b>bigger</b> disk');
  const planned = await maintenanceOf(origin);
  await houses.stop();
  origin = await houses.start(env);
  expect(await maintenanceOf(origin)).toEqual(planned);
  expect(await ask(origin)).toContain('a &lt;b&gt;bigger&lt;/b&gt; disk');
  const signed = await fetch(`${origin}/ops/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin },
    body: new URLSearchParams({ password: TOKEN }),
  });
  const cookie = signed.headers.get('set-cookie')!.split(';')[0]!;
  const ops = async (): Promise<string> => (await fetch(`${origin}/ops`, { headers: { cookie } })).text();
  expect(await ops()).toContain('Maintenance announced');
  const cancelled = await fetch(`${origin}/ops/cancel-maintenance`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin },
    body: new URLSearchParams({ id: 'form-1', reason: 'the disks are late' }),
  });
  expect(cancelled.headers.get('location')).toBe('/ops');
  expect(await maintenanceOf(origin)).toBeNull();
  expect(await ops()).not.toContain('Maintenance announced');
  expect(await by(env)('halt --cancel')).toMatchObject({
    code: 1,
    error: expect.stringContaining('No maintenance is announced. (no_maintenance)'),
  });
  await by(env)('halt --at 14:00 --for 1h');
  expect(new Date((await maintenanceOf(origin)).from).toISOString()).toContain('T14:00:00.000Z');
  expect((await by(env)('halt --cancel')).code).toBe(0);
  expect(await by(env)('halt --cancel --at 14:00')).toMatchObject({ code: 2 });
  await houses.stop();
  expect((await by(env)('halt --at +2h --for 1h')).out).toContain('in the files; the server is not running');
  await expectWhole(env);
}, 60_000);

test('a resume ends one that has begun, and a halt by hand goes on after one', async () => {
  const env = houses.settings({ BREAKER_HYSTERESIS_MS: '0' });
  const origin = await houses.start(env);
  const ada = await trader(origin);
  const soon = async () => {
    expect((await by(env)('halt --at +9s --for 1h')).code).toBe(0);
    await until(async () => (await maintenanceOf(origin)).running);
  };
  await soon();
  expect(await by(env)('halt --at +2h --for 1h')).toMatchObject({
    code: 1,
    error: expect.stringContaining('under_way'),
  });
  expect((await ada.tap(1)).error.code).toBe('halted');
  await by(env)('resume', 'the disks are in');
  expect(await maintenanceOf(origin)).toBeNull();
  await until(async () => (await ada.taken(1)).results?.[0].status === 'accepted');
  await houses.stop();
  await houses.start({ ...env, PORT: new URL(origin).port });
  expect(await maintenanceOf(origin)).toBeNull();
  await houses.stop();
  await expectWhole(env);
}, 60_000);
