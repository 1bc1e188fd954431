import { describe, expect, test } from 'bun:test';
import type { MarketView } from '../game/acceptance.ts';
import type { CellId } from '../game/grid.ts';
import { dollars, multiplier } from '../game/money.ts';
import { UNRESTRICTED } from '../game/restriction.ts';
import type { Session } from '../game/session.ts';
import { NonceBook } from '../identity/nonces.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { LedgerPort, Operation } from '../ports/ledger.ts';
import { Batcher } from './batcher.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { shedLine } from '../ports/shed-order.ts';
import { OrderDesk } from './order-desk.ts';
import { VERIFYING_MAX } from './verifications.ts';

const NOW = 1_800_000_000_000;
const session = {
  id: 'session',
  accountId: 'ada',
  publicKey: 'key',
  currency: 'PLAY',
  stakeMax: dollars(100),
  dailyCap: dollars(1_000),
} as Session;
const order = (nonce: string) => ({
  nonce,
  deadline: NOW + 1_000,
  signature: 'signature',
  taps: [{ cell: '1.2.3.4' as CellId, stake: dollars(1), multiplier: multiplier(200), revision: 1 }],
});

/**
 * A desk whose verifications end when they are told to, and which refuses by the rules whatever was verified.
 */
function open(queueTapsMax: number, othersMayKnow = false, endedAt = NOW - 1_000) {
  const nonces = new NonceBook<OrderAnswer>(100_000, 100_000);
  const [verifying, seen, forgotten, clock]: [(() => void)[], string[], string[], { now: number }] = [
    [],
    [],
    [],
    { now: NOW },
  ];
  const committed: Operation[] = [];
  const ledger: LedgerPort = {
    commitBatch: (operations) => (committed.push(...operations), new Promise(() => {})),
    close: async () => {},
  };
  const batcher = new Batcher(
    ledger,
    { tapsMax: 4, queueTapsMax },
    () => clock.now,
    () => {},
  );
  const desk = new OrderDesk(
    {
      origin: 'https://tapgrid.example',
      deadlineMsMax: 30_000,
      holdMs: 400,
      multiplierMax: multiplier(1_000),
      stakes: [dollars(1), dollars(5)],
    },
    {
      batcher,
      latency: new LatencyHistogram(),
      feed: { simulated: true },
      now: () => clock.now,
      newId: () => 'bet',
      onPlaced: () => {},
      nonces: {
        mayKnow: (accountId, nonce) => othersMayKnow || nonces.mayKnow(accountId, nonce),
        see: (accountId, nonce, text, now) => (seen.push(nonce), nonces.see(accountId, nonce, text, now)),
        keep: (accountId, nonce, answer) => nonces.keep(accountId, nonce, answer),
        forget: (accountId, nonce) => (forgotten.push(nonce), nonces.forget(accountId, nonce)),
      },
      verify: () => new Promise((resolve) => verifying.push(() => resolve(true))),
      restrictionOf: () => UNRESTRICTED,
      before: { at: endedAt, revision: 1 },
      limitsOf: () => ({
        dailyLoss: null,
        loosening: null,
        pausedUntil: null,
        reminderMinutes: null,
        guardPercent: 80,
      }),
      marketView: () => ({ halted: true }) as MarketView,
    },
  );
  clock.now += 200_000;
  return {
    desk,
    batcher,
    verifying,
    seen,
    forgotten,
    committed,
    clock,
    late: (nonce: string) => ({ ...order(nonce), deadline: clock.now + 1_000 }),
  };
}

test('more orders than can be verified soon are refused at once, before any work; the others are decided', async () => {
  const { desk, verifying, seen, late } = open(10_000);
  const waiting = Array.from({ length: VERIFYING_MAX }, (_, index) => desk.order(late(`n${index}`), session));
  expect(await desk.order(late('one too many'), session)).toEqual({ code: 'busy', retryAfterMs: 1_000 });
  expect([verifying.length, seen.includes('one too many')]).toEqual([VERIFYING_MAX, false]);
  verifying.shift()!();
  expect(await waiting[0]).toEqual({ code: 'halted' });
  const next = desk.order(late('one more'), session);
  await Bun.sleep(0);
  expect(verifying.length).toBe(VERIFYING_MAX);
  for (const end of verifying) end();
  expect(await next).toEqual({ code: 'halted' });
  expect(desk.refusals).toEqual({ busy: 1, halted: VERIFYING_MAX + 1 });
});

