import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { dollars, micros } from '../game/money.ts';
import { SqliteOperatorBooks } from '../store/operator-books.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn, type Trader } from '../../test/stage/http-trader.ts';

let house: TestHouse;
let trader: Trader;
let untouched = { balance: 0, rows: 0, bets: 0, batches: 0 };

const state = async () => ({
  balance: await trader.balance(),
  rows: (await house.call('/api/v1/account/statement?limit=500', { token: trader.token })).body.rows.length,
  bets: (await house.call('/api/v1/bets?limit=200', { token: trader.token })).body.bets.length,
  batches: house.engine.batcher.batches,
});
const send = (order: unknown, token = trader.token) =>
  house.call('/api/v1/taps', { method: 'POST', token, body: JSON.stringify(order) });
const anOffer = (skip = 0) => offers(house)[skip]!;

beforeAll(async () => {
  house = await openHouse();
  await house.pass(1000);
  trader = await practise(house);
});
afterAll(() => house.close());
// The limiter's second goes by, and the offers are fresh again.
afterEach(() => house.pass(1100));

describe('an order that is taken', () => {
  test('is deducted, durable and listed at once, and a receipt is there', async () => {
    const before = await state();
    const offer = anOffer(4);
    const { status, body } = await trader.tap([tapOn(offer)]);
    expect(status).toBe(200);
    expect(body).toEqual({
      replayed: false,
      balance: before.balance - 5_000_000,
      results: [
        {
          status: 'accepted',
          betId: expect.any(String),
          multiplier: offer.multiplier,
          lockAt: house.clock.now + 400,
          balance: before.balance - 5_000_000,
        },
      ],
    });
    expect(await state()).toMatchObject({
      balance: before.balance - 5_000_000,
      rows: before.rows + 1,
      bets: before.bets + 1,
    });
    const listed = (await house.call('/api/v1/bets?status=open', { token: trader.token })).body.bets[0];
    expect(listed).toMatchObject({
      id: body.results[0].betId,
      cell: offer.cell,
      stake: 5_000_000,
      multiplier: offer.multiplier,
      lockedMultiplier: null,
      status: 'placed',
      payout: 0,
      closedAt: null,
    });
    expect((await house.call(`/api/v1/bets/${listed.id}/receipt`)).body.order).toMatchObject({
      index: 0,
      publicKey: trader.publicKey,
    });
    expect(
      (await house.call('/api/v1/account', { token: trader.token })).body.openStake,
    ).toBeGreaterThanOrEqual(5_000_000);
  });

  test('again with the same nonce gets the first answer, and nothing more is deducted', async () => {
    const order = await trader.order([tapOn(anOffer(8))]);
    const first = await send(order);
    const between = await state();
    const again = await send(order);
    expect(again.body).toEqual({ ...first.body, replayed: true });
    const { batches: _, ...left } = await state();
    expect(left).toEqual({ balance: between.balance, rows: between.rows, bets: between.bets });
  });

  test('with a good and a bad tap: each has its own result, the good one is not spoilt', async () => {
    const before = await state();
    const [good, other] = [anOffer(12), anOffer(20)];
    // The same cell again, by a stake of the trader's own.
    const { status, body } = await trader.tap([
      tapOn(good),
      { ...tapOn(other), multiplier: (other.multiplier + 1) as never },
      { ...tapOn(good), stake: micros(5_250_000) },
      ...Array.from({ length: 4 }, () => tapOn(good)),
    ]);
    expect(status).toBe(200);
    expect(body.results).toEqual([
      expect.objectContaining({ status: 'accepted' }),
      {
        status: 'rejected',
        code: 'quote_mismatch',
        message: expect.any(String),
        multiplier: other.multiplier,
      },
      ...Array.from({ length: 4 }, () => expect.objectContaining({ status: 'accepted' })),
      { status: 'rejected', code: 'too_many_on_cell', message: expect.any(String) },
    ]);
    expect((await state()).balance).toBe(before.balance - 25_250_000);
    // Lines of one order that are alike are bets of their own, and each receipt names its own.
    const receipts = body.results
      .filter((result: { status: string }) => result.status === 'accepted')
      .map(async ({ betId }: { betId: string }) => {
        const { body: receipt } = await house.call(`/api/v1/bets/${betId}/receipt`);
        return receipt.order.index;
      });
    expect(await Promise.all(receipts)).toEqual([0, 2, 3, 4, 5]);
  });
});

