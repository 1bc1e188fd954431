import { describe, expect, test } from 'bun:test';
import { PRIOR_BOARDS } from '../../server/game/learned/learned-boards.ts';
import type { Cents } from '../../server/game/price.ts';
import type { TakeLine } from '../../server/link/line.ts';
import { breakingContract } from './breaking.ts';
import { crowdingContract } from './crowding.ts';
import { endsOver, heardOf, until, type Transport } from './ends.ts';
import { accepted, betOf, boardAt, NOON, order, session, tickAt } from './scripted-house.ts';

/** What every transport of the link does. @param open gives one whose lines are handed to `take`. */
const CALENDAR = {
  headlines: [{ at: 9, name: 'Prices | 20 %', beforeMs: 5, afterMs: 3 }],
  notice: { at: 9, name: 'Prices | 20 %', from: 4, until: 12, running: true },
};

export function linkContract(name: string, open: (take: TakeLine) => Transport): void {
  describe(`link contract: ${name}`, () => {
    const ends = endsOver(open);
    const { engine, edge } = ends;

    test('an edge knows the whole house before it begins', async () => {
      const { house, transport } = engine();
      const { house: remote } = await edge(transport.dial);
      expect(remote.board()).toEqual(house.board());
      expect(remote.tick()).toEqual(house.tick());
      expect([remote.simulated, remote.feedLabel, remote.runSecret]).toEqual([true, 'a walk', 'a secret']);
      expect(remote.health()).toEqual(house.health());
      expect(remote.blockedRanges()).toEqual(house.blockedRanges());
      expect(remote.counters()).toEqual(house.counters());
      expect(remote.priceLine(1_000)).toEqual(house.priceLine());
    });

    test('every event of the house reaches every edge, in order and to the last digit', async () => {
      const { house, transport } = engine();
      const edges = await Promise.all([edge(transport.dial), edge(transport.dial)]);
      const sent = [
        ['tick', tickAt(2)],
        ['board', boardAt(2)],
        ['bets', [betOf('b1'), betOf('b2')]],
        [
          'health',
          { state: 'open', causes: [{ cause: 'operator', severity: 'open', since: 1, detail: 'tea' }] },
        ],
        ['maintenance', { from: 1, until: 2, reason: 'a "new" disk\n', running: false }],
        ['maintenance', null],
        ['calendar', CALENDAR],
        ['ended', { accountId: 'ada', sessionId: null }],
        ['transferred', 'ada'],
        ['restricted', 'ada'],
        ['blockedRanges', ['2001:db8::/32']],
      ] as const;
      const heard = edges.map(({ house: remote }) =>
        heardOf(remote.events, ...new Set(sent.map(([one]) => one))),
      );
      for (const [event, data] of sent) house.events.emit(event, data as never);
      await until(() => heard.every(({ length }) => length === sent.length));
      expect(heard).toEqual([sent, sent] as never);
      for (const { house: remote } of edges) {
        expect([remote.tick(), remote.board()]).toEqual([tickAt(2), boardAt(2)]);
        expect([remote.health().state, remote.maintenance(), remote.blockedRanges()]).toEqual([
          'open',
          null,
          ['2001:db8::/32'],
        ]);
        expect(remote.calendar()).toEqual(CALENDAR);
        expect(remote.priceLine(60_000).at(-1)).toEqual([tickAt(2).at, tickAt(2).price]);
      }
    });

    test('an edge knows the newest of each board, and no more than a house may have', async () => {
      const { house, transport } = engine();
      const { house: remote } = await edge(transport.dial);
      const heard = heardOf(remote.events, 'board');
      const sent = [15_000, 5_000, 2_000].flatMap((windowMs) => [boardAt(2, windowMs), boardAt(3, windowMs)]);
      for (const board of sent) house.events.emit('board', board);
      await until(() => heard.length === sent.length);
      expect(remote.boards()).toEqual([2_000, 5_000, 15_000].map((windowMs) => boardAt(3, windowMs)));
      expect([remote.board(), remote.board(15_000), remote.board(4_000)]).toEqual([
        boardAt(3),
        boardAt(3, 15_000),
        null,
      ]);
      for (const windowMs of [20_000, 25_000, 30_000, 35_000])
        house.events.emit('board', boardAt(4, windowMs));
      await until(() => heard.length === sent.length + 4);
      expect(remote.boards().map(({ windowMs }) => windowMs)).toEqual([2_000, 5_000, 15_000, 20_000, 25_000]);
      // What all boards have in common does not come with each of them.
      const { revision } = boardAt(4, 15_000);
      const columns = [{ start: NOON, windowMs: 5_000, band: 100, low: 7_604_100 as Cents, haircut: 0 }];
      house.events.emit('board', {
        ...boardAt(4, 15_000),
        revision: { ...revision, columns, learned: PRIOR_BOARDS },
      });
      await until(() => remote.board(15_000)?.revision.revision === 4);
      expect(remote.board(15_000)).toEqual(boardAt(4, 15_000));
    });

    test('where prices come from is told before the first of them', async () => {
      const { house, transport } = engine();
      const { house: remote } = await edge(transport.dial);
      house.events.emit('tick', tickAt(2));
      const seen: unknown[] = [];
      remote.events.on('tick', ({ seq }) => void seen.push([seq, remote.feedLabel, remote.simulated]));
      house.feedLabel = 'Kraken';
      house.simulated = false;
      house.events.emit('tick', tickAt(3));
      await until(() => seen.length === 2);
      expect(seen[1]).toEqual([3, 'Kraken', false]);
    });

    test('orders are answered by their number, in whatever order they are decided', async () => {
      const { house, transport } = engine();
      const { house: remote } = await edge(transport.dial);
      const asked = [1, 2, 3].map((n) => remote.order(order(n), session, `request ${n}`));
      await until(() => house.orders.length === 3);
      expect(house.orders.map(({ order: { nonce }, requestId }) => [nonce, requestId])).toEqual(
        [1, 2, 3].map((n) => [order(n).nonce, `request ${n}`]),
      );
      for (const n of [2, 0, 1]) house.orders[n]!.answer(accepted(`bet ${n}`));
      expect(await Promise.all(asked)).toEqual([0, 1, 2].map((n) => accepted(`bet ${n}`)));
    });

    test('a signature is looked at on the edge, and what was found goes along with the order', async () => {
      const { house, transport } = engine();
      const findings = [Promise.resolve(true), Promise.resolve(false), null];
      const { house: remote } = await edge(transport.dial, () => findings.shift()!);
      for (const n of [1, 2, 3]) {
        void remote.order(order(n), session);
        await until(() => house.orders.length === n);
      }
      expect(house.orders.map(({ checked }) => checked?.signed)).toEqual([true, false, null]);
      for (const { checked } of house.orders) expect(checked!.ms).toBeLessThan(1_000);
    });

    test('a house that is full is asked, but no signature is looked at for it', async () => {
      const { house, transport } = engine();
      let looked = 0;
      const { house: remote } = await edge(transport.dial, () => (looked++, Promise.resolve(true)));
      const first = remote.order(order(1), session);
      await until(() => house.orders.length === 1);
      house.orders[0]!.answer({ code: 'busy', retryAfterMs: 1_000 });
      expect(await first).toEqual({ code: 'busy', retryAfterMs: 1_000 });
      void remote.order(order(2), session);
      await until(() => house.orders.length === 2);
      expect([looked, house.orders[1]!.checked!.signed]).toEqual([1, null]);
    });

    test('account calls reach the house as they were made, and so do their answers', async () => {
      const { house, transport } = engine();
      const { house: remote } = await edge(transport.dial);
      const account = { accountId: 'ada', currency: 'PLAY', address: null, grant: 5 } as never;
      const calls: (() => Promise<unknown>)[] = [
        () => remote.openAccount(account),
        () => remote.startSession(session),
        () => remote.startSession(session, 'a registered key'),
        () => remote.refill('ada', 1 as never, 10_000 as never),
        () => remote.seeSession('session-1', NOON),
        () => remote.endSessions('ada', null),
        () => remote.changeLimits('ada', { dailyLoss: null, pause: 'week' }),
      ];
      for (const call of calls.slice(0, -1)) expect(await call()).toBeNull();
      expect(await calls.at(-1)!()).toEqual(await house.changeLimits('', {}));
      expect(house.calls.slice(0, -1)).toEqual([
        ['openAccount', account],
        ['startSession', session, undefined],
        ['startSession', session, 'a registered key'],
        ['refill', 'ada', 1, 10_000],
        ['seeSession', 'session-1', NOON],
        ['endSessions', 'ada', null],
        ['changeLimits', 'ada', { dailyLoss: null, pause: 'week' }],
      ]);
      house.refusal = 'key_reused';
      for (const call of calls.slice(0, -1)) expect(await call()).toBe('key_reused');
      expect(await calls.at(-1)!()).toEqual({ code: 'key_reused', message: 'a sentence', retryAfterMs: 5 });
      remote.turnedAway(order(1), session, 'request');
      await until(() => house.calls.at(-1)![0] === 'turnedAway');
      expect(house.calls.at(-1)).toEqual(['turnedAway', order(1), session, 'request']);
    });

    test('what the writer could not do is unknown', async () => {
      const { house, transport } = engine();
      const { house: remote } = await edge(transport.dial);
      const asked = remote.order(order(1), session);
      await until(() => house.orders.length === 1);
      house.orders[0]!.fail();
      expect(await asked).toEqual({ code: 'unknown', retryAfterMs: 1_000 });
    });

    breakingContract(ends);
    crowdingContract(ends);
  });
}