test('an order whose deadline passes while its signature is verified is refused as late, before any rule', async () => {
  const { desk, verifying, clock, committed, late } = open(10_000);
  const waiting = desk.order(late('nonce'), session);
  clock.now += 1_000;
  verifying[0]!();
  expect(await waiting).toMatchObject({ code: 'deadline_passed' });
  expect(committed).toEqual([]);
});

test('while the queue of the ledger is full nothing is verified for it', async () => {
  const { desk, batcher, verifying, late } = open(1);
  void batcher.account({ kind: 'see-session', sessionId: 'session', at: NOW });
  void batcher.account({ kind: 'see-session', sessionId: 'session', at: NOW });
  await Bun.sleep(0);
  void batcher.account({ kind: 'see-session', sessionId: 'session', at: NOW });
  expect(await desk.order(late('nonce'), session)).toEqual({ code: 'busy', retryAfterMs: 1_000 });
  expect(verifying).toEqual([]);
});

test('where another process may have seen the order it is looked for first, and forgotten again', async () => {
  const { desk, verifying, seen, forgotten, late } = open(1, true);
  const waiting = desk.order(late('a'), session);
  expect(await desk.order(late('b'), session)).toEqual({ code: 'busy', retryAfterMs: 1_000 });
  expect([verifying.length, seen, forgotten]).toEqual([1, ['a', 'b'], ['b']]);
  verifying[0]!();
  expect(await waiting).toEqual({ code: 'halted' });
});

test('those that are being verified have their room in the queue, and no more is let in than it holds', async () => {
  const { desk, verifying, late } = open(2);
  const waiting = [desk.order(late('a'), session), desk.order(late('b'), session)];
  expect(await desk.order(late('c'), session)).toEqual({ code: 'busy', retryAfterMs: 1_000 });
  expect(verifying.length).toBe(2);
  for (const end of verifying) end();
  expect(await Promise.all(waiting)).toEqual([{ code: 'halted' }, { code: 'halted' }]);
  const next = desk.order(late('d'), session);
  verifying.at(-1)!();
  expect(await next).toEqual({ code: 'halted' });
});

test('who sends an order again that is under way or was decided gets its answer however full the house is', async () => {
  const { desk, verifying, late } = open(1);
  const first = desk.order(late('a'), session);
  const again = desk.order(late('a'), session);
  expect(await desk.order(late('b'), session)).toEqual({ code: 'busy', retryAfterMs: 1_000 });
  verifying[0]!();
  expect(await Promise.all([first, again])).toEqual([{ code: 'halted' }, { code: 'halted' }]);
});

test('an order that is verified when the house has closed is refused, forgotten, and does not reach the ledger', async () => {
  const { desk, batcher, verifying, forgotten, committed, clock, late } = open(10);
  // So soon after a start the ledger is asked about every order of before.
  clock.now = NOW + 20_000;
  const waiting = desk.order(late('a'), session);
  await batcher.close();
  verifying[0]!();
  expect(await waiting).toEqual({ code: 'unknown', retryAfterMs: 1_000 });
  await Bun.sleep(0);
  expect([forgotten, committed]).toEqual([['a'], []]);
});