describe('a tap that is refused changes nothing', () => {
  test.each<[string, (offer: ReturnType<typeof anOffer>) => object]>([
    ['unknown_cell', ({ cell }) => ({ cell: cell.replace(/\.(\d+)\.(\d+)$/, '.5.6') })],
    ['unknown_cell', () => ({ cell: '1.2.3.4' })],
    [
      'column_locked',
      ({ cell, start }) => ({
        cell: cell.replace(String(start), String(Math.ceil(house.clock.now / 5000) * 5000)),
      }),
    ],
    ['quote_mismatch', () => ({ revision: 999_999 })],
    ['quote_mismatch', ({ multiplier }) => ({ multiplier: multiplier + 50 })],
    ['stake_not_offered', () => ({ stake: dollars(5) + 1 })],
  ])('%s', async (code, change) => {
    const before = await state();
    const offer = anOffer(30);
    const { status, body } = await trader.tap([{ ...tapOn(offer), ...change(offer) } as never]);
    expect([status, body.balance, body.results.map((result: any) => result.code)]).toEqual([
      200,
      null,
      [code],
    ]);
    const { batches: _, ...after } = await state();
    expect(after).toMatchObject({ balance: before.balance, rows: before.rows, bets: before.bets });
  });
});

test('a stake that is not on offer is told which are', async () => {
  const { body } = await trader.tap([{ ...tapOn(anOffer(30)), stake: dollars(5) + 1 } as never]);
  expect(body.results[0].message).toMatch(
    /^That stake is not on offer\. Expected whole cents from \$1 \(1000000\) to \$\d+ \(\d+\) micro-dollars\.$/,
  );
});

