import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  accepted,
  betOf,
  boardAt,
  order,
  ScriptedHouse,
  session,
  tickAt,
} from '../../test/link-contract/scripted-house.ts';
import { LINK_VERSION, readAsking } from './asking.ts';
import { EdgeEnd } from './edge-end.ts';
import { EngineEnd } from './engine-end.ts';
import { encodedFrame, FrameReader, framesOf, messagesOf } from './frames.ts';
import { FRAME_BYTES_MAX, FRAME_LENGTH_AIM } from './limits.ts';
import type { LineUser } from './line.ts';
import { dialWithin } from '../../test/link-contract/pair.ts';
import { readTelling } from './telling.ts';

/** The bytes in pieces, cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.slice(from, at[index] ?? bytes.length));
}

test('frames come out as they went in, wherever the stream was cut, also when its memory is used again', () =>
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }),
      fc.array(fc.nat(4_000)),
      (texts, places) => {
        const frames = texts.map((text) => JSON.stringify([text]));
        const reader = new FrameReader();
        const read = cut(Buffer.concat(frames.map((frame) => encodedFrame(frame)!)), places).flatMap(
          (piece) => {
            const found = reader.read(piece)!;
            piece.fill(0xff);
            return found;
          },
        );
        expect(read).toEqual(frames);
        expect(reader.waiting).toBe(0);
      },
    ),
  ));

test('a frame above the bound is refused by its head, on both ends', () => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(FRAME_BYTES_MAX + 1);
  expect(new FrameReader().read(head)).toBeNull();
  expect(encodedFrame(' '.repeat(FRAME_BYTES_MAX + 1))).toBeNull();
  expect(encodedFrame(' '.repeat(FRAME_BYTES_MAX))!.length).toBe(FRAME_BYTES_MAX + 4);
});

test('what is said in one turn is spread over frames that no reader refuses, in order', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(FRAME_LENGTH_AIM), { maxLength: 40 }), (lengths) => {
      const messages = lengths.map((length, index) => JSON.stringify(`${index}`.padEnd(length, '€')));
      const frames = framesOf(messages);
      expect(frames.flatMap((frame) => messagesOf(frame)!.map((one) => JSON.stringify(one)))).toEqual(
        messages,
      );
      for (const frame of frames) expect(encodedFrame(frame)).not.toBeNull();
    }),
    { numRuns: 20 },
  ));

test('what is no UTF-8 is no frame', () =>
  expect(new FrameReader().read(Uint8Array.of(0, 0, 0, 2, 0xc3, 0x28))).toBeNull());

test('no bytes make a reader throw, or keep more than a frame', () =>
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (pieces) => {
      const reader = new FrameReader();
      for (const piece of pieces) {
        const frames = reader.read(piece);
        if (frames === null) return;
        for (const frame of frames) messagesOf(frame);
        expect(reader.waiting).toBeLessThanOrEqual(FRAME_BYTES_MAX + 64);
      }
    }),
  ));

const ASKED = [
  { t: 'hello', version: LINK_VERSION, edge: 'edge-1' },
  { t: 'call', id: 1, name: 'order', args: [order(1), session, null, { signed: null, ms: 0.5 }] },
  { t: 'call', id: 2, name: 'changeLimits', args: ['ada', { pause: null }] },
  { t: 'call', id: 3, name: 'nameAccount', args: ['ada', 'Ada'] },
  { t: 'turned-away', args: [order(1), session, 'request'] },
  { t: 'taken', seq: 4 },
  {
    t: 'figures',
    has: { sockets: 2, people: 1, memoryBytes: 3, openFilesShare: null },
    counted: {
      cpuMs: 9,
      slowConsumers: 1,
      logDropped: 0,
      turnedAway: 7,
      shed: 8,
      traffic: { requests: [['/', 200, 3]], durations: [['/', { sumMs: 0.5, counts: [[4, 3]] }]] },
    },
  },
];
const WHOLE = new ScriptedHouse();
const TELLINGS = [
  { t: 'hello', version: LINK_VERSION, build: '0.1.0', run: 'run' },
  {
    t: 'whole',
    seq: 4,
    whole: {
      ...{
        runSecret: 'a secret',
        simulated: true,
        feedLabel: 'a walk',
        counters: WHOLE.counters(),
        headStarts: WHOLE.headStarts(),
        edges: 2,
        priceLine: WHOLE.priceLine(),
        calendar: WHOLE.calendar(),
        crowd: WHOLE.crowd(),
        leaderboards: WHOLE.leaderboards(),
      },
      ...{
        boards: [boardAt(1)],
        tick: tickAt(1),
        health: WHOLE.health(),
        maintenance: null,
        blockedRanges: [],
      },
    },
  },
  { t: 'news', seq: 5, name: 'board', data: boardAt(2) },
  { t: 'news', seq: 6, name: 'bets', data: [betOf('b')] },
  { t: 'news', seq: 7, name: 'crowd', data: WHOLE.crowd() },
  { t: 'news', seq: 8, name: 'leaderboards', data: WHOLE.leaderboards() },
  { t: 'answer', id: 1, answer: accepted('bet') },
];

test('all that either end says is read by the other', () => {
  expect(ASKED.map(readAsking)).toEqual(ASKED as never);
  expect(TELLINGS.map(readTelling)).toEqual(TELLINGS as never);
});

/** A message of which one value somewhere is another one. */
const spoilt = (messages: readonly object[]) =>
  fc
    .tuple(fc.constantFrom(...messages), fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
    .map(([message, at, value]) => {
      const copy = JSON.parse(JSON.stringify(message));
      const places: [object: Record<string, unknown>, key: string][] = [];
      const walk = (object: Record<string, unknown>): void => {
        for (const [key, inner] of Object.entries(object)) {
          places.push([object, key]);
          if (typeof inner === 'object' && inner !== null) walk(inner as Record<string, unknown>);
        }
      };
      walk(copy);
      const [object, key] = places[at % places.length]!;
      object[key] = value;
      return JSON.parse(JSON.stringify(copy)) as unknown;
    });

test('whatever an edge says, the house is asked for nothing that has not the shape of a call, and goes on', () =>
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), spoilt(ASKED)), { maxLength: 6 }), (messages) => {
      const house = new ScriptedHouse();
      const end = new EngineEnd(house, { warn() {} });
      let closed = false;
      const user: LineUser = end.take({
        send() {},
        waiting: 0,
        close: () => {
          closed = true;
          user.closed();
        },
      });
      user.frame(JSON.stringify(messages));
      const strange = messages.some((one) => readAsking(one) === null);
      if (strange) expect(closed).toBe(true);
      for (const { order: asked } of house.orders) expect(asked.nonce.length).toBe(36);
      expect(end.edges).toBe(closed ? 0 : 1);
      end.stop();
    }),
  ));

