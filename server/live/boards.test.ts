import { afterEach, describe, expect, test } from 'bun:test';
import { multiplier } from '../game/money.ts';
import { cents } from '../game/price.ts';
import { Events, type Board } from '../ports/events.ts';
import type { RawSocket, SocketCaller } from './connection.ts';
import type { LiveDeps } from './deps.ts';
import { LiveHub } from './hub.ts';
import { MESSAGES_BURST } from './limits.ts';

const BOARDS = [2000, 5000, 15_000];
const START = 1_800_000_000_000;
const WATCHERS = 10_000;

const hubs: LiveHub[] = [];
afterEach(() => hubs.splice(0).forEach((hub) => hub.stop()));

const boardOf = (windowMs: number, revision: number): Board => ({
  revision: { revision, at: START, tickSeq: revision, inputs: {} as never, columns: [], pause: null },
  tick: { seq: revision, at: START, price: cents(7_600_000), sources: [] },
  windowMs,
  rows: 2,
  columns: [0, 1, 2].map((ahead) => ({
    start: START + ahead * windowMs,
    band: 1000,
    low: cents(7_599_000),
    locked: ahead < 2,
    multipliers: [multiplier(200 + revision), multiplier(300)],
  })),
});

/** A hub on a house of such boards, and a server that publishes to whoever has subscribed. */
function open(windows: readonly number[], turnOf: (work: () => void) => void = (work) => work()) {
  const events = new Events();
  let revision = 1;
  const deps = {
    house: {
      events,
      board: (windowMs = 5000) => (windows.includes(windowMs) ? boardOf(windowMs, revision) : null),
      health: () => ({ state: 'closed', causes: [] }),
      maintenance: () => null,
      calendar: () => ({ notice: null, entries: [] }),
      crowd: () => ({ people: 1, wins: [], wanted: [] }),
      simulated: true,
      feedLabel: 'simulated prices',
    },
    books: {},
    limits: { socketsMax: 2 * WATCHERS, socketsPerAddressMax: 2 * WATCHERS },
    turns: { take: (_: string, work: () => void) => turnOf(work) },
    rules: { stakes: [1], windows, windowMs: 5000, tapsPerSignatureMax: 16 },
    now: () => START,
    log: { error: (fault: object) => expect(fault).toBeNull() },
  };
  const hub = new LiveHub(deps as unknown as LiveDeps);
  hubs.push(hub);
  const subscribers = new Map<string, Set<string[]>>();
  const published: string[] = [];
  hub.attach({
    publish(topic, frame) {
      published.push(topic);
      for (const frames of subscribers.get(topic) ?? []) frames.push(frame);
      return 1;
    },
  });
  /** Opens a socket on a board: what it got, and how to say something. */
  const watch = (board: number, kind: SocketCaller['kind'] = 'page') => {
    const frames: string[] = [];
    const raw: RawSocket = {
      send: (frame) => frames.push(frame),
      cork: (work) => work(),
      getBufferedAmount: () => 0,
      subscribe: (topic) => void subscribers.set(topic, (subscribers.get(topic) ?? new Set()).add(frames)),
      unsubscribe: (topic) => void subscribers.get(topic)?.delete(frames),
      ping: () => {},
      close: (code) => frames.push(`closed ${code}`),
    };
    const connection = hub.enter({ kind, session: null, address: 'a', isGuest: false, board }, raw)!;
    hub.greet(connection);
    return { frames, say: (message: object) => hub.hear(connection, JSON.stringify(message)) };
  };
  /** A price, and new quotes of every board behind it. */
  const step = () => {
    revision++;
    events.emit('tick', boardOf(5000, revision).tick);
    for (const windowMs of windows) events.emit('board', boardOf(windowMs, revision));
  };
  return { watch, step, published, subscribers };
}

const parsed = (frames: readonly string[]) =>
  frames.filter((frame) => '[{'.includes(frame[0]!)).map((frame) => JSON.parse(frame));
const numbered = (frames: readonly string[]) =>
  parsed(frames).filter((frame) => frame[0] === 't' || frame[0] === 'g');
const snapshots = (frames: readonly string[]) =>
  parsed(frames).filter(({ type }) => type === 'snapshot' || type === 'hello');
const windowOf = (frame: { grid?: [number]; windowMs?: number }) => frame.grid?.[0] ?? frame.windowMs;

