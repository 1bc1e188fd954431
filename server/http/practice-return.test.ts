import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Wallet } from 'ethers';
import { dollars } from '../game/money.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { makeKey, offers, practise, tapOn, traderOf, type Trader } from '../../test/stage/http-trader.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
  await house.pass(500);
});
afterAll(() => house.close());

const MINUTE = 60_000;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  house.call(path, { method: 'POST', headers, body: JSON.stringify(body) });
type Key = Awaited<ReturnType<typeof makeKey>>;

/** A whole return, one piece of it changed. */
async function comeBack(
  { accountId, publicKey, sign }: Pick<Trader, 'accountId' | 'publicKey' | 'sign'>,
  change: {
    account?: string;
    signer?: Key;
    answer?: object;
    headers?: Record<string, string>;
    cookie?: string;
  } = {},
) {
  const fresh = await makeKey();
  const { headers = {} } = change;
  const asked = await post(
    '/api/v1/practice/return/challenge',
    { account: change.account ?? accountId, registeredKey: publicKey, publicKey: fresh.publicKey },
    headers,
  );
  const { challengeId, message } = asked.body;
  const cookie = change.cookie ?? asked.headers.get('set-cookie')?.split(';')[0];
  const answer = {
    challengeId,
    signature: await (change.signer?.sign ?? sign)(message),
    proof: await fresh.sign(`tapgrid-login-v1\n${challengeId}\n${message}`),
    ...change.answer,
  };
  const done = await post('/api/v1/practice/return', answer, {
    ...headers,
    ...(cookie !== undefined && { cookie }),
  });
  return { fresh, asked, message, answer, done };
}
const codeOf = ({ done }: Awaited<ReturnType<typeof comeBack>>): string => done.body.error?.code ?? 'back';

