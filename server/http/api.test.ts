import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Wallet } from 'ethers';
import { micros, type Multiplier, payoutOf } from '../game/money.ts';
import { quotedReturn } from '../game/returns.ts';
import { realisedOf } from './returns.ts';
import { openHouse, ORIGIN, START, type TestHouse } from '../../test/stage/http-house.ts';
import { makeKey, offers, practise, tapOn, traderOf, type Trader } from '../../test/stage/http-trader.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
  await house.pass(500);
});
afterAll(() => house.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  house.call(path, { method: 'POST', headers, body: JSON.stringify(body) });

describe('practice', () => {
  test('gives play money, a token and for browsers the cookie of the same session', async () => {
    const { publicKey } = await makeKey();
    const { status, body, headers } = await post('/api/v1/practice', { publicKey }, { origin: ORIGIN });
    expect([status, body.account.currency, body.account.balance, body.origin]).toEqual([
      201,
      'PLAY',
      10_000_000_000,
      ORIGIN,
    ]);
    expect(headers.get('set-cookie')).toBe(
      `__Host-sid=${body.token}; Max-Age=43200; Path=/; HttpOnly; Secure; SameSite=Strict`,
    );
    const byCookie = await house.call('/api/v1/account', {
      headers: { cookie: `__Host-sid=${body.token}`, 'sec-fetch-site': 'same-origin' },
    });
    expect(byCookie.body).toMatchObject({
      id: body.account.id,
      currency: 'PLAY',
      openStake: 0,
      limits: { dailyLoss: null, guardPercent: expect.any(Number) },
      session: { id: body.session.id },
    });
    expect(byCookie.headers.get('cache-control')).toBe('no-store');
  });

  test('gives a program no cookie and reads none of it, whatever its library adds', async () => {
    const { publicKey } = await makeKey();
    const { status, body, headers } = await post(
      '/api/v1/practice',
      { publicKey },
      { cookie: `__cf_bm=x; __Host-pre=${'A'.repeat(43)}`, 'sec-fetch-mode': 'cors' },
    );
    expect([status, headers.get('set-cookie')]).toEqual([201, null]);
    expect(
      (await house.call('/api/v1/account', { headers: { cookie: `__Host-sid=${body.token}` } })).status,
    ).toBe(401);
    expect(
      (await house.call('/api/v1/account', { token: body.token, headers: { cookie: '__Host-sid=nonsense' } }))
        .status,
    ).toBe(200);
  });

  test('a key is registered once, ever', async () => {
    const { publicKey } = await makeKey();
    await post('/api/v1/practice', { publicKey });
    const again = await post('/api/v1/practice', { publicKey });
    expect([again.status, again.body.error.code, again.headers.get('set-cookie')]).toEqual([
      409,
      'key_reused',
      null,
    ]);
  });

  test.each(['', 'A'.repeat(87), 'A'.repeat(86), 42, null])('%j is no key', async (publicKey) =>
    expect((await post('/api/v1/practice', { publicKey })).body.error.code).toBe('bad_request'),
  );
});

describe('a wallet', () => {
  const wallet = new Wallet(`0x${'7'.repeat(64)}`);

  async function signIn(
    headers: Record<string, string>,
    change: { cookie?: string | null; signer?: Wallet } = {},
  ) {
    const key = await makeKey();
    const asked = await post(
      '/api/v1/login/challenge',
      { address: wallet.address, chainId: 1, publicKey: key.publicKey },
      headers,
    );
    const { challengeId, message } = asked.body;
    const pre = asked.headers.get('set-cookie')?.split(';')[0] ?? null;
    const cookie = change.cookie === undefined ? pre : change.cookie;
    const answer = {
      challengeId,
      signature: await (change.signer ?? wallet).signMessage(message),
      proof: await key.sign(`tapgrid-login-v1\n${challengeId}\n${message}`),
    };
    return {
      key,
      pre,
      message,
      answer,
      done: await post('/api/v1/login', answer, { ...headers, ...(cookie !== null && { cookie }) }),
    };
  }

  test('signs in from a browser, bound to its cookie, into the same account each time', async () => {
    const first = await signIn({ origin: ORIGIN });
    expect([
      first.done.status,
      first.done.body.account.currency,
      first.done.body.account.balance,
      first.done.body.origin,
    ]).toEqual([200, 'USD', 0, ORIGIN]);
    expect(first.message).toContain(first.key.publicKey);
    expect(first.pre).toMatch(/^__Host-pre=/);
    const second = await signIn({ origin: ORIGIN });
    expect(second.done.body.account.id).toBe(first.done.body.account.id);
    expect(second.done.body.session.id).not.toBe(first.done.body.session.id);
    expect((await house.call('/api/v1/account', { token: second.done.body.token })).body.address).toBe(
      wallet.address,
    );
  });

  test('a bad proof is told to a program with all that was expected, to a page in one sentence', async () => {
    const heard = async (headers: Record<string, string>) => {
      const key = await makeKey();
      const { body, headers: given } = await post(
        '/api/v1/login/challenge',
        { address: wallet.address, chainId: 1, publicKey: key.publicKey },
        headers,
      );
      const pre = given.get('set-cookie')?.split(';')[0];
      const answer = {
        challengeId: body.challengeId,
        signature: await wallet.signMessage(body.message),
        proof: await key.sign(body.message),
      };
      return (await post('/api/v1/login', answer, { ...headers, ...(pre && { cookie: pre }) })).body.error;
    };
    expect(await heard({})).toEqual({
      code: 'bad_signature',
      message: expect.stringContaining('tapgrid-login-v1'),
    });
    expect(await heard({ origin: ORIGIN })).toEqual({
      code: 'bad_signature',
      message: 'The signature does not match the session key.',
    });
  });

  test('signs in from a program without cookies', async () => {
    const { pre, done } = await signIn({});
    expect([pre, done.status]).toEqual([null, 200]);
  });

  test('not with the cookie of another browser, not with another wallet, not twice', async () => {
    expect(
      (await signIn({ origin: ORIGIN }, { cookie: `__Host-pre=${'A'.repeat(43)}` })).done.body.error.code,
    ).toBe('challenge_expired');
    expect((await signIn({}, { signer: new Wallet(`0x${'8'.repeat(64)}`) })).done.body.error.code).toBe(
      'login_failed',
    );
    const { answer } = await signIn({});
    const again = await post('/api/v1/login', answer);
    expect([again.status, again.body.error.code, again.headers.get('set-cookie')]).toEqual([
      401,
      'challenge_expired',
      null,
    ]);
  });

  test('that is a contract is told so, however long its signature is', async () => {
    const key = await makeKey();
    const { challengeId, message } = (
      await post('/api/v1/login/challenge', {
        address: wallet.address.slice(2).toUpperCase(),
        chainId: 1,
        publicKey: key.publicKey,
      })
    ).body;
    const proof = await key.sign(`tapgrid-login-v1\n${challengeId}\n${message}`);
    for (const signature of ['0x', `0x${'ab'.repeat(400)}`]) {
      const { status, body } = await post('/api/v1/login', { challengeId, signature, proof });
      expect([status, body.error.code, body.error.message]).toEqual([
        401,
        'login_failed',
        expect.stringContaining('Smart-contract wallets cannot sign in'),
      ]);
    }
  });

  test('has no money to bet, and nothing is deducted', async () => {
    const { key, done } = await signIn({});
    const trader = traderOf(house, key, done.body);
    const { body } = await trader.tap([tapOn(offers(house)[3]!)]);
    expect(body.results).toEqual([
      expect.objectContaining({ status: 'rejected', code: 'insufficient_balance' }),
    ]);
    expect(await trader.balance()).toBe(0);
  });
});

describe('signing out', () => {
  const delete_ = (token: string, query = '') =>
    house.call(`/api/v1/session${query}`, { method: 'DELETE', token });
  const alive = async (token: string) => (await house.call('/api/v1/account', { token })).status === 200;

  test('ends this session, for the cookie too', async () => {
    const { token } = await practise(house);
    const { status, text, headers } = await delete_(token);
    expect([status, text, headers.get('set-cookie')]).toEqual([204, '', null]);
    expect(await alive(token)).toBe(false);
    const browser = await practise(house);
    const answer = await house.call('/api/v1/session', {
      method: 'DELETE',
      headers: { origin: ORIGIN, cookie: `__Host-sid=${browser.token}` },
    });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204,
      '__Host-sid=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
    ]);
    expect(await alive(browser.token)).toBe(false);
    expect((await delete_(token)).status).toBe(401);
  });

  test('everywhere ends all sessions of the account and of no other', async () => {
    const wallet = new Wallet(`0x${'9'.repeat(64)}`);
    const tokens: string[] = [];
    for (let i = 0; i < 3; i++) {
      const key = await makeKey();
      const { challengeId, message } = (
        await post('/api/v1/login/challenge', {
          address: wallet.address,
          chainId: 1,
          publicKey: key.publicKey,
        })
      ).body;
      tokens.push(
        (
          await post('/api/v1/login', {
            challengeId,
            signature: await wallet.signMessage(message),
            proof: await key.sign(`tapgrid-login-v1\n${challengeId}\n${message}`),
          })
        ).body.token,
      );
    }
    const { token: stranger } = await practise(house);
    expect((await delete_(tokens[0]!, '?everywhere=perhaps')).status).toBe(400);
    expect((await delete_(tokens[0]!)).status).toBe(204);
    expect(await Promise.all(tokens.map(alive))).toEqual([false, true, true]);
    expect((await delete_(tokens[1]!, '?everywhere=true')).status).toBe(204);
    expect(await Promise.all([...tokens, stranger].map(alive))).toEqual([false, false, false, true]);
  });
});