test('whatever an engine says, an edge goes on: it dials anew where it cannot read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.jsonValue(), spoilt(TELLINGS)), { maxLength: 6 }),
      async (messages) => {
        const frames: string[] = [];
        let closed = false;
        const dial = dialWithin((line) => {
          line.send(JSON.stringify(TELLINGS.slice(0, 2)));
          line.send(JSON.stringify(messages));
          return { frame: (text) => void frames.push(text), closed: () => void (closed = true) };
        });
        const end = new EdgeEnd({ name: 'edge-1', dial, now: () => 1 });
        await end.begin();
        await new Promise(setImmediate);
        await new Promise(setImmediate);
        expect(end.mirror.known.feedLabel).toBeString();
        if (messages.some((one) => readTelling(one) === null)) expect(closed).toBe(true);
        end.stop();
      },
    ),
    { numRuns: 50 },
  );
});

test('an engine of another version is named, also where it says more, and nothing is exchanged', async () => {
  const named: string[] = [];
  const dial = dialWithin((line) => {
    line.send(JSON.stringify([{ t: 'hello', version: 999, build: '9.9.9', run: 'run', more: 1 }]));
    return { frame() {}, closed() {} };
  });
  const onEngine = ({ version, build }: { version: number; build: string }) =>
    void named.push(`${version} ${build}`);
  const end = new EdgeEnd({ name: 'edge-1', dial, now: () => 1, onEngine });
  void end.begin();
  for (let tries = 0; named.length === 0 && tries < 200; tries++) await new Promise(setImmediate);
  expect(named[0]).toBe('999 9.9.9');
  expect(await end.call('endSessions', ['ada', 'session-1'])).toBeString();
  end.stop();
});