describe('coming back to a practice account', () => {
  test('by its key long after its session, with a key of its own, and told what became of the bets', async () => {
    const trader = await practise(house);
    const offer = offers(house)[0]!;
    expect((await trader.tap([tapOn(offer)])).body.results[0].status).toBe('accepted');
    const left = house.clock.now;
    await house.pass(offer.start + 6000 - left, 10);
    house.clock.now += 31 * MINUTE;
    expect((await house.call('/api/v1/account', { token: trader.token })).status).toBe(401);
    const { fresh, asked, message, done } = await comeBack(trader);
    expect(message).toBe(
      `tapgrid-return-v1\n${ORIGIN}\n${trader.accountId}\n${trader.publicKey}\n${fresh.publicKey}\n` +
        `${/[0-9a-f]{32}(?=\n$)/.exec(message)![0]}\n`,
    );
    expect([asked.headers.get('set-cookie'), done.status, done.headers.get('set-cookie')]).toEqual([
      null,
      200,
      null,
    ]);
    const { account, away, session } = done.body;
    expect([account.id, session.id === trader.sessionId]).toEqual([trader.accountId, false]);
    expect(away).toEqual({
      since: expect.any(Number),
      until: house.clock.now,
      won: expect.any(Number),
      lost: expect.any(Number),
      void: expect.any(Number),
      staked: dollars(5),
      paid: expect.any(Number),
    });
    expect(away.won + away.lost + away.void).toBe(1);
    expect(away.since).toBeLessThanOrEqual(left);
    expect(account.balance).toBe(dollars(10_000) - dollars(5) + away.paid);
    await house.pass(500);
    const returned = traderOf(house, fresh, done.body);
    expect((await returned.tap([tapOn(offers(house)[3]!)])).body.results[0].status).toBe('accepted');
    // Again and again, by the first key and by the newest.
    house.clock.now += 13 * 60 * MINUTE;
    await house.pass(500);
    expect([codeOf(await comeBack(trader)), codeOf(await comeBack(returned))]).toEqual(['back', 'back']);
  });

  test.each([
    ['while its session lasts', 5_000],
    ['after its session was found to have ended', 31 * MINUTE],
  ])('away begins with the last use, not with the opening of the session: %s', async (_, ms) => {
    const trader = await practise(house);
    await house.pass(20_000);
    expect((await house.call('/api/v1/account', { token: trader.token })).status).toBe(200);
    const left = house.clock.now;
    house.clock.now += ms;
    if (ms > 30 * MINUTE)
      expect((await house.call('/api/v1/account', { token: trader.token })).status).toBe(401);
    await house.pass(1000);
    expect((await comeBack(trader)).done.body.away).toMatchObject({ since: left, until: house.clock.now });
  });

  test('a pause of their own comes back with the account, and no new key takes a bet', async () => {
    const trader = await practise(house);
    await house.call('/api/v1/account', {
      method: 'PATCH',
      token: trader.token,
      body: '{"pause":"half-year"}',
    });
    const { fresh, done } = await comeBack(trader);
    await house.pass(500);
    const returned = traderOf(house, fresh, done.body);
    expect((await returned.tap([tapOn(offers(house)[0]!)])).body.error.code).toBe('account_paused');
    expect(
      (
        await house.call('/api/v1/account', {
          method: 'PATCH',
          token: returned.token,
          body: '{"pause":null}',
        })
      ).body.error.code,
    ).toBe('pause_running');
    expect((await house.call('/api/v1/bets', { token: returned.token })).body.bets).toEqual([]);
  });

  test('a browser gets the cookie, and answers for no other browser', async () => {
    const trader = await practise(house);
    const { done, asked } = await comeBack(trader, { headers: { origin: ORIGIN } });
    expect(asked.headers.get('set-cookie')).toStartWith('__Host-pre=');
    expect(done.headers.get('set-cookie')).toStartWith(`__Host-sid=${done.body.token};`);
    expect(
      codeOf(await comeBack(trader, { headers: { origin: ORIGIN }, cookie: `__Host-pre=${'A'.repeat(43)}` })),
    ).toBe('challenge_expired');
    expect(
      (await post('/api/v1/practice/return/challenge', {}, { origin: 'https://evil.example' })).body.error
        .code,
    ).toBe('wrong_origin');
  });

  test('an answer counts once, and neither for a sign-in nor under another text', async () => {
    const trader = await practise(house);
    const { answer } = await comeBack(trader);
    expect((await post('/api/v1/practice/return', answer)).body.error.code).toBe('challenge_expired');
    const { answer: second } = await comeBack(trader, { answer: { proof: 'A'.repeat(86) } });
    expect(
      (await post('/api/v1/login', { ...second, signature: `0x${'5e'.repeat(64)}1b` })).body.error.code,
    ).toBe('challenge_expired');
    expect(codeOf(await comeBack(trader, { answer: { challengeId: second.challengeId } }))).toBe(
      'bad_signature',
    );
  });

  test('who cannot sign learns nothing of keys and accounts: one answer for all', async () => {
    const [trader, other, stranger] = [await practise(house), await practise(house), await makeKey()];
    const failures = [
      await comeBack(trader, { signer: stranger }),
      await comeBack({ ...stranger, accountId: crypto.randomUUID() }),
      await comeBack({ ...stranger, accountId: trader.accountId }),
      await comeBack(trader, { account: other.accountId }),
    ];
    expect(new Set(failures.map(({ asked }) => asked.status))).toEqual(new Set([200]));
    const heard = failures.map(({ done }) => JSON.stringify([done.status, done.body]));
    expect(heard[0]).toContain('login_failed');
    expect(new Set(heard).size).toBe(1);
  });

  test('not by a key that was signed out, by its own session or everywhere', async () => {
    const out = (token: string, query = '') =>
      house.call(`/api/v1/session${query}`, { method: 'DELETE', token });
    const trader = await practise(house);
    const first = await comeBack(trader);
    const second = traderOf(house, first.fresh, first.done.body);
    await out(second.token);
    expect([codeOf(await comeBack(second)), codeOf(await comeBack(trader))]).toEqual([
      'login_failed',
      'back',
    ]);
    const third = await comeBack(trader);
    await out(third.done.body.token, '?everywhere=true');
    for (const key of [trader, second, traderOf(house, third.fresh, third.done.body)])
      expect(codeOf(await comeBack(key))).toBe('login_failed');
  });

  test('not an account of a wallet, which signs in with its wallet', async () => {
    const [wallet, key] = [new Wallet(`0x${'6'.repeat(64)}`), await makeKey()];
    const { challengeId, message } = (
      await post('/api/v1/login/challenge', { address: wallet.address, chainId: 1, publicKey: key.publicKey })
    ).body;
    const { body } = await post('/api/v1/login', {
      challengeId,
      signature: await wallet.signMessage(message),
      proof: await key.sign(`tapgrid-login-v1\n${challengeId}\n${message}`),
    });
    expect(codeOf(await comeBack(traderOf(house, key, body)))).toBe('login_failed');
    const refill = await house.call('/api/v1/practice/refill', { method: 'POST', token: body.token });
    expect([refill.status, refill.body.error.code]).toEqual([409, 'practice_only']);
  });

  test('a new key is wanted, and a right one', async () => {
    const trader = await practise(house);
    const ask = async (body: object) =>
      (
        await post('/api/v1/practice/return/challenge', {
          account: trader.accountId,
          registeredKey: trader.publicKey,
          ...body,
        })
      ).body.error;
    expect(await ask({ publicKey: trader.publicKey })).toMatchObject({
      code: 'bad_request',
      field: 'publicKey',
    });
    expect(await ask({ publicKey: (await practise(house)).publicKey })).toMatchObject({ code: 'key_reused' });
    expect(await ask({ publicKey: 'A'.repeat(87) })).toMatchObject({
      code: 'bad_request',
      field: 'publicKey',
    });
    expect(await ask({ publicKey: trader.publicKey, registeredKey: 'A'.repeat(87) })).toMatchObject({
      code: 'bad_request',
      field: 'registeredKey',
    });
    expect(await ask({ publicKey: (await makeKey()).publicKey, account: 'a\nb' })).toMatchObject({
      code: 'bad_request',
      field: 'account',
    });
  });
});