test('10,000 watchers on three boards get no more frames each than on one, and none is written for each', () => {
  const [one, three] = [open([5000]), open(BOARDS)];
  const alone = Array.from({ length: 100 }, () => one.watch(5000));
  const apart = Array.from({ length: WATCHERS }, (_, i) => three.watch(BOARDS[i % 3]!));
  for (const house of [one, three]) {
    house.published.length = 0;
    house.step();
    house.step();
  }
  const counts = new Set(apart.map(({ frames }) => numbered(frames).length));
  expect(counts).toEqual(new Set([4]));
  expect(new Set(alone.map(({ frames }) => numbered(frames).length))).toEqual(counts);
  expect(new Set(apart.map(({ frames }) => frames.length))).toEqual(new Set([alone[0]!.frames.length]));
  // Each frame is published once for each board and kind of socket, however many watch.
  expect(three.published.length).toBe(3 * one.published.length);
  expect(new Set(three.published).size).toBe(6);
});

describe.each(['page', 'stream'] as const)('a %s', (kind) => {
  test('that changes boards gets a snapshot of the other, then its frames without a hole, and none of the one before', () => {
    const house = open(BOARDS);
    const { frames, say } = house.watch(5000, kind);
    house.step();
    say({ type: 'board', board: 'quick' });
    expect(snapshots(frames).map(windowOf)).toEqual([5000, 2000]);
    const from = frames.length;
    house.step();
    house.step();
    const since = frames.slice(from);
    const seqs = parsed(since).map((frame) => (Array.isArray(frame) ? frame[1] : frame.seq) as number);
    const first = snapshots(frames).at(-1)!.seq as number;
    expect(seqs).toEqual([1, 2, 3, 4].map((after) => first + after));
    expect(house.subscribers.get(`public-${kind}-5000`)!.size).toBe(0);
    // The length of a window as it shows in the frames themselves.
    for (const frame of parsed(since)) {
      if (frame[0] === 'g') expect(frame[6].map(([index]: [number]) => index)).toEqual([0, 1, 2]);
      if (frame.type === 'grid')
        expect(frame.columns.map(({ start }: { start: number }) => start - START)).toEqual([0, 2000, 4000]);
    }
    say({ type: 'board', board: '15000' });
    expect(snapshots(frames).map(windowOf)).toEqual([5000, 2000, 15_000]);
  });

  test('that asks for a board that there is not hears which there are, and keeps its own', () => {
    const house = open(BOARDS);
    const { frames, say } = house.watch(5000, kind);
    for (const board of ['fast', '', '2000.0', 'constructor']) say({ type: 'board', board });
    const errors = parsed(frames).filter(({ type }) => type === 'error');
    expect(errors.map(({ error }) => error.code)).toEqual(Array(4).fill('unknown_board'));
    expect(errors[0].error.message).toContain('quick, 2000, normal, 5000, long, 15000');
    expect(snapshots(frames)).toHaveLength(1);
    say({ type: 'board', board: 5000 });
    say({ type: 'board' });
    expect(
      parsed(frames)
        .filter(({ type }) => type === 'error')
        .slice(4)
        .map(({ error }) => [error.code, error.field]),
    ).toEqual([
      ['bad_request', 'board'],
      ['bad_request', 'board'],
    ]);
  });
});

test('who changes boards again and again while a snapshot waits gets one, of the last, and is closed as any flood', () => {
  const waiting: (() => void)[] = [];
  const house = open(BOARDS, (work) => void waiting.push(work));
  const { frames, say } = house.watch(5000);
  waiting.shift()!();
  for (let i = 0; i < MESSAGES_BURST; i++) say({ type: 'board', board: ['quick', 'long'][i % 2] });
  expect(waiting).toHaveLength(1);
  expect(snapshots(frames).map(windowOf)).toEqual([5000]);
  // Meanwhile its prices and those of its board go on.
  house.step();
  expect(numbered(frames)).toHaveLength(2);
  waiting.shift()!();
  expect(snapshots(frames).map(windowOf)).toEqual([5000, 15_000]);
  say({ type: 'board', board: 'quick' });
  expect(frames.at(-1)).toBe('closed 4429');
});

test('a hole and a change of boards end in one state', () => {
  const waiting: (() => void)[] = [];
  const house = open(BOARDS, (work) => void waiting.push(work));
  const { frames, say } = house.watch(5000);
  waiting.shift()!();
  say({ type: 'snapshot' });
  say({ type: 'board', board: 'quick' });
  say({ type: 'snapshot' });
  expect(waiting).toHaveLength(1);
  waiting.shift()!();
  house.step();
  expect(snapshots(frames).map(windowOf)).toEqual([5000, 2000]);
  expect(numbered(frames).map(([, seq]) => seq)).toEqual([1, 2]);
});
