import { afterEach, describe, expect, test } from 'bun:test';
import { EdgeEnd } from '../../server/link/edge-end.ts';
import { EngineEnd } from '../../server/link/engine-end.ts';
import { CALLS_UNDER_WAY_MAX } from '../../server/link/limits.ts';
import type { Dial, TakeLine } from '../../server/link/line.ts';
import { RemoteHouse, type CheckSignature } from '../../server/link/remote-house.ts';
import type { HouseEvents } from '../../server/ports/events.ts';
import { accepted, betOf, boardAt, NOON, order, ScriptedHouse, session, tickAt } from './scripted-house.ts';

/** A transport with an engine at its end. */
export interface Transport {
  readonly dial: Dial;
  stop(): void;
}

const GOOD: CheckSignature = () => Promise.resolve(true);

/** What every transport of the link does. @param open gives one whose lines are handed to `take`. */
export function linkContract(name: string, open: (take: TakeLine) => Transport): void {
  let close: (() => void)[] = [];
  afterEach(() => {
    for (const one of close.reverse()) one();
    close = [];
  });

  function engine(house = new ScriptedHouse()) {
    const warned: string[] = [];
    const end = new EngineEnd(house, { warn: (_, message) => void warned.push(message) });
    const transport = open(end.take);
    const stop = () => (end.stop(), transport.stop());
    close.push(stop);
    return { house, end, transport, warned, stop };
  }

  async function edge(dial: Dial, checkSignature: CheckSignature = GOOD) {
    const end = new EdgeEnd({ name: 'edge-1', dial, now: () => NOON });
    close.push(() => end.stop());
    await end.begin();
    return { end, house: new RemoteHouse(end, checkSignature) };
  }

  /** Waits for what is under way between two ends. */
  async function until(holds: () => boolean): Promise<void> {
    for (let turns = 0; !holds() && turns < 2_000; turns++) await Bun.sleep(1);
    expect(holds()).toBe(true);
  }

  function heardOf(events: ScriptedHouse['events'], ...names: (keyof HouseEvents)[]): unknown[] {
    const heard: unknown[] = [];
    for (const one of names)
      events.on(one, ((...data: unknown[]) => void heard.push([one, ...data])) as never);
    return heard;
  }

  describe(`link contract: ${name}`, () => {
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
        expect(remote.priceLine(60_000).at(-1)).toEqual([tickAt(2).at, tickAt(2).price]);
      }
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

    test('when the line breaks, what was under way is unknown, the house is away, and all is told anew', async () => {
      const { house, transport, end } = engine();
      const { house: remote, end: edgeEnd } = await edge(transport.dial);
      const heard = heardOf(remote.events, 'health', 'resumed', 'board');
      const asked = remote.order(order(1), session);
      const ending = remote.changeLimits('ada', { dailyLoss: null });
      await until(() => house.orders.length === 1);
      await ending;
      house.now = { ...house.now, board: boardAt(7), ranges: [] };
      breakLines(end);
      expect(await asked).toEqual({ code: 'unknown', retryAfterMs: 1_000 });
      expect(remote.health()).toMatchObject({
        state: 'open',
        causes: [{ cause: 'engine_away', since: NOON }],
      });
      // Away: an order may have been sent before, an account call was not.
      expect(await remote.order(order(1), session)).toEqual({ code: 'unknown', retryAfterMs: 1_000 });
      expect(await remote.openAccount({} as never)).toBe('busy');
      await until(() => heard.some((one) => (one as string[])[0] === 'resumed'));
      expect(heard).toEqual([
        ['health', expect.objectContaining({ state: 'open' })],
        ['board', boardAt(7)],
        ['health', house.now.health],
        ['resumed'],
      ]);
      expect([remote.health(), remote.blockedRanges()]).toEqual([house.now.health, []]);
      // The answer to what was asked over the old line finds nobody, and disturbs nothing.
      house.orders[0]!.answer(accepted('late'));
      const again = remote.order(order(2), session);
      await until(() => house.orders.length === 2);
      house.orders[1]!.answer(accepted('new'));
      expect(await again).toEqual(accepted('new'));
      expect(edgeEnd.underWay).toBe(0);
    });

    test('a session that was ended on one edge is over on all of them before that is answered', async () => {
      const { transport } = engine();
      const [here, there] = await Promise.all([edge(transport.dial), edge(transport.dial)]);
      const log: string[] = [];
      there.house.events.on('ended', ({ sessionId }) => void log.push(`${sessionId} is over there`));
      await here.house.endSessions('ada', 'session-1');
      log.push('answered');
      expect(log).toEqual(['session-1 is over there', 'answered']);
    });

    test('what edges count is added up, and what was counted by one that is gone stays', async () => {
      const { transport, end } = engine();
      const [here, there] = await Promise.all([edge(transport.dial), edge(transport.dial)]);
      here.end.figures({ sockets: 2, slowConsumers: 1, logDropped: 4 });
      there.end.figures({ sockets: 3, slowConsumers: 5, logDropped: 0 });
      await until(() => end.figures.sockets === 5);
      expect(end.figures).toEqual({ sockets: 5, slowConsumers: 6, logDropped: 4 });
      there.end.stop();
      await until(() => end.edges === 1);
      expect(end.figures).toEqual({ sockets: 2, slowConsumers: 6, logDropped: 4 });
    });

    test('more calls than one edge may have are not sent, and those that were are answered', async () => {
      const { house, transport, warned } = engine();
      const { house: remote } = await edge(transport.dial);
      const asked = Array.from({ length: CALLS_UNDER_WAY_MAX }, (_, n) => remote.order(order(n), session));
      await until(() => house.orders.length === CALLS_UNDER_WAY_MAX);
      expect(await remote.order(order(CALLS_UNDER_WAY_MAX), session)).toEqual({
        code: 'unknown',
        retryAfterMs: 1_000,
      });
      expect(await remote.openAccount({} as never)).toBe('busy');
      house.orders.forEach(({ answer }, n) => answer(accepted(`bet ${n}`)));
      expect((await Promise.all(asked)).at(-1)).toEqual(accepted(`bet ${CALLS_UNDER_WAY_MAX - 1}`));
      expect(warned).toEqual([]);
    });

    test('an edge that breaks the protocol is let go, and the others notice nothing', async () => {
      const { house, transport, warned, end } = engine();
      const { house: honest } = await edge(transport.dial);
      const frames = [
        'no JSON',
        '{}',
        '[null]',
        '[{"t":"call","id":1,"name":"close","args":[]}]',
        '[{"t":"call","id":1,"name":"order","args":[{},{},null,null]}]',
        '[{"t":"call","id":1,"name":"constructor","args":[]}]',
        '[{"t":"hello","version":999,"edge":"new"}]',
        '[{"t":"taken","seq":-1}]',
      ];
      for (const frame of frames) {
        let closed = false;
        await transport.dial((line) => {
          line.send(frame);
          return { frame() {}, closed: () => void (closed = true) };
        });
        await until(() => closed);
      }
      expect(warned.length).toBe(frames.length);
      expect([house.orders, house.calls, end.edges]).toEqual([[], [], 1]);
      const asked = honest.order(order(1), session);
      await until(() => house.orders.length === 1);
      house.orders[0]!.answer(accepted('bet'));
      expect(await asked).toEqual(accepted('bet'));
    });
  });

  /** As when a process on either side is gone. */
  function breakLines(end: EngineEnd): void {
    for (const served of end.served()) served.close();
  }
}