describe('own limits', () => {
  const patch = (token: string, body: unknown) =>
    house.call('/api/v1/account', { method: 'PATCH', token, body: JSON.stringify(body) });

  const NONE = { dailyLoss: null, loosening: null, pause: null, reminderMinutes: null, guardPercent: 80 };
  const HOURS = 3_600_000;

  test('are kept one by one, and hold from the next tap on', async () => {
    const trader = await practise(house);
    expect((await patch(trader.token, { dailyLoss: 7_000_000 })).body.limits).toEqual({
      ...NONE,
      dailyLoss: 7_000_000,
    });
    expect((await patch(trader.token, { guardPercent: 90, reminderMinutes: 30 })).body.limits).toEqual({
      ...NONE,
      dailyLoss: 7_000_000,
      guardPercent: 90,
      reminderMinutes: 30,
    });
    const [first, second] = offers(house);
    const { body } = await trader.tap([tapOn(first!), tapOn(second!)]);
    expect(body.results.map(({ status, code }: any) => code ?? status)).toEqual([
      'accepted',
      'daily_loss_limit',
    ]);
    expect(body.results[1].message).toBe(
      'Your daily loss limit is $7; you have lost $5 today, open bets included, ' +
        'and this tap could bring it to $10. The next day starts at 00:00 UTC.',
    );
    expect((await house.call('/api/v1/bets', { token: trader.token })).body.bets[0].guardPercent).toBe(90);
  });

  test('loosen after a day, and the refusal says when', async () => {
    const trader = await practise(house);
    await patch(trader.token, { dailyLoss: 4_500_000 });
    const at = house.clock.now + 24 * HOURS;
    expect((await patch(trader.token, { dailyLoss: null })).body.limits).toEqual({
      ...NONE,
      dailyLoss: 4_500_000,
      loosening: { dailyLoss: null, at },
    });
    const { body } = await trader.tap([tapOn(offers(house)[0]!)]);
    expect(body.results[0].code).toBe('daily_loss_limit');
    expect(body.results[0].message).toContain(
      'you have lost nothing today, and this tap could bring it to $5. ' +
        `It ends on ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    );
    expect((await patch(trader.token, { dailyLoss: 4_500_000 })).body.limits).toEqual({
      ...NONE,
      dailyLoss: 4_500_000,
    });
  });

  test('a pause keeps bets out of page, API and socket until it ends, and nobody takes it back', async () => {
    const trader = await practise(house);
    const until = house.clock.now + 7 * 24 * HOURS;
    const signed = await trader.order([tapOn(offers(house)[0]!)]);
    expect((await patch(trader.token, { pause: 'week' })).body.limits).toEqual({ ...NONE, pause: { until } });
    const refused = {
      status: 403,
      body: {
        error: { code: 'account_paused', message: expect.stringContaining('You paused this account until') },
      },
    };
    expect(
      await house.call('/api/v1/taps', { method: 'POST', token: trader.token, body: JSON.stringify(signed) }),
    ).toMatchObject(refused);
    expect(await trader.tap([tapOn(offers(house)[0]!)])).toMatchObject(refused);
    for (const pause of [null, 'day'] as const) {
      expect(await patch(trader.token, { pause })).toMatchObject({
        status: 409,
        body: {
          error: { code: 'pause_running', message: expect.stringContaining('cannot be ended or shortened') },
        },
      });
    }
    expect((await patch(trader.token, { pause: 'for-good' })).body.limits.pause).toEqual({ until: null });
    expect((await house.call('/api/v1/account', { token: trader.token })).body.limits.pause).toEqual({
      until: null,
    });
    expect((await trader.tap([tapOn(offers(house)[0]!)])).body.error.message).toBe(
      'You paused this account for good. It takes no bets.',
    );
    expect((await house.call('/api/v1/bets', { token: trader.token })).body.bets).toEqual([]);
  });

  test.each([
    [{}, ''],
    [{ guardPercent: 49 }, 'guardPercent'],
    [{ guardPercent: 96 }, 'guardPercent'],
    [{ guardPercent: '80' }, 'guardPercent'],
    [{ dailyLoss: -1 }, 'dailyLoss'],
    [{ dailyLoss: 1_000_000_000_001 }, 'dailyLoss'],
    [{ dailyLoss: 0.5 }, 'dailyLoss'],
    [{ guard: 80 }, 'guard'],
    [[], ''],
    [null, ''],
    [{ pause: 'year' }, 'pause'],
    [{ pause: 5 }, 'pause'],
    [{ reminderMinutes: 0 }, 'reminderMinutes'],
    [{ reminderMinutes: '30' }, 'reminderMinutes'],
  ])('%j changes nothing, and the answer names the field', async (body, field) => {
    const trader = await practise(house);
    const { error } = (await patch(trader.token, body)).body;
    expect([error.code, error.message.includes(field)]).toEqual(['bad_request', true]);
    expect((await house.call('/api/v1/account', { token: trader.token })).body.limits).toEqual(NONE);
  });

  test('are not changed on and on', async () => {
    const trader = await practise(house);
    for (let n = 0; n < 50; n++)
      await house.engine.changeLimits(trader.accountId, { guardPercent: 60 + (n % 2) });
    const first = house.clock.now;
    await house.pass(1000);
    const { status, headers, body } = await patch(trader.token, { guardPercent: 70 });
    expect([status, body.error.message, body.error.retryAfterMs]).toEqual([
      429,
      expect.stringContaining('50 times in 24 hours'),
      first + 86_400_000 - house.clock.now,
    ]);
    expect([headers.get('retry-after'), headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([
      '86399',
      '"limitChanges";r=0;t=86399',
      '"limitChanges";q=50;w=86400',
    ]);
    for (const tighter of [
      { dailyLoss: 5_000_000 },
      { dailyLoss: 4_000_000 },
      { pause: 'day' },
      { pause: 'week' },
    ])
      expect((await patch(trader.token, tighter)).status).toBe(200);
    expect((await patch(trader.token, { dailyLoss: 6_000_000 })).status).toBe(429);
  });

  test('money as text is told what was expected', async () => {
    const trader = await practise(house);
    expect((await patch(trader.token, { dailyLoss: '5' })).body.error.message).toMatch(
      /^Field dailyLoss: .*a whole number of micro-dollars up to 1000000000000 \(5000000 is \$5\), as a number, or null\.$/,
    );
  });
});

describe('bets and statement', () => {
  let trader: Trader;
  beforeAll(async () => {
    trader = await practise(house);
    const placed: string[] = [];
    for (let i = 0; i < 3; i++) {
      const fresh = offers(house)
        .filter(({ cell }) => !placed.includes(cell))
        .slice(0, 4);
      placed.push(...fresh.map(({ cell }) => cell));
      await trader.tap(fresh.map((offer) => tapOn(offer)));
      await house.pass(1000);
    }
    await house.pass(20_000);
  });

  async function pages(path: string, list: string): Promise<any[][]> {
    const found: any[][] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: any } = await house.call(
        `${path}${cursor === null ? '' : `&cursor=${cursor}`}`,
        { token: trader.token },
      );
      found.push(body[list]);
      cursor = body.cursor;
    } while (cursor !== null);
    return found;
  }

  test('closed bets come in pages, none twice, and pay what they say', async () => {
    const found = await pages('/api/v1/bets?status=closed&limit=5', 'bets');
    const bets = found.flat();
    expect(found.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(new Set(bets.map(({ id }) => id)).size).toBe(12);
    for (const { status, stake, lockedMultiplier, payout } of bets)
      expect(payout).toBe(
        status === 'won'
          ? payoutOf(micros(stake), lockedMultiplier as Multiplier)
          : status === 'void'
            ? stake
            : 0,
      );
  });

  test('the day is what its bets came to, and nobody else has it', async () => {
    const bets = (await pages('/api/v1/bets?status=closed&limit=50', 'bets')).flat().reverse();
    const decided = bets.filter(({ status }) => status !== 'void');
    const sum = (field: string) => decided.reduce((total, bet) => total + bet[field], 0);
    const { body } = await house.call('/api/v1/account/today', { token: trader.token });
    const account = (await house.call('/api/v1/account', { token: trader.token })).body;
    expect(body).toMatchObject({
      currency: 'PLAY',
      balance: account.balance + account.openStake,
      net: sum('payout') - sum('stake'),
      staked: sum('stake'),
      paid: sum('payout'),
      returned: sum('payout') / sum('stake'),
    });
    expect(body.bets).toEqual({
      won: bets.filter(({ status }) => status === 'won').length,
      lost: bets.filter(({ status }) => status === 'lost').length,
      refunded: bets.filter(({ status }) => status === 'void').length,
    });
    expect(body.best?.multiplier ?? null).toBe(
      Math.max(...decided.filter(({ status }) => status === 'won').map((bet) => bet.lockedMultiplier)),
    );
    expect(body.curve).toHaveLength(decided.length + 1);
    expect([body.curve[0].balance, body.curve.at(-1).balance]).toEqual([
      body.balance - body.net,
      body.balance,
    ]);

    const other = await practise(house);
    const theirs = (await house.call('/api/v1/account/today', { token: other.token })).body;
    expect(theirs).toMatchObject({ net: 0, returned: null, streak: null, best: null });
    expect(theirs.curve).toEqual([{ at: body.day, bets: 0, balance: 10_000_000_000 }]);
    expect((await house.call('/api/v1/account/today')).status).toBe(401);
  });

  test('the statement adds up to the balance, in pages and as a file', async () => {
    const rows = (await pages('/api/v1/account/statement?limit=7', 'rows')).flat();
    expect(rows.reduce((sum, { amount }) => sum + amount, 0)).toBe(await trader.balance());
    expect(rows[0].balanceAfter).toBe(await trader.balance());
    const { headers, text } = await house.call('/api/v1/account/statement.csv', { token: trader.token });
    expect(headers.get('cache-control')).toBe('no-store');
    const dollarsIn = (line: string) => Math.round(Number(line.split(',')[2]) * 1e6);
    expect(text.trimEnd().split('\r\n').slice(1).map(dollarsIn)).toEqual(rows.map(({ amount }) => amount));
  });

  test('nobody sees the bets and rows of another', async () => {
    const other = await practise(house);
    expect((await house.call('/api/v1/bets?status=closed', { token: other.token })).body).toEqual({
      bets: [],
      cursor: null,
      archived: null,
    });
    expect(
      (await house.call('/api/v1/account/statement', { token: other.token })).body.rows.map(
        ({ kind }: any) => kind,
      ),
    ).toEqual(['grant']);
    for (const path of [
      '/api/v1/bets',
      '/api/v1/account',
      '/api/v1/account/statement',
      '/api/v1/account/statement.csv',
    ])
      expect((await house.call(path)).body.error.code).toBe('unauthenticated');
  });

  test.each(['limit=0', 'limit=501', 'limit=x', 'cursor=!', 'cursor=djI6MQ'])(
    'statement?%s is refused',
    async (query) => {
      expect(
        (await house.call(`/api/v1/account/statement?${query}`, { token: trader.token })).body.error,
      ).toMatchObject({ code: 'bad_request', message: expect.stringMatching(/^Field (limit|cursor):/) });
    },
  );
  test('so is a status that is none', async () =>
    expect((await house.call('/api/v1/bets?status=won', { token: trader.token })).body.error.message).toBe(
      'Field status: expected open or closed.',
    ));

  test('fairness counts them', async () => {
    const { body, headers } = await house.call('/api/v1/fairness');
    const closed = (await pages('/api/v1/bets?status=closed&limit=100', 'bets'))
      .flat()
      .filter(({ status }) => status !== 'void');
    expect(body.buckets.map(({ from, to }: any) => [from, to])).toEqual([
      [105, 200],
      [200, 500],
      [500, 1000],
      [1000, 2501],
    ]);
    expect(body.buckets.reduce((sum: number, { bets }: any) => sum + bets, 0)).toBeGreaterThanOrEqual(
      closed.length,
    );
    expect([body.accepted >= 12, headers.get('cache-control')]).toEqual([true, 'public, max-age=5']);
    expect(
      (await house.call('/api/v1/fairness?currency=USD')).body.buckets.every(
        ({ bets, realised, quoted }: any) => bets === 0 && realised === null && quoted > 0.74 && quoted < 0.9,
      ),
    ).toBe(true);
    for (const { from, to, quoted } of body.buckets) {
      // A house begins with the widest margins: nothing is proven yet.
      expect(quoted).toBeLessThanOrEqual(quotedReturn(from, { edge: 0.13, margin: 0.008 }));
      expect(quoted).toBeGreaterThanOrEqual(quotedReturn(to, { edge: 0.13, margin: 0.008 }));
    }
    expect((await house.call('/api/v1/fairness?currency=EUR')).status).toBe(400);
  });
});

describe('ticks', () => {
  const ask = async (query: string) => house.call(`/api/v1/ticks?${query}`);
  test('by time and by number are the same log, with hashes', async () => {
    const byTime = (await ask(`from=${START + 100}&to=${START + 401}`)).body;
    expect(byTime.ticks.map(({ seq }: any) => seq)).toEqual([1, 2, 3, 4]);
    expect(byTime.ticks.at(-1).hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await ask('fromSeq=1&toSeq=4')).body).toEqual(byTime);
  });
  test('a page that is full says where the next begins', async () => {
    expect((await ask('fromSeq=1&limit=3')).body).toMatchObject({
      ticks: [{ seq: 1 }, { seq: 2 }, { seq: 3 }],
      next: 4,
    });
    expect((await ask('toSeq=4&fromSeq=3')).body).toMatchObject({ next: null });
  });
  test('the next page keeps the bound of the one before, by time as by number', async () => {
    for (const [path, bound] of [
      [`from=${START + 100}&to=${START + 401}`, `to=${START + 401}`],
      ['fromSeq=1&toSeq=4', 'toSeq=4'],
    ] as const) {
      const seen: number[] = [];
      let { body, headers } = await ask(`${path}&limit=3`);
      expect(headers.get('link')).toBe(`</api/v1/ticks?fromSeq=4&${bound}&limit=3>; rel="next"`);
      for (let pages = 0; pages < 5; pages++) {
        seen.push(...body.ticks.map(({ seq }: any) => seq));
        if (body.next === null) break;
        ({ body, headers } = await ask(`fromSeq=${body.next}&${bound}&limit=3`));
      }
      expect([seen, headers.get('link')]).toEqual([[1, 2, 3, 4], null]);
    }
  });
  test('the past may be kept by caches, the present not', async () => {
    expect((await ask('fromSeq=1&toSeq=4')).headers.get('cache-control')).toBe('public, max-age=300');
    expect((await ask('')).headers.get('cache-control')).toBe('no-store');
    expect((await ask('')).body.ticks.at(-1).at).toBe(house.clock.now);
  });
  test.each([
    'from=1&fromSeq=1',
    'from=1&toSeq=1',
    'to=1&toSeq=1',
    'from=x',
    'from=-1',
    'fromSeq=1.5',
    'limit=1001',
  ])('%s is refused', async (query) => expect((await ask(query)).body.error.code).toBe('bad_request'));
  test.each(['from=2&to=1', 'fromSeq=9&toSeq=2', 'fromSeq=999999'])('%s finds nothing', async (query) =>
    expect((await ask(query)).body).toEqual({ ticks: [], next: null }),
  );
});

describe('grid and chain', () => {
  test('the grid is the board, and not sent again while it is the same', async () => {
    const { body, headers } = await house.call('/api/v1/grid');
    const board = house.engine.board()!;
    expect(body).toMatchObject({
      origin: ORIGIN,
      revision: board.revision.revision,
      windowMs: 5000,
      tick: { seq: board.tick.seq, price: board.tick.price },
      stakes: [1_000_000, 5_000_000, 10_000_000],
      stakeMin: 1_000_000,
      stakeMax: 10_000_000,
      stakeStep: 10_000,
      betsPerCellMax: 5,
      simulated: false,
      pause: null,
    });
    expect(['closed', 'degraded']).toContain(body.state);
    expect(body.columns).toHaveLength(13);
    expect(body.columns.map(({ locked }: any) => locked).slice(0, 3)).toEqual([true, true, false]);
    const same = await house.call('/api/v1/grid', { headers: { 'if-none-match': headers.get('etag')! } });
    expect([same.status, same.text]).toEqual([304, '']);
    await house.pass(200);
    expect(
      (await house.call('/api/v1/grid', { headers: { 'if-none-match': headers.get('etag')! } })).status,
    ).toBe(200);
  });

  test('of several boards it is the one that is asked for, and the default one else', async () => {
    const three = await openHouse({ windows: [2000, 5000, 15_000] });
    await three.pass(400);
    const ask = async (query: string) => (await three.call(`/api/v1/grid${query}`)).body;
    const usual = await ask('');
    expect(usual).toMatchObject({
      windowMs: 5000,
      boards: [
        { windowMs: 2000, name: 'quick' },
        { windowMs: 5000, name: 'normal' },
        { windowMs: 15_000, name: 'long' },
      ],
    });
    for (const [board, windowMs] of [
      ['quick', 2000],
      ['2000', 2000],
      ['normal', 5000],
      ['15000', 15_000],
    ] as const) {
      const one = await ask(`?board=${board}`);
      expect([one.windowMs, one.revision, one.columns.length]).toEqual([windowMs, usual.revision, 13]);
      expect(one.columns[1].start - one.columns[0].start).toBe(windowMs);
    }
    for (const board of ['fast', '02000', 'x'.repeat(21), '']) {
      const { status, body } = await three.call(`/api/v1/grid?board=${board}`);
      expect([board, status, ['unknown_board', 'bad_request'].includes(body.error.code)]).toEqual([
        board,
        400,
        true,
      ]);
    }
    expect((await three.call('/api/v1/grid?board=fast')).body.error.message).toContain('quick, 2000, normal');
    const tag = (await three.call('/api/v1/grid')).headers.get('etag')!;
    const same = { headers: { 'if-none-match': tag } };
    expect((await three.call('/api/v1/grid?board=quick', same)).status).toBe(200);
    const { columns } = (await three.call('/api/v1/revisions')).body.revisions.at(-1);
    expect(columns).toHaveLength(39);
    expect(new Set(columns.map(({ windowMs }: any) => windowMs))).toEqual(new Set([2000, 5000, 15_000]));
    await three.close();
  });

  test('before the first price there is none', async () => {
    const young = await openHouse();
    const { status, body } = await young.call('/api/v1/grid');
    expect([status, body.error.code]).toEqual([503, 'halted']);
    // It serves all the same: pages, statements and receipts are there.
    expect((await young.call('/readyz')).status).toBe(200);
    await young.close();
  });

  test('the heads move with the house', async () => {
    const before = (await house.call('/api/v1/chain')).body;
    await house.pass(200);
    const after = (await house.call('/api/v1/chain')).body;
    expect([
      after.ledger.batch > before.ledger.batch,
      after.ticks.seq - before.ticks.seq,
      after.ticks.hash === before.ticks.hash,
    ]).toEqual([true, 2, false]);
  });
});

describe('receipts', () => {
  test.each(['nothing', '..%2F..', '%00', 'x'.repeat(500)])('of %j: not found', async (id) =>
    expect((await house.call(`/api/v1/bets/${id}/receipt`)).body.error.code).toBe('not_found'),
  );
});

describe('figures', () => {
  test('the interval is the mean ± 1.96 standard errors', () => {
    // Returns 0, 0, 2, 2: mean 1, variance 4/3, standard error √(1/3).
    const { realised, low, high } = realisedOf({ bets: 4, returns: 4, returnSquares: 8 });
    expect(realised).toBe(1);
    expect([low!, high!].map((end) => Math.round(end * 1e6))).toEqual([
      Math.round((1 - 1.959964 / Math.sqrt(3)) * 1e6),
      Math.round((1 + 1.959964 / Math.sqrt(3)) * 1e6),
    ]);
  });
  // The return to player that the odds state: 94.5 % at 1.9×, 93.9 % at 3.4×, 91.8 % at 9×, 85.7 % at 25×.
  test.each([
    [190, 94.5],
    [340, 93.9],
    [900, 91.8],
    [2500, 85.7],
  ])('at %d hundredths the quoted return is %d %%', (multiplier, percent) => {
    expect(Math.round(quotedReturn(multiplier, { edge: 0.05, margin: 0.004 }) * 1000) / 10).toBe(percent);
  });
});
