import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid as runTapgrid } from '../test/stage/command.ts';
import { Houses, trader, until } from '../test/stage/houses.ts';
import type { Environment } from './config.ts';
import { operatorLine } from './identity/operators.ts';
import { verifyReceipt } from './receipt/verify.ts';
import { openReaderDatabase } from './store/database.ts';
import { checkInvariants } from './store/invariants.ts';
import { openHistory } from './store/open-history.ts';
import { DATABASE_FILE } from './store/store.ts';
import { checkLedger } from './upkeep/integrity.ts';

/** The whole server in this process, the operator's page and commands against it. */

const TOKEN = 'the-token-of-this-test-0123456789';
const TOKENS: Readonly<Record<string, string>> = {
  Ann: 'the-token-of-ann',
  Bea: 'the-token-of-bea',
  operator: TOKEN,
};
const root = mkdtempSync(join(tmpdir(), 'tapgrid-operator-'));
const tokenFile = join(root, 'token');
writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
afterAll(() => rmSync(root, { recursive: true, force: true }));

const operatorsFile = join(root, 'operators');
const lines = ['Ann', 'Bea'].map((name) => `${operatorLine(name, TOKENS[name]!)}\n`);
writeFileSync(operatorsFile, lines.join(''), { mode: 0o600 });

const houses = new Houses(root, { OPERATORS_FILE: operatorsFile, OPERATOR_TOKEN_FILE: tokenFile });
afterEach(() => houses.stop());
const newHouse = (over: Environment = {}): Environment => houses.settings(over);
const start = (env: Environment): Promise<string> => houses.start(env);

/** A command line of Ann against that house: exit code and what it said. */
const tapgrid = (env: Environment, ...words: string[]) => as('Ann', env, ...words);
const as = (name: string, env: Environment, ...words: string[]) =>
  runTapgrid(words, { env: { ...env, TAPGRID_TOKEN: TOKENS[name] ?? name } });

async function signIn(
  origin: string,
  name = 'Ann',
  token = TOKENS[name]!,
): Promise<{ status: number; cookie: string }> {
  const response = await fetch(`${origin}/ops/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin },
    body: new URLSearchParams({ password: token }),
  });
  return { status: response.status, cookie: (response.headers.get('set-cookie') ?? '').split(';')[0]! };
}

const form = (origin: string, path: string, cookie: string, fields: Record<string, string>, from = origin) =>
  fetch(`${origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, ...(from && { origin: from }) },
    body: new URLSearchParams(fields),
  });

