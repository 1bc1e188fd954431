import { expect, test } from 'bun:test';
import type { EdgeEnd } from '../../server/link/edge-end.ts';
import type { EngineEnd } from '../../server/link/engine-end.ts';
import { CALLS_UNDER_WAY_MAX, TURNED_AWAY_PER_SECOND_MAX } from '../../server/link/limits.ts';
import type { Counted, EdgeHas } from '../../server/ports/counted.ts';
import { heardOf, until, type Ends } from './ends.ts';
import { accepted, betOf, boardAt, NOON, order, session, tickAt } from './scripted-house.ts';

/** What becomes of a link when something goes wrong, and what must not. */
export function breakingContract({ engine, edge }: Ends): void {
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

  test('an engine that says nothing is away until it is heard again', async () => {
    const { house, transport } = engine();
    const { house: remote, end: edgeEnd } = await edge(transport.dial);
    const heard = heardOf(remote.events, 'health', 'tick', 'resumed');
    const looks = (count: number): void => void Array.from({ length: count }, () => edgeEnd.look());
    looks(3);
    expect(remote.health()).toEqual(house.now.health);
    looks(1);
    expect(remote.health()).toMatchObject({
      state: 'open',
      causes: [{ cause: 'engine_away', since: NOON, detail: 'the engine says nothing' }],
    });
    looks(2);
    house.events.emit('tick', tickAt(2));
    await until(() => heard.length === 3);
    expect(heard).toEqual([
      ['health', expect.objectContaining({ state: 'open' })],
      ['health', house.now.health],
      ['tick', tickAt(2)],
    ]);
    expect(remote.health()).toEqual(house.now.health);
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

  test('what operators did is waited for too, and nothing else is', async () => {
    const { house, transport, end } = engine();
    const { house: remote } = await edge(transport.dial);
    const log: string[] = [];
    remote.events.on('restricted', (accountId) => void log.push(`${accountId} is restricted there`));
    house.events.emit('restricted', 'ada');
    house.events.emit('tick', tickAt(2));
    await end.taken();
    log.push('answered');
    expect(log).toEqual(['ada is restricted there', 'answered']);
    house.events.emit('tick', tickAt(3));
    // No turn goes by: a price is waited for by nobody.
    let done = false;
    void end.taken().then(() => void (done = true));
    await Promise.resolve();
    await Promise.resolve();
    expect(done).toBe(true);
  });

  test('what edges count is handed over while there is somebody who takes it, and their sockets are added up', async () => {
    const counted: Counted[] = [];
    const { transport, end } = engine(undefined, (one) => void counted.push(one));
    const [here, there] = await Promise.all([edge(transport.dial), edge(transport.dial)]);
    const count = (slowConsumers: number): Counted => ({
      cpuMs: 3,
      slowConsumers,
      logDropped: 0,
      turnedAway: 2,
      shed: 3,
      traffic: { requests: [['/', 200, 1]], durations: [['/', { sumMs: 0.25, counts: [[3, 1]] }]] },
    });
    here.end.figures(having(2, 0.25), () => count(1));
    there.end.figures(having(3, null), () => count(5));
    await until(() => end.sockets === 5);
    expect(end.readings()).toMatchObject({ memoryBytesMax: 300, openFilesShareMax: 0.25 });
    expect(counted).toEqual([count(1), count(5)]);
    there.end.stop();
    await until(() => end.edges === 1);
    expect([end.sockets, end.readings()]).toEqual([
      2,
      {
        edges: 1,
        lost: 1,
        calls: 0,
        frames: expect.any(Number),
        memoryBytesMax: 200,
        openFilesShareMax: 0.25,
      },
    ]);
    there.end.figures(having(3, null), () => {
      throw new Error('nobody takes it');
    });
  });

  test('more calls than one edge may have are not sent, and those that were are answered', async () => {
    const { house, transport, warned } = engine();
    const { house: remote, end } = await edge(transport.dial);
    const asked = Array.from({ length: CALLS_UNDER_WAY_MAX }, (_, n) => call(end, n));
    await until(() => house.orders.length === CALLS_UNDER_WAY_MAX);
    expect(await remote.order(order(CALLS_UNDER_WAY_MAX), session)).toEqual(UNKNOWN);
    expect(await remote.openAccount({} as never)).toBe('busy');
    house.orders.forEach(({ answer }, n) => answer(accepted(`bet ${n}`)));
    expect((await Promise.all(asked)).at(-1)).toEqual({
      answer: accepted(`bet ${CALLS_UNDER_WAY_MAX - 1}`),
    });
    expect(warned).toEqual([]);
  });

  test('all calls that may be are answered in one turn, however long their answers; so are all bets of a window', async () => {
    const { house, transport, warned } = engine();
    const { house: remote, end } = await edge(transport.dial);
    const asked = Array.from({ length: CALLS_UNDER_WAY_MAX }, (_, n) => call(end, n));
    await until(() => house.orders.length === CALLS_UNDER_WAY_MAX);
    const long = accepted('bet');
    if ('code' in long) throw new Error('it was accepted');
    const answer = { ...long, results: Array.from({ length: 16 }, () => long.results[0]!) };
    const heard: string[] = [];
    remote.events.on('bets', (updates) => void heard.push(...updates.map(({ bet }) => bet.id)));
    const bets = Array.from({ length: 12_000 }, (_, n) => betOf(`bet ${n}`));
    for (const one of house.orders) one.answer(answer);
    house.events.emit('bets', bets);
    expect((await Promise.all(asked)).every((one) => Bun.deepEquals(one, { answer }))).toBe(true);
    await until(() => heard.length === bets.length);
    expect(heard).toEqual(bets.map(({ bet }) => bet.id));
    expect(warned).toEqual([]);
  });

  test('of orders over a rate so many a second are reported, and the others counted', async () => {
    const { house, transport } = engine();
    const { house: remote } = await edge(transport.dial);
    const sent = 5 * TURNED_AWAY_PER_SECOND_MAX;
    for (let n = 0; n < sent; n++) remote.turnedAway(order(n), session);
    await remote.seeSession('session-1', NOON);
    const reported = house.calls.filter(([name]) => name === 'turnedAway').length;
    expect(reported).toBeGreaterThanOrEqual(TURNED_AWAY_PER_SECOND_MAX);
    // A second may have begun meanwhile.
    expect(reported).toBeLessThanOrEqual(2 * TURNED_AWAY_PER_SECOND_MAX);
    expect([remote.takeUnreported(), remote.takeUnreported()]).toEqual([
      { turnedAway: sent - reported, shed: 0 },
      { turnedAway: 0, shed: 0 },
    ]);
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
}

const UNKNOWN = { code: 'unknown', retryAfterMs: 1_000 } as const;

/** An order past the room that an edge itself leaves. */
const call = (end: EdgeEnd, n: number) =>
  end.call('order', [order(n), session, null, { signed: true, ms: 0 }]);

/** As when a process on either side is gone. */
function breakLines(end: EngineEnd): void {
  for (const served of end.served()) served.close();
}

const having = (sockets: number, openFilesShare: number | null): EdgeHas => ({
  sockets,
  people: sockets,
  memoryBytes: sockets * 100,
  openFilesShare,
});
