import { expect, test } from 'bun:test';
import type { TapDesk } from '../game/acceptance.ts';
import type { CellId } from '../game/grid.ts';
import { dollars, multiplier } from '../game/money.ts';
import type { Session } from '../game/session.ts';
import type { LedgerPort } from '../ports/ledger.ts';
import { Batcher } from './batcher.ts';
import { LatencyHistogram } from './latency.ts';
import { OrderDesk, VERIFYING_MAX } from './order-desk.ts';

const NOW = 1_800_000_000_000;
const session = { id: 'session', accountId: 'ada', publicKey: 'key', currency: 'PLAY', stakeMax: dollars(100), dailyCap: dollars(1_000) } as Session;
const order = (nonce: string) => ({ nonce, deadline: NOW + 1_000, signature: 'signature', taps: [{ cell: '1.2.3.4' as CellId, stake: dollars(1), multiplier: multiplier(200), revision: 1 }] });

/** A desk whose verifications end when they are told to, and which refuses by the rules whatever was verified. */
function open(queueTapsMax: number) {
  const [verifying, seen, clock]: [(() => void)[], string[], { now: number }] = [[], [], { now: NOW }];
  const ledger: LedgerPort = { commitBatch: () => new Promise(() => {}), close: async () => {} };
  const batcher = new Batcher(ledger, { tapsMax: 4, queueTapsMax }, () => clock.now, () => {});
  const desk = new OrderDesk(
    { origin: 'https://tapgrid.example', deadlineMsMax: 3_000_000, holdMs: 400, multiplierMax: multiplier(1_000) },
    {
      batcher, latency: new LatencyHistogram(), feed: { simulated: true }, now: () => clock.now, newId: () => 'bet', onPlaced: () => {},
      nonces: { see: (_, nonce) => (seen.push(nonce), { kind: 'first' }), keep: () => {}, forget: () => {} },
      verify: () => new Promise((resolve) => verifying.push(() => resolve(true))),
      limitsOf: () => ({ dailyLoss: null, guardPercent: 80 }),
      desk: () => ({ halted: true }) as TapDesk,
    },
  );
  clock.now += 200_000;
  return { desk, batcher, verifying, seen, late: (nonce: string) => ({ ...order(nonce), deadline: clock.now + 1_000 }) };
}

test('more orders than can be verified soon are refused at once, and neither remembered nor verified; the others are decided', async () => {
  const { desk, verifying, seen, late } = open(10_000);
  const waiting = Array.from({ length: VERIFYING_MAX }, (_, index) => desk.order(late(`n${index}`), session));
  expect(await desk.order(late('one too many'), session)).toEqual({ code: 'busy', retryAfterMs: 1_000 });
  expect([verifying.length, seen.length]).toEqual([VERIFYING_MAX, VERIFYING_MAX]);
  verifying.shift()!();
  expect(await waiting[0]).toEqual({ code: 'halted' });
  const next = desk.order(late('one more'), session);
  await Bun.sleep(0);
  expect(verifying.length).toBe(VERIFYING_MAX);
  for (const end of verifying) end();
  expect(await next).toEqual({ code: 'halted' });
  expect(desk.refusals).toEqual({ busy: 1, halted: VERIFYING_MAX + 1 });
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