describe('the operator’s page', () => {
  test('is not there without a token', async () => {
    const origin = await start(newHouse({ OPERATOR_TOKEN_FILE: '', OPERATORS_FILE: '' }));
    expect(
      await Promise.all(
        ['/ops', '/ops/panels', '/ops/log'].map(async (path) => (await fetch(`${origin}${path}`)).status),
      ),
    ).toEqual([404, 404, 404]);
    expect((await signIn(origin)).status).toBe(404);
  });

  test('opens to its own token alone, from its own origin, and not to a trader', async () => {
    const origin = await start(newHouse());
    const { token } = await trader(origin);
    const strangers: readonly Record<string, string>[] = [
      {},
      { cookie: `sid=${token}` },
      { cookie: `ops=${token}` },
      { authorization: `Bearer ${token}` },
    ];
    for (const headers of strangers) {
      expect((await fetch(`${origin}/ops`, { headers })).status).toBe(401);
      expect((await fetch(`${origin}/ops/panels`, { headers })).status).toBe(401);
      const polled = await fetch(`${origin}/ops/state`, { headers: { ...headers, 'hx-request': 'true' } });
      expect([polled.status, polled.headers.get('hx-refresh')]).toEqual([401, 'true']);
    }
    expect((await form(origin, '/ops/sign-in', '', { password: TOKEN }, 'https://evil.example')).status).toBe(
      403,
    );
    expect((await form(origin, '/ops/sign-in', '', { password: TOKEN }, '')).status).toBe(403);
    const { status, cookie } = await signIn(origin);
    expect([status, cookie.startsWith('ops=')]).toEqual([303, true]);
    const page = await fetch(`${origin}/ops`, { headers: { cookie } });
    const html = await page.text();
    expect([page.status, page.headers.get('cache-control'), html.includes('Taps are taken')]).toEqual([
      200,
      'no-store',
      true,
    ]);
    for (const secret of [...Object.values(TOKENS), ...lines.map((line) => line.trim().slice(-64))])
      expect(html).not.toContain(secret);
    expect([html.includes('Sign out Ann'), html.includes('the shared token')]).toEqual([true, false]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(
      (
        await form(
          origin,
          '/ops/halt',
          cookie,
          { id: 'x', reason: 'by another site' },
          'https://evil.example',
        )
      ).status,
    ).toBe(403);
    // Whoever looks shortly after a start is not told that the last hour was empty.
    expect(html).toMatch(/No taps since the start at [^<]*UTC/);
    expect(html).not.toContain('No taps in the last hour');
    expect((await form(origin, '/ops/sign-out', cookie, {})).status).toBe(303);
    const ended = await fetch(`${origin}/ops`, { headers: { cookie } });
    expect([ended.status, (await ended.text()).includes('a restart of the server ends it')]).toEqual([
      401,
      true,
    ]);
    expect(await (await fetch(`${origin}/ops`)).text()).not.toContain('Your session has ended');
  });

  test('tires of wrong tokens', async () => {
    const origin = await start(newHouse());
    const tries = [];
    for (let i = 0; i < 12; i++) tries.push((await signIn(origin, 'Ann', `${TOKEN}${i}`)).status);
    expect(tries).toEqual([...Array(10).fill(401), 429, 429]);
    expect((await signIn(origin)).status).toBe(429);
  });

  test('a token that is short or not there stops the start with a sentence', async () => {
    writeFileSync(join(root, 'short'), 'short');
    for (const [key, file, why] of [
      ['OPERATOR_TOKEN_FILE', 'absent', 'ENOENT'],
      ['OPERATOR_TOKEN_FILE', 'short', 'at least 24'],
      ['OPERATORS_FILE', 'absent', 'ENOENT.*tapgrid operators add <name>'],
      ['OPERATORS_FILE', 'short', 'line 1: expected'],
    ] as const) {
      const failure = await start(newHouse({ [key]: join(root, file) })).then(
        () => null,
        (cause) => cause,
      );
      expect(failure).toMatchObject({ code: 'unusable_setting' });
      expect(failure.message).toMatch(new RegExp(`${key}.*${why}`));
    }
  });

  test('the token that all share is operator: it can halt, and is nobody where two are needed', async () => {
    const env = newHouse({ OPERATOR_APPROVAL_DOLLARS: '100' });
    const origin = await start(env);
    const { cookie } = await signIn(origin, 'operator');
    const html = await (await fetch(`${origin}/ops`, { headers: { cookie } })).text();
    expect([html.includes('Sign out operator'), html.includes('the shared token')]).toEqual([true, true]);
    const halted = await form(origin, '/ops/halt', cookie, { id: 'h', reason: 'strange prices' });
    expect(halted.headers.get('location')).toBe('/ops');
    expect((await tapgrid(env, 'audit')).said).toContain('operator  Halt');
    const { id } = await trader(origin);
    const credit = ['accounts', 'credit', id, '100', '--reason', 'bank transfer', '--id', 'big'];
    expect(await as('operator', env, ...credit)).toMatchObject({
      code: 1,
      error: expect.stringContaining('two_tokens_needed'),
    });
    expect((await tapgrid(env, 'waiting')).said).toBe('No orders are waiting.\n');
    expect(await tapgrid(env, ...credit)).toMatchObject({
      code: 1,
      error: expect.stringContaining('approval_needed'),
    });
    expect(await as('operator', env, 'approve', 'big')).toMatchObject({
      code: 1,
      error: expect.stringContaining('two_tokens_needed'),
    });
    const approved = await form(origin, '/ops/approve', cookie, { id: 'big' });
    expect(approved.headers.get('location')).toContain('said=This%20amount%20needs%20two%20people');
  });

  test('a halt by hand refuses taps at once, is written down once, and outlives a restart', async () => {
    const env = newHouse();
    let origin = await start(env);
    const { cookie } = await signIn(origin);
    const fields = { id: 'form-1', reason: 'strange prices' };
    expect([
      (await form(origin, '/ops/halt', cookie, fields)).headers.get('location'),
      (await form(origin, '/ops/halt', cookie, fields)).headers.get('location'),
    ]).toEqual(['/ops', '/ops']);
    expect((await (await trader(origin)).tap(4)).error.code).toBe('halted');
    await houses.stop();
    origin = await start(env);
    expect(
      (
        (await (
          await fetch('http://x/healthz', { unix: join(env.DATA_DIR!, 'operations.sock') })
        ).json()) as any
      ).causes,
    ).toMatchObject([{ cause: 'operator', detail: 'strange prices' }]);
    const again = await signIn(origin, 'Bea');
    expect(
      (await form(origin, '/ops/resume', again.cookie, { id: 'form-2', reason: 'no' })).headers.get(
        'location',
      ),
    ).toContain('said=');
    await form(origin, '/ops/resume', again.cookie, { id: 'form-2', reason: 'no problems' });
    await until(async () => (await (await trader(origin)).tap(4)).results?.[0].status === 'accepted');
    expect(
      (await tapgrid(env, 'audit')).said
        .replace(/ {2}\d{4}-\S+ \S+/g, '')
        .replace(/this start {2}\[[^\]]+\]/, 'this start  [terms]'),
    ).toBe(
      '#3  Bea  Resume  (halted → running)  no problems  [form-2]\n#2  Ann  Halt  (running → halted)  ' +
        'strange prices  [form-1]\n#1  house  Terms published  (at /api/v1/terms)  the terms of this ' +
        'start  [terms]\n',
    );
  });
});