describe('an order that is refused whole changes nothing and is not committed', () => {
  const orderOf = () => trader.order([tapOn(anOffer(40))]);
  test.each<[number, string, (order: any) => Promise<unknown> | unknown]>([
    [
      401,
      'bad_signature',
      (order) => ({
        ...order,
        signature: `${order.signature[0] === 'A' ? 'B' : 'A'}${order.signature.slice(1)}`,
      }),
    ],
    [401, 'bad_signature', (order) => ({ ...order, taps: [{ ...order.taps[0], stake: dollars(1) }] })],
    [401, 'bad_signature', () => trader.order([tapOn(anOffer(40))], { signedFor: 'https://other.example' })],
    [
      400,
      'deadline_too_far',
      () => trader.order([tapOn(anOffer(40))], { deadline: house.clock.now + 30_001 }),
    ],
    [
      400,
      'deadline_passed',
      () => trader.order([tapOn(anOffer(40))], { deadline: house.clock.now - 600_001 }),
    ],
    [400, 'bad_request', (order) => ({ ...order, taps: Array(17).fill(order.taps[0]) })],
    [400, 'bad_request', (order) => ({ ...order, taps: [] })],
    [400, 'bad_request', (order) => ({ ...order, nonce: 'x' })],
    [400, 'bad_request', (order) => ({ ...order, nonce: order.nonce.toUpperCase() })],
    [400, 'bad_request', (order) => ({ ...order, signature: `${order.signature}=` })],
    [400, 'bad_request', (order) => ({ ...order, deadline: 1.5 })],
    [400, 'bad_request', (order) => ({ ...order, taps: [{ ...order.taps[0], stake: -5_000_000 }] })],
    [400, 'bad_request', (order) => ({ ...order, taps: [{ ...order.taps[0], stake: 2 ** 60 }] })],
    [400, 'bad_request', (order) => ({ ...order, taps: [{ ...order.taps[0], stake: '5000000' }] })],
    [400, 'bad_request', (order) => ({ ...order, taps: [{ ...order.taps[0], bonus: 1 }] })],
    [400, 'bad_request', (order) => [order]],
    [400, 'bad_request', () => null],
  ])('%d %s', async (status, code, change) => {
    const order = await change(await orderOf());
    const before = await state();
    const answer = await send(order);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await state()).toEqual(before);
    expect(house.logged).toEqual([]);
  });

  test('a bad signature is told the text that was expected: scheme, encoding, origin, session', async () => {
    const { body } = await send(await trader.order([tapOn(anOffer(40))], { signedFor: `${ORIGIN}/` }));
    for (const part of [
      `for the origin ${ORIGIN}:`,
      'ECDSA P-256 with SHA-256',
      '64 raw bytes r‖s in base64url without padding',
      `"tapgrid-tap-v1\\n${ORIGIN}\\n${trader.sessionId}\\n<nonce>\\n<deadline>\\n"`,
    ])
      expect(body.error.message).toContain(part);
  });

  test.each([
    ['too far', 60_000],
    ['passed', -600_001],
  ])('a deadline that is %s is told the time of the house', async (_, ahead) => {
    const { body } = await send(
      await trader.order([tapOn(anOffer(40))], { deadline: house.clock.now + ahead }),
    );
    expect(body.error.message).toContain(
      `The server time is ${house.clock.now}; a deadline may be up to 30000 ms later.`,
    );
  });

  test('nonce_reused: another order under a nonce that was used', async () => {
    const nonce = crypto.randomUUID();
    await send(await trader.order([tapOn(anOffer(44))], { nonce }));
    const before = await state();
    const answer = await send(await trader.order([tapOn(anOffer(45))], { nonce }));
    expect([answer.status, answer.body.error.code]).toEqual([409, 'nonce_reused']);
    expect(await state()).toEqual(before);
  });

  test("another session's order is not this session's", async () => {
    const other = await practise(house);
    const before = await state();
    const answer = await send(await trader.order([tapOn(anOffer(48))]), other.token);
    expect([answer.status, answer.body.error.code]).toEqual([401, 'bad_signature']);
    expect(await state()).toEqual({ ...before, batches: expect.any(Number) });
    expect(await other.balance()).toBe(10_000_000_000);
  });

  test('without a session', async () => {
    untouched = await state();
    const answer = await house.call('/api/v1/taps', {
      method: 'POST',
      body: JSON.stringify(await orderOf()),
    });
    expect([answer.status, answer.body.error.code, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'unauthenticated',
      'Bearer',
    ]);
    expect(await state()).toEqual(untouched);
  });
});

test('a refusal names the field and never shows a schema', async () => {
  const order = await trader.order([tapOn(anOffer(50))]);
  const answers = await Promise.all(
    [
      { ...order, taps: [{ ...order.taps[0], stake: 0 }] },
      { ...order, taps: [order.taps[0], { ...order.taps[0], cell: 7 }] },
      { nonce: order.nonce },
      { ...order, '<b>': 1 },
    ].map((body) => send(body)),
  );
  expect(answers.map(({ body }) => body.error.message)).toEqual([
    'Field taps.0.stake: expected micro-dollars, whole cents within what may be staked.',
    'Field taps.1.cell: expected a cell id <startMs>.<windowMs>.<lowCents>.<highCents>.',
    'Field deadline: missing.',
    'Field ?b?: unknown field.',
  ]);
});

test('taps over the rate are refused by the tap, with the time to wait', async () => {
  const slow = await openHouse({ tapsPerSecond: 3 });
  await slow.pass(500);
  const hasty = await practise(slow);
  const [first, second, third, fourth] = offers(slow);
  expect((await hasty.tap([tapOn(first!), tapOn(second!)])).status).toBe(200);
  const refused = await hasty.tap([tapOn(third!), tapOn(fourth!)]);
  expect([
    refused.status,
    refused.body.error.code,
    refused.headers.get('retry-after'),
    refused.headers.get('ratelimit'),
    refused.headers.get('ratelimit-policy'),
  ]).toEqual([429, 'rate_limited', '1', '"taps";r=1;t=1', '"taps";q=3;w=1']);
  expect(refused.body.error.retryAfterMs).toBeGreaterThan(0);
  expect(await hasty.balance()).toBe(10_000_000_000 - 10_000_000);
  // It is noted like any other refusal, though nothing looked at it.
  await slow.pass(1_500);
  const books = new SqliteOperatorBooks(join(slow.dataDir, DATABASE_FILE), () => null);
  expect(books.refusals({}, null, 10).rows).toMatchObject([
    { code: 'rate_limited', requestId: refused.headers.get('x-request-id'), taps: [{}, {}], orders: 1 },
  ]);
  books.close();
  expect(slow.engine.counters().refusals).toEqual({ rate_limited: 2 });
  await slow.close();
});

