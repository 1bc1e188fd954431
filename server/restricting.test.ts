import { afterAll, afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid } from '../test/stage/command.ts';
import { expectWhole, Houses, listen, trader, until } from '../test/stage/houses.ts';
import type { Environment } from './config.ts';
import { dollars } from './game/money.ts';

/** The whole server in this process: accounts that an operator blocks or limits while they play. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-restricting-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const houses = new Houses(root);
afterEach(() => houses.stop());

const by = (env: Environment) => (line: string) =>
  tapgrid([...line.split(' '), '--reason', 'ticket 4711', '--by', 'Ann'], { env });

test('a block holds at once and over a restart, for every way in; bets that are open are paid', async () => {
  const env = houses.settings();
  const origin = await houses.start(env);
  const order = by(env);
  const [ada, ben] = [await trader(origin), await trader(origin)];
  const authorization = { authorization: `Bearer ${ada.token}` };
  const stream = listen(origin, '/api/v1/stream', authorization);
  const page = listen(origin, '/live', { cookie: `sid=${ada.token}`, origin });
  const bet = await ada.taken(0);
  expect(bet.results[0].status).toBe('accepted');
  await until(() => page.frames.some((frame) => frame.includes('"settled"')));

  expect((await order(`accounts block ${ada.id}`)).out).toMatch(
    /Account \S+ blocked {2}\(open, stake none, day none, payout none → blocked, stake none, day none, payout none\) {2}ticket 4711/,
  );
  const refused = await ada.tap(3);
  expect(refused.error).toMatchObject({
    code: 'account_blocked',
    message:
      'The operator has blocked this account. You cannot bet or sign in; open bets continue and are paid.',
  });
  expect((await ben.taken(3)).results[0].status).toBe('accepted');
  await until(() => stream.frames.some((frame) => frame.includes('"type":"restriction","blocked":true')));
  await until(() => page.frames.some((frame) => frame.includes('Your account is blocked')));
  expect((await ada.get('/api/v1/account')).restriction.blocked).toBe(true);
  const html = await (await fetch(`${origin}/`, { headers: { cookie: `sid=${ada.token}` } })).text();
  expect(html).toContain('Your account is blocked');
  expect(html).not.toContain('ticket 4711');
  stream.close();
  page.close();

  await houses.stop();
  const again = await houses.start({ ...env, PORT: new URL(origin).port });
  expect((await ada.tap(3)).error.code).toBe('account_blocked');
  await until(async () => (await ada.get('/api/v1/bets?status=open')).bets.length === 0);
  expect((await tapgrid(['accounts', 'restricted'], { env })).out).toBe(`${ada.id}  blocked\n`);
  expect((await order(`accounts debit ${ada.id} 5`)).code).toBe(0);
  expect((await order(`accounts unblock ${ada.id}`)).code).toBe(0);
  expect((await ada.taken(4)).results[0].status).toBe('accepted');
  expect(again).toBe(origin);
  await houses.stop();
  await expectWhole(env);
}, 120_000);

test('nobody signs in to a blocked account, nor comes back to it', async () => {
  const env = houses.settings();
  const origin = await houses.start(env);
  const ada = await trader(origin);
  await by(env)(`accounts block ${ada.id}`);
  expect(await ada.comeBack()).toMatchObject({ error: { code: 'account_blocked' } });
  await by(env)(`accounts unblock ${ada.id}`);
  expect(await ada.comeBack()).toMatchObject({ account: { id: ada.id } });
}, 60_000);

test('limits of the operator hold, are told with their figures, and end one by one', async () => {
  const env = houses.settings();
  const origin = await houses.start(env);
  const order = by(env);
  const ada = await trader(origin);
  const why = async (stake: number) => (await ada.taken(3, stake)).results[0];
  expect(await order(`accounts limit ${ada.id}`)).toMatchObject({
    code: 2,
    error: expect.stringContaining('Name at least one limit: --stake, --day, --payout or --hold.'),
  });
  expect(await order(`accounts limit ${ada.id} --stake five`)).toMatchObject({
    code: 2,
    error: expect.stringContaining('--stake five is not an amount; expected dollars such as 12.50, or none.'),
  });
  expect(await order('accounts limit nobody --stake 5')).toMatchObject({ code: 1 });
  expect((await order(`accounts limit ${ada.id} --stake 5 --day 12`)).out).toContain(
    `Limits of ${ada.id}: stake $5.00, day $12.00  (open, stake none, day none, payout none → open, ` +
      'stake $5.00, day $12.00, payout none)',
  );
  expect(await why(10)).toMatchObject({
    code: 'account_stake_limit',
    message: 'The operator allows stakes up to $5 for your account.',
  });
  expect([(await why(5)).status, (await why(5)).status]).toEqual(['accepted', 'accepted']);
  expect(await why(5)).toMatchObject({
    code: 'account_daily_limit',
    message: expect.stringMatching(
      /^The operator allows daily stakes up to \$12 for your account; \$10 are staked today/,
    ),
  });
  expect((await ada.get('/api/v1/account')).restriction).toEqual({
    blocked: false,
    stakeMax: dollars(5),
    dailyStake: dollars(12),
    openPayout: null,
    holdMs: null,
  });
  const account = await fetch(`${origin}/account`, { headers: { cookie: `sid=${ada.token}` } });
  expect(await account.text()).toMatch(/Highest stake of one tap.*\$5\.00.*Stakes in one UTC day.*\$12\.00/s);
  await order(`accounts limit ${ada.id} --stake none --day none --payout 1`);
  expect(await why(10)).toMatchObject({ code: 'account_payout_limit' });
  expect((await tapgrid(['accounts', 'find', ada.id], { env })).out).toMatch(/practice {2}payout \$1\.00\n$/);
  await order(`accounts limit ${ada.id} --payout none`);
  expect((await why(10)).status).toBe('accepted');
  expect((await tapgrid(['accounts', 'restricted'], { env })).out).toBe(
    'No account is blocked or limited.\n',
  );
  await houses.stop();
  await expectWhole(env);
}, 60_000);

test('a blocked range is refused everywhere but by the operator, at once, and over a restart', async () => {
  const token = join(root, 'token');
  writeFileSync(token, 'the-token-of-this-test-0123456789', { mode: 0o600 });
  const env = houses.settings({ OPERATOR_TOKEN_FILE: token });
  const order = by(env);
  // The proxy on this machine says who calls.
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const statuses = async (origin: string, address: string) => {
    const html = { ...from(address), accept: 'text/html' };
    const paths = ['/', '/rules', '/api/v1/grid', '/api/v1/account', '/api/docs', '/readyz', '/nothing'];
    return Promise.all(
      paths.map(async (path) => (await fetch(`${origin}${path}`, { headers: html })).status),
    );
  };
  let origin = await houses.start(env);
  const ada = await trader(origin, from('203.0.113.7'));
  const ben = await trader(origin, from('203.0.114.7'));
  const open = await statuses(origin, '203.0.114.7');
  const closed: number[] = [];
  const sockets = ['203.0.113.7', '203.0.114.7', '2001:db8:0:1:9::9'].map((address, index) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/stream`, {
      headers: from(address),
    } as never);
    socket.onclose = ({ code }) => void (closed[index] = code);
    return socket;
  });
  await until(() => sockets.every(({ readyState }) => readyState === WebSocket.OPEN));
  const bet = await ada.taken(0);
  expect(bet.results[0].status).toBe('accepted');

  expect(await order('addresses block 0.0.0.0/0')).toMatchObject({ code: 2 });
  expect(await order('addresses block 127.0.0.1')).toMatchObject({
    code: 2,
    error: expect.stringContaining("That range includes this machine's own addresses. (bad_range)"),
  });
  expect((await order('addresses block 203.0.113.9/24')).out).toContain(
    'Addresses 203.0.113.0/24 blocked  (open → blocked)  ticket 4711',
  );
  expect((await order('addresses block 2001:db8::1')).out).toContain('Addresses 2001:db8::/64 blocked');
  await until(() => closed[0] !== undefined);
  expect(closed).toEqual([4451]);
  expect(await statuses(origin, '203.0.113.255')).toEqual(open.map(() => 403));
  expect(await statuses(origin, '203.0.114.7')).toEqual(open);
  expect(await statuses(origin, '2001:db8::77')).toEqual(open.map(() => 403));
  expect(await statuses(origin, '2001:db8:0:1::77')).toEqual(open);
  for (const path of ['/api/v1/taps', '/api/v1/practice', '/api/v1/login']) {
    const posted = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: from('203.0.113.7'),
      body: '{}',
    });
    expect(await posted.json()).toEqual({
      error: {
        code: 'address_blocked',
        message: 'The operator has blocked your address. Open bets continue and are paid.',
      },
    });
  }
  expect((await ben.taken(3)).results[0].status).toBe('accepted');
  const page = await fetch(`${origin}/`, { headers: { ...from('203.0.113.7'), accept: 'text/html' } });
  const html = await page.text();
  expect(html).toContain('<h1>Your address is blocked</h1>');
  const style = /href="(\/static\/[^"]+\.css)"/.exec(html)![1]!;
  expect((await fetch(`${origin}${style}`, { headers: from('203.0.113.7') })).status).toBe(200);
  const ops = await fetch(`${origin}/ops`, { headers: { ...from('203.0.113.7'), accept: 'text/html' } });
  expect(ops.status).toBe(401);
  const health = () =>
    fetch('http://x/healthz', {
      unix: join(env['DATA_DIR']!, 'operations.sock'),
      headers: from('203.0.113.7'),
    });
  expect((await health()).status).toBe(200);

  await houses.stop();
  origin = await houses.start({ ...env, PORT: new URL(origin).port });
  expect(await statuses(origin, '203.0.113.1')).toEqual(open.map(() => 403));
  expect((await tapgrid(['addresses', 'list'], { env })).out).toBe('2001:db8::/64\n203.0.113.0/24\n');
  expect(await order('addresses unblock 203.0.113.7')).toMatchObject({ code: 1 });
  expect((await order('addresses unblock 203.0.113.0/24')).code).toBe(0);
  await until(async () => (await ada.get('/api/v1/bets?status=closed')).bets.length === 1);
  await houses.stop();
  await expectWhole(env);
}, 120_000);