describe('refilling a practice account', () => {
  const refill = (token: string) => house.call('/api/v1/practice/refill', { method: 'POST', token });

  test('when it is empty, once a day, as a grant that the statement shows', async () => {
    const trader = await practise(house);
    const full = await refill(trader.token);
    expect([full.status, full.body.error.code]).toEqual([409, 'not_empty']);
    const take = () =>
      house.engine.batcher.account({
        kind: 'post-transfer',
        accountId: trader.accountId,
        amount: dollars(9_999.5),
        entry: 'withdrawal',
        at: house.clock.now,
      });
    await take();
    expect(await trader.balance()).toBe(dollars(0.5));
    const { status, body } = await refill(trader.token);
    expect([status, body.account]).toEqual([
      200,
      { id: trader.accountId, currency: 'PLAY', balance: dollars(10_000) },
    ]);
    expect(house.granted.splice(0)).toEqual([trader.accountId]);
    const { rows } = (await house.call('/api/v1/account/statement', { token: trader.token })).body;
    expect(rows.map(({ kind, amount }: any) => [kind, amount])).toEqual([
      ['grant', dollars(9_999.5)],
      ['withdrawal', -dollars(9_999.5)],
      ['grant', dollars(10_000)],
    ]);
    await take();
    const again = await refill(trader.token);
    expect([again.status, again.body.error.code, house.granted]).toEqual([409, 'refilled_today', []]);
  });

  test('not by who is not signed in', async () =>
    expect((await house.call('/api/v1/practice/refill', { method: 'POST' })).status).toBe(401));
});