describe('commands', () => {
  test('the socket is for the user of the server alone, and goes with it', async () => {
    const env = newHouse();
    await start(env);
    const socket = join(env.DATA_DIR!, 'operator.sock');
    expect((statSync(socket).mode & 0o777).toString(8)).toBe('600');
    await houses.stop();
    expect(existsSync(socket)).toBe(false);
  });

  test('who gives an order is known by a token, with a server and without', async () => {
    const env = newHouse();
    await start(env);
    const halt = ['halt', '--reason', 'a drill'];
    const cases = async () => [
      (await runTapgrid(halt, { env })).error,
      (await as('the-token-of-nobody', env, ...halt)).error,
      (await tapgrid(env, ...halt, '--by', 'Bea')).error,
      (await tapgrid(env, ...halt, '--by', 'ann')).code,
      (await runTapgrid([...halt, '--token-file', join(root, 'none')], { env })).code,
    ];
    const refused = ['no_token', 'wrong_token', 'not_you'].map((code) =>
      expect.stringContaining(`(${code})`),
    );
    expect(await cases()).toEqual([...refused, 0, 2]);
    await houses.stop();
    expect(await cases()).toEqual([...refused, 0, 2]);
    expect((await tapgrid(env, 'audit')).said.match(/Ann {2}Halt/g)).toHaveLength(2);
    const own = join(root, 'anns-token');
    writeFileSync(own, `${TOKENS['Ann']}\n`, { mode: 0o600 });
    expect((await runTapgrid([...halt, '--token-file', own], { env })).code).toBe(0);
  });

  test('who is added acts from then on, and who is removed does not', async () => {
    const file = join(root, 'more-operators');
    writeFileSync(file, '', { mode: 0o600 });
    const env = newHouse({ OPERATORS_FILE: file, OPERATOR_TOKEN_FILE: '' });
    await start(env);
    expect((await runTapgrid(['halt', '--reason', 'a drill'], { env })).error).toContain('operators add');
    const cy = (await runTapgrid(['operators', 'add', 'Cy Young'], { env })).out.trim();
    expect((await as(cy, env, 'halt', '--reason', 'a drill')).out).toContain('Cy Young');
    expect((await runTapgrid(['operators', 'remove', 'Cy Young'], { env })).code).toBe(0);
    expect((await as(cy, env, 'resume', '--reason', 'the drill is over')).error).toContain('wrong_token');
  });

  test('money moves once, exactly, with a server and without', async () => {
    const env = newHouse();
    const { id, balance, get } = await trader(await start(env));
    const credit = (amount: string, ...more: string[]) =>
      tapgrid(env, 'accounts', 'credit', id, amount, '--reason', 'bank transfer', ...more);
    expect(await credit('0.000001', '--id', 'a')).toMatchObject({
      code: 0,
      said: expect.stringContaining('($10,000.00 → $10,000.000001)'),
    });
    expect((await credit('0.000001', '--id', 'a')).said).toContain('Already done earlier');
    expect(await credit('0.000002', '--id', 'a')).toMatchObject({
      code: 1,
      said: expect.stringContaining('id_reused'),
    });
    expect((await credit('100')).code).toBe(0);
    for (const wrong of ['1e3', '-5', '0', '1.2345678', '1,000', 'NaN', ''])
      expect((await credit(wrong)).code).toBe(2);
    const debit = (amount: string, ...more: string[]) =>
      tapgrid(env, 'accounts', 'debit', id, amount, '--reason', 'a slip', ...more);
    expect((await debit('0.000001', '--as', 'adjustment')).code).toBe(0);
    expect(await balance()).toBe(10_100);
    expect(
      (await get('/api/v1/account/statement')).rows.map(({ kind, amount }: any) => [kind, amount]),
    ).toEqual([
      ['adjustment', -1],
      ['deposit', 100_000_000],
      ['deposit', 1],
      ['grant', 10_000_000_000],
    ]);
    await houses.stop();
    expect((await credit('7', '--id', 'offline')).said).toContain('in the files; the server is not running');
    expect((await credit('7', '--id', 'offline')).said).toContain('Already done earlier');
    expect((await tapgrid(env, 'accounts', 'find', id.slice(0, 12))).said).toContain('$10,107.00');
    expect(await tapgrid(env, 'accounts', 'find', 'nobody')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no account nobody.'),
    });
    const limit = ['--stake', '10', '--reason', 'by the beginning of an id'];
    expect(await tapgrid(env, 'accounts', 'limit', id.slice(0, 12), ...limit)).toMatchObject({
      code: 1,
      said: expect.stringContaining('An order takes the whole id: tapgrid accounts find looks it up.'),
    });
    expectWhole(env);
  });

  test('a large amount waits for somebody else, over a restart, and is carried out once', async () => {
    const env = newHouse({ OPERATOR_APPROVAL_DOLLARS: '100' });
    let origin = await start(env);
    const { id, balance, get } = await trader(origin);
    const credit = (amount: string, order: string) =>
      tapgrid(env, 'accounts', 'credit', id, amount, '--reason', 'bank transfer', '--id', order);
    const waiting = async () => (await tapgrid(env, 'waiting')).said;
    expect(await credit('100', 'first')).toMatchObject({
      code: 1,
      said: expect.stringMatching(
        /approval_needed.*\nAnother operator has|Another operator has to approve it: tapgrid approve first/,
      ),
    });
    expect((await credit('100', 'first')).said).toContain('Another operator has to approve it');
    expect(await credit('9000', 'first')).toMatchObject({
      code: 1,
      said: expect.stringContaining('id_reused'),
    });
    const first = new RegExp(
      `^first  .*  until .*  Ann  Deposit of \\$100\\.00 for ${id}  bank transfer\\n$`,
    );
    expect(await waiting()).toMatch(first);
    expect(await tapgrid(env, 'approve', 'first')).toMatchObject({
      code: 1,
      said: expect.stringContaining('same_person'),
    });
    await houses.stop();
    expect(await waiting()).toMatch(first);
    origin = await start({ ...env, PORT: new URL(origin).port });
    expect(await waiting()).toMatch(first);
    expect(await balance()).toBe(10_000);
    expect(await as('Bea', env, 'approve', 'first')).toMatchObject({
      code: 0,
      said: expect.stringContaining('Ann with Bea  Deposit of $100.00'),
    });
    expect((await as('Bea', env, 'approve', 'first')).said).toContain('Already done earlier');
    expect((await credit('100', 'first')).said).toContain('Already done earlier');

    expect((await credit('200', 'second')).code).toBe(1);
    const [ann, bea] = [await signIn(origin, 'Ann'), await signIn(origin, 'Bea')];
    const panels = async (cookie: string) =>
      (await fetch(`${origin}/ops/panels`, { headers: { cookie } })).text();
    expect(await panels(bea.cookie)).toMatch(/Needs a second person.*Approve.*Dismiss/s);
    expect(await panels(ann.cookie)).not.toContain('Approve');
    const approve = async (cookie: string, from?: string) =>
      (await form(origin, '/ops/approve', cookie, { id: 'second' }, from)).headers.get('location');
    expect(await approve(ann.cookie)).toContain('said=You%20cannot%20approve');
    expect(await approve(bea.cookie, 'https://evil.example')).toBeNull();
    expect(await approve(bea.cookie)).toBe('/ops');
    expect([await balance(), await waiting()]).toEqual([10_300, 'No orders are waiting.\n']);
    expect((await get('/api/v1/account/statement')).rows).toHaveLength(3);

    expect((await credit('300', 'third')).code).toBe(1);
    await houses.stop();
    expect((await as('Bea', env, 'approve', 'third')).said).toContain(
      'in the files; the server is not running',
    );
    expect((await credit('400', 'fourth')).said).toContain('Another operator has to approve it');
    expect((await as('Bea', env, 'dismiss', 'fourth', '--reason', 'paid twice')).code).toBe(0);
    expect(await as('Bea', env, 'approve', 'fourth')).toMatchObject({
      code: 1,
      said: expect.stringContaining('not_waiting'),
    });
    expect((await credit('400', 'fourth')).said).toContain('dismissed');
    expect((await tapgrid(env, 'audit')).said).toMatch(/Approval requested: Deposit of \$400\.00 for/);
    expectWhole(env);
  });

  test('small amounts add up, of one operator and of all, and what was approved does not count', async () => {
    const env = newHouse({ OPERATOR_APPROVAL_DOLLARS: '100', OPERATORS_APPROVAL_DOLLARS: '149' });
    const { id, balance } = await trader(await start(env));
    const move = async (name: string, words: string) =>
      (await as(name, env, ...`accounts ${words.replace('ADA', id)}`.split(' '), '--reason', 'by hand')).code;
    expect(await move('Ann', 'credit ADA 60')).toBe(0);
    expect(await move('Ann', 'debit ADA 39.999999')).toBe(0);
    expect(await move('Ann', 'credit ADA 0.000001 --id one')).toBe(1);
    expect(await move('Bea', 'credit ADA 50 --id two')).toBe(1);
    expect(await move('Bea', 'credit ADA 50 --as adjustment')).toBe(1);
    expect(await move('Bea', 'debit ADA 50')).toBe(1);
    expect(await move('Bea', 'credit ADA 49')).toBe(0);
    expect((await as('Bea', env, 'approve', 'one')).code).toBe(0);
    expect((await as('Ann', env, 'approve', 'two')).code).toBe(0);
    expect(await balance()).toBe(10_119.000002);
    await houses.stop();
    expect(await move('Bea', 'credit ADA 0.000001')).toBe(1);
    expectWhole(env);
  });

  test('money that comes in is on the open page at once, and is no result of the session', async () => {
    // Without a hold, so that no tap comes back as moved.
    const env = newHouse({ HOLD_MS: '0' });
    const origin = await start(env);
    const { id, token, taken } = await trader(origin);
    const page = new WebSocket(`${origin.replace('http', 'ws')}/live`, {
      headers: { origin, cookie: `sid=${token}` },
    } as never);
    const frames: string[] = [];
    page.onmessage = ({ data }) => void frames.push(String(data));
    const heard = (balance: string): string | undefined =>
      frames.find((frame) => frame.includes('hx-target="#balance"') && frame.includes(`>${balance}</b>`));
    await until(() => heard('$10,000.00'));
    await taken(8);
    await until(() => heard('$9,995.00'));
    expect((await tapgrid(env, 'accounts', 'credit', id, '500', '--reason', 'bank transfer')).code).toBe(0);
    await until(() => heard('$10,495.00'));
    expect(heard('$10,495.00')).toMatch(
      /hx-target="#net"[^>]*>(<span[^>]*>[^<]*<\/span>)?<b[^>]*>[+−-]?\$0\.00</,
    );
    expect((await tapgrid(env, 'accounts', 'debit', id, '200', '--reason', 'bank transfer')).code).toBe(0);
    await until(() => heard('$10,295.00'));
    expect(heard('$10,295.00')).toMatch(
      /hx-target="#net"[^>]*>(<span[^>]*>[^<]*<\/span>)?<b[^>]*>[+−-]?\$0\.00</,
    );
    page.close();
  });

  test('a revoked session ends at once', async () => {
    const env = newHouse();
    const { id, get } = await trader(await start(env));
    expect((await get('/api/v1/account')).id).toBe(id);
    expect((await tapgrid(env, 'sessions', 'revoke', id, '--reason', 'asked for it')).code).toBe(0);
    expect((await get('/api/v1/account')).error.code).toBe('unauthenticated');
    expect((await tapgrid(env, 'sessions', 'list', id)).said).toContain('ended');
    expect(await tapgrid(env, 'sessions', 'list', 'nobody')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no account nobody'),
    });
    expect(await tapgrid(env, 'audit', '--cursor', 'nonsense')).toMatchObject({
      code: 2,
      said: expect.stringContaining('That cursor does not belong to this list. (not_understood)'),
    });
    expect((await tapgrid(env, 'sessions', 'revoke', 'nobody', '--reason', 'a slip')).code).toBe(1);
  });

  test('a window that is called off gives back what is open, and everything still proves itself', async () => {
    const env = newHouse();
    const origin = await start(env);
    const { taken, get, balance } = await trader(origin);
    const [called, other] = [await taken(5), await taken(3)];
    const bet = called.results[0].betId;
    const off = (...more: string[]) =>
      tapgrid(env, 'void-window', `${called.start}`, '--reason', 'a wrong quote', ...more);
    expect(await off()).toMatchObject({ code: 1, said: expect.stringContaining('still_for_sale') });
    await tapgrid(env, 'halt', '--reason', 'a wrong quote');
    expect(await off('--id', 'off')).toMatchObject({
      code: 0,
      said: expect.stringContaining('1 bet was refunded'),
    });
    expect((await off('--id', 'off')).said).toContain('Already done earlier');
    expect(await off()).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no open bet in that window. (not_found)'),
    });
    expect(await balance()).toBe(9_995);
    const receipt = await get(`/api/v1/bets/${bet}/receipt`);
    expect([receipt.status, receipt.reason, receipt.payout]).toEqual(['void', 'operator', 5_000_000]);
    expect((await verifyReceipt(receipt)).filter(({ ok, open }) => !ok && !open)).toEqual([]);
    await until(async () =>
      ['won', 'lost', 'locked'].includes(
        (await get(`/api/v1/bets/${other.results[0].betId}/receipt`)).status,
      ),
    );
    await houses.stop();
    // What recorded ticks may have decided is not called off before a server has paid by them.
    const begun = Math.floor(Date.now() / 5000) * 5000 - 10_000;
    expect(await tapgrid(env, 'void-window', `${begun}`, '--reason', 'a wrong quote')).toMatchObject({
      code: 1,
      said: expect.stringContaining('has_begun'),
    });
    expectWhole(env);
    const history = openHistory(join(env.DATA_DIR!, DATABASE_FILE));
    const report = await checkLedger(
      history,
      { since: null, anchors: new Map(), pages: false, signatures: true, maxGapMs: 3000 },
      { now: Date.now, steady: () => performance.now() },
      () => {},
    );
    history.close();
    expect(report.violations ?? []).toEqual([]);
    expect(report.ok).toBe(true);
  });

  test('the doctor finds what is wrong and says what to do', async () => {
    const env = newHouse({
      OPERATOR_TOKEN_FILE: '',
      SOCKETS_MAX: '100',
      SOCKETS_PER_ADDRESS_MAX: '50',
    });
    await start(env);
    let [exitCode, states]: [number, Record<string, string>] = [-1, {}];
    // A machine that is busy holds up commits now and then, which the doctor tells.
    await until(async () => {
      const healthy = await tapgrid(env, 'doctor', '--json');
      exitCode = healthy.code;
      states = Object.fromEntries(JSON.parse(healthy.said).map(({ name, state }: any) => [name, state]));
      return states['server'] === 'well';
    });
    expect(states).toMatchObject({
      data: 'well',
      sqlite: 'well',
      database: 'well',
      migrations: 'well',
      server: 'well',
      chains: 'well',
      files: 'well',
      token: 'well',
      feed: 'warn',
      backup: 'warn',
    });
    expect(exitCode).toBe(0);
    const { code, said } = await tapgrid({ ...env, DATA_DIR: join(root, 'absent-folder') }, 'doctor');
    expect([code, said.includes('DATA_DIR')]).toEqual([1, true]);
    expect((await tapgrid({ ...env, TICK_MS: 'x' }, 'doctor')).said).toContain('TICK_MS');
  });
});