test.each([
  ['of before, with a deadline that it could have accepted', {}, 0, true],
  ['with a later deadline', { deadline: NOW + 30_001 }, 0, false],
  ['on a revision of this run', { revision: 2 }, 0, false],
  ['of before, where the clock was set back since', { deadline: NOW + 38_000 }, 8_000, true],
] as const)(
  'right after a start the ledger is asked about an order that is refused and may have been taken: %s',
  async (_, {
    deadline = NOW + 30_000,
    revision = 1,
  }: { deadline?: number; revision?: number }, aheadMs, isAsked) => {
    const { desk, clock, verifying, committed } = open(10, false, NOW + aheadMs);
    clock.now = NOW + 9_000;
    const { taps, ...rest } = order('nonce');
    const answer = desk.order({ ...rest, deadline, taps: [{ ...taps[0]!, revision }] }, session);
    verifying[0]!();
    if (!isAsked) expect(await answer).toMatchObject({ code: 'halted' });
    await Bun.sleep(0);
    expect(committed.length).toBe(isAsked ? 1 : 0);
  },
);

test('of orders without room it says which may have been taken: known ones, late ones, those of the run before', async () => {
  const { desk, verifying, late, clock } = open(10_000);
  const known = desk.order(late('known'), session);
  const line = (nonce: string, deadline = clock.now + 1_000, revision = 2) =>
    shedLine({ ...order(nonce), deadline, taps: new Array(2).fill({ revision }) }, session.accountId);
  const oldRevision = line('not-of-the-run-before', clock.now + 1, 1);
  expect(desk.shed(line('known') + line('new') + line('late', clock.now) + oldRevision)).toBe('ubub');
  clock.now -= 200_000;
  expect(desk.shed(line('of-the-run-before', clock.now + 1_000, 1) + line('new'))).toBe('ub');
  expect(desk.refusals).toEqual({ unknown: 6, busy: 6 });
  for (const end of verifying) end();
  await known;
});

test('a full house does not say of an order that the run before may have taken that nothing was deducted', async () => {
  const { desk, clock, late } = open(1);
  void desk.order(late('a'), session);
  clock.now = NOW + 10_000;
  expect(await desk.order({ ...order('old'), deadline: NOW + 30_000 }, session)).toEqual({
    code: 'unknown',
    retryAfterMs: 1_000,
  });
  expect(await desk.order({ ...order('new'), deadline: NOW + 30_001 }, session)).toEqual({
    code: 'busy',
    retryAfterMs: 1_000,
  });
});

describe('an order whose signature was looked at before', () => {
  const checked = (signed: boolean | null) => ({ signed, ms: 0 });

  test('is not looked at again, and is decided by the rules', async () => {
    const { desk, verifying, late } = open(10);
    expect(await desk.order(late('a'), session, null, checked(true))).toEqual({ code: 'halted' });
    expect(verifying).toEqual([]);
  });

  test('and is bad is refused in the order of the checks: deadline, then nonce, then signature', async () => {
    const { desk, verifying, clock, late } = open(10);
    const far = { ...late('far'), deadline: clock.now + 30_001 };
    expect(await desk.order(far, session, null, checked(false))).toMatchObject({ code: 'deadline_too_far' });
    const first = desk.order(late('a'), session);
    const other = { ...late('a'), deadline: clock.now + 2_000 };
    expect(await desk.order(other, session, null, checked(false))).toMatchObject({ code: 'nonce_reused' });
    expect(await desk.order(late('b'), session, null, checked(false))).toMatchObject({
      code: 'bad_signature',
      message: expect.stringContaining('https://tapgrid.example'),
    });
    verifying[0]!();
    await first;
    expect(desk.refusals).toMatchObject({ deadline_too_far: 1, nonce_reused: 1, bad_signature: 1 });
  });

  test('or was not, since the house was full, is answered from memory or not at all', async () => {
    const { desk, verifying, committed, late } = open(10);
    const first = desk.order(late('a'), session);
    const again = desk.order(late('a'), session, null, checked(null));
    expect(await desk.order(late('b'), session, null, checked(null))).toEqual({
      code: 'busy',
      retryAfterMs: 1_000,
    });
    expect(verifying.length).toBe(1);
    verifying[0]!();
    expect(await Promise.all([first, again])).toEqual([{ code: 'halted' }, { code: 'halted' }]);
    expect(committed).toEqual([]);
  });
});
