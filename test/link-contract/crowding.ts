import { describe, expect, test } from 'bun:test';
import { ORDERS_INSIDE_MIN, TURNED_AWAY_PER_SECOND_MAX } from '../../server/link/limits.ts';
import type { RemoteHouse } from '../../server/link/remote-house.ts';
import { readShedLines } from '../../server/ports/shed-order.ts';
import type { Ends } from './ends.ts';
import { NOON, order, session } from './scripted-house.ts';

const BUSY = { code: 'busy', retryAfterMs: 1_000 } as const;
const UNKNOWN = { code: 'unknown', retryAfterMs: 1_000 } as const;

/** What becomes of more orders than an edge has room for. */
export function crowdingContract({ engine, edge }: Ends): void {
  describe('orders beyond the room of an edge', () => {
    /** An edge whose room is taken, by orders whose signatures were looked at. */
    async function full(now: () => number, others = 0) {
      const { house, transport } = engine();
      let looked = 0;
      const check = () => (looked++, Promise.resolve(true));
      for (let n = 0; n < others; n++) await edge(transport.dial);
      const { house: remote, end } = await edge(transport.dial, check, now);
      for (let n = 0; n < ORDERS_INSIDE_MIN; n++) void remote.order(order(n), session);
      // Some more are handed on whole, a hundred a second, though nobody looks at them.
      while (house.orders.length < ORDERS_INSIDE_MIN + 1)
        await Promise.race([remote.order(order(9_999), session), Bun.sleep(1)]);
      return { house, remote, end, looked: () => looked };
    }
    const many = (remote: RemoteHouse, from: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          Promise.race([remote.order(order(from + n), session), Bun.sleep(200).then(() => 'whole')]),
        ),
      );

    test('are refused by the engine in one call before anybody looks at them: what it may have taken is unknown', async () => {
      const { house, remote, looked } = await full(() => NOON);
      const answers = await many(remote, 10_000, 400);
      const refused = answers.filter((answer) => answer !== 'whole');
      expect(refused.length).toBeGreaterThanOrEqual(200);
      const ofNonce = (n: number) => (`${n}`.endsWith('7') ? UNKNOWN : BUSY);
      for (const [n, answer] of answers.entries())
        if (answer !== 'whole') expect(answer).toEqual(ofNonce(10_000 + n));
      expect(looked()).toBe(ORDERS_INSIDE_MIN);
      const calls = house.calls.filter(([name]) => name === 'shed');
      expect(calls.length).toBeLessThanOrEqual(10);
      const lines = calls.flatMap(([, text]) => readShedLines(text as string));
      expect(lines.filter(({ nonce }) => Number(nonce.slice(24)) >= 10_000).length).toBe(refused.length);
      expect(lines[0]).toMatchObject({ accountId: 'ada', deadline: NOON + 10_000, revision: 1, taps: 1 });
      const whole = house.orders.filter(({ order }) => Number(order.nonce.slice(24)) >= ORDERS_INSIDE_MIN);
      expect(whole.length).toBeGreaterThanOrEqual(TURNED_AWAY_PER_SECOND_MAX);
      for (const { checked } of whole) expect(checked?.signed).toBeNull();
    });

    test('are refused by an edge that has been alone for so long that nobody else can have handed them on', async () => {
      let at = NOON - 1;
      const { house, remote } = await full(() => at);
      at = NOON;
      house.calls.length = 0;
      // Their deadline is as far ahead as it may be: nobody can have sent them earlier.
      const answers = (await many(remote, 20_000, 300)).filter((answer) => answer !== 'whole');
      expect(answers.length).toBeGreaterThanOrEqual(100);
      expect(answers.every((answer) => Bun.deepEquals(answer, BUSY))).toBe(true);
      expect(house.calls).toEqual([]);
      expect(remote.takeUnreported()).toMatchObject({ shed: answers.length });
      // What it handed on itself the engine is asked about.
      const again = (await many(remote, 0, 200)).filter((answer) => answer !== 'whole');
      expect(again.length).toBeGreaterThanOrEqual(100);
      expect(house.calls.some(([name]) => name === 'shed')).toBe(true);
    });

    test('are never refused without asking while there is another edge', async () => {
      let at = NOON - 1;
      const { house, remote, end } = await full(() => at, 1);
      at = NOON;
      expect(end.aloneSince).toBeNull();
      house.calls.length = 0;
      const answers = (await many(remote, 20_000, 300)).filter((answer) => answer !== 'whole');
      const lines = house.calls.flatMap(([, text]) => readShedLines(text as string));
      expect(lines.length).toBe(answers.length);
      expect(remote.takeUnreported().shed).toBe(0);
    });
  });
}