function expectWhole(env: Environment): void {
  const db = openReaderDatabase(join(env.DATA_DIR!, DATABASE_FILE));
  try {
    expect(checkInvariants(db)).toEqual([]);
  } finally {
    db.close();
  }
}

describe('words that are no command', () => {
  test.each([
    [['--help'], 0],
    [['help', 'accounts', 'credit'], 0],
    [['doctor', '--help'], 0],
    [['dance'], 2],
    [['accounts'], 2],
    [['accounts', 'credit', 'x'], 2],
    [['accounts', 'credit', 'x', '5'], 2],
    [['halt'], 2],
    [['halt', '--reason', 'x'], 2],
    [['halt', '--reason', 'ok then', '--as', 'deposit'], 2],
    [['halt', 'now', '--reason', 'ok then'], 2],
    [['void-window', 'soon', '--reason', 'ok then'], 2],
    [['accounts', 'credit', 'x', '5', '--reason', 'ok\nthen'], 2],
    [['accounts', 'credit', 'x', '5', '--reason', 'ok then', '--as', 'withdrawal'], 2],
    [['accounts', 'credit', 'x', '0', '--reason', 'ok then'], 2],
    [['accounts', 'credit', '../x', '5', '--reason', 'ok then'], 2],
    [['help', 'dance'], 2],
    [['approve'], 2],
    [['approve', 'x', '--reason', 'ok then'], 2],
    [['accounts', '--help'], 0],
    [['accounts', 'find', 'abc'], 2],
    [['audit'], 3],
    [['audit', '--cursor', 'x'], 3],
  ] as const)('%j ends with %d', async (words, code) =>
    expect((await tapgrid({ DATA_DIR: join(root, 'nothing-here') }, ...words)).code).toBe(code),
  );
});