test('a halted house answers 503 with a time to come back, and pays what is open', async () => {
  const halted = await openHouse();
  halted.hold(7_600_500);
  await halted.pass(500);
  const patient = await practise(halted);
  const sure = offers(halted).find(({ low, high }) => low <= 7_600_500 && high >= 7_600_500)!;
  const { body } = await patient.tap([tapOn(sure)]);
  await halted.pass(1000);
  halted.engine.hand.halt = 'drill';
  await halted.pass(100);
  const refused = await patient.tap([tapOn(offers(halted)[0]!)]);
  expect([refused.status, refused.body.error.code, Number(refused.headers.get('retry-after')) > 0]).toEqual([
    503,
    'halted',
    true,
  ]);
  expect((await halted.look('/healthz')).status).toBe(503);
  await halted.pass(15_000);
  expect((await halted.call(`/api/v1/bets/${body.results[0].betId}/receipt`)).body.status).toBe('won');
  await halted.close();
});

test('an order that ends without an answer is unknown, not refused, and is logged', async () => {
  const broken = await openHouse({
    deps: (deps) => ({
      ...deps,
      house: new Proxy(deps.house, {
        get: (target, name) =>
          name === 'order' ? () => Promise.reject(new Error('lost')) : bound(target, name),
      }),
    }),
  });
  await broken.pass(500);
  const unlucky = await practise(broken);
  const answer = await unlucky.tap([tapOn(offers(broken)[0]!)]);
  expect([answer.status, answer.body.error.code]).toEqual([503, 'unknown']);
  expect(answer.text).not.toContain('lost');
  expect(broken.logged).toHaveLength(1);
  await broken.close();
});

const bound = (target: object, name: PropertyKey): unknown => {
  const value = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
};

test('a failure inside is 500 without a word of why, and is logged with the id of the request', async () => {
  const broken = await openHouse({
    deps: (deps) => ({
      ...deps,
      books: new Proxy(deps.books, {
        get: (target, name) =>
          name === 'chain'
            ? () => {
                throw new Error('secret of the house');
              }
            : bound(target, name),
      }),
    }),
  });
  const answer = await broken.call('/api/v1/chain');
  expect([answer.status, answer.body.error.code, answer.text.includes('secret')]).toEqual([
    500,
    'internal',
    false,
  ]);
  expect(broken.logged).toEqual([
    expect.objectContaining({ requestId: answer.headers.get('x-request-id'), path: '/api/v1/chain' }),
  ]);
  await broken.close();
});

test('without a hold a tap is filled as shown, and its receipt says so', async () => {
  const quick = await openHouse({ holdMs: 0 });
  await quick.pass(500);
  const trader = await practise(quick);
  const offer = offers(quick)[3]!;
  const { body } = await trader.tap([tapOn(offer)]);
  const bet = (await quick.call('/api/v1/bets', { token: trader.token })).body.bets[0];
  expect([bet.status, bet.lockedMultiplier, body.results[0].lockAt]).toEqual([
    'locked',
    offer.multiplier,
    quick.clock.now,
  ]);
  await quick.close();
});

test('play money stays play money: real money is not taken on simulated prices, play money is', async () => {
  const synthetic = await openHouse({ simulated: true });
  await synthetic.pass(500);
  const player = await practise(synthetic);
  const { body } = await player.tap([tapOn(offers(synthetic)[3]!)]);
  expect(body.results[0].status).toBe('accepted');
  expect((await synthetic.call('/api/v1/bets', { token: player.token })).body.bets[0].simulated).toBe(true);
  await synthetic.close();
});
