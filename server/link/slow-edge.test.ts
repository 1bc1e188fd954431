import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boardAt, order, ScriptedHouse, session } from '../../test/link-contract/scripted-house.ts';
import { LINK_VERSION } from './asking.ts';
import { EdgeEnd } from './edge-end.ts';
import { EngineEnd } from './engine-end.ts';
import { encodedFrame, FrameReader, messagesOf } from './frames.ts';
import { CALLS_UNDER_WAY_MAX, NEWS_WAITING_BYTES_MAX } from './limits.ts';
import type { Telling } from './telling.ts';
import { dialAt, listenForEdges } from './unix-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-slow-edge-'));
const path = join(folder, 'link.sock');
const house = new ScriptedHouse();
const warned: string[] = [];
const end = new EngineEnd(house, { warn: (_, message) => void warned.push(message) });
const listener = listenForEdges(path, end.take);
afterAll(() => {
  end.stop();
  listener.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An edge that reads when it is told to, as one that is stopped. */
async function slowEdge(): Promise<{
  socket: Socket;
  received: Telling[];
  say: (...messages: object[]) => void;
}> {
  const socket = connect(path);
  const reader = new FrameReader();
  const received: Telling[] = [];
  socket.on('data', (piece) => {
    for (const frame of reader.read(piece)!) received.push(...(messagesOf(frame) as Telling[]));
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const say = (...messages: object[]) => void socket.write(encodedFrame(JSON.stringify(messages))!);
  say({ t: 'hello', version: LINK_VERSION, edge: 'edge-slow' }, { t: 'whole' });
  await until(() => received.some(({ t }) => t === 'whole'));
  return { socket, received, say };
}

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds() && turns < 5_000; turns++) await Bun.sleep(1);
  expect(holds()).toBe(true);
}

test('news that a stopped edge does not take are dropped for it alone, and the hole tells it to ask anew', async () => {
  const { socket, received, say } = await slowEdge();
  const quick = new EdgeEnd({ name: 'edge-quick', dial: dialAt(path), now: () => 1 });
  await quick.begin();
  const seen: number[] = [];
  quick.mirror.events.on('board', ({ revision }) => void seen.push(revision.revision));
  socket.pause();
  const boards = Math.ceil((2 * NEWS_WAITING_BYTES_MAX) / JSON.stringify(boardAt(1)).length);
  for (let n = 1; n <= boards; n++) {
    house.events.emit('board', boardAt(n));
    if (n % 100 === 0) await new Promise(setImmediate);
  }
  await until(() => seen.length === boards);
  const [slow] = [...end.served()].filter(({ name }) => name === 'edge-slow');
  expect(slow!.waiting).toBeLessThan(NEWS_WAITING_BYTES_MAX + 1_000_000);
  socket.resume();
  await until(() => slow!.waiting === 0);
  house.events.emit('board', boardAt(boards + 1));
  const numbers = () =>
    received.flatMap((one) => (one.t === 'news' && one.name === 'board' ? [one.seq] : []));
  await until(() =>
    received.some(
      (one) => one.t === 'news' && one.name === 'board' && one.data.revision.revision === boards + 1,
    ),
  );
  expect(numbers().some((seq, index) => index > 0 && seq !== numbers()[index - 1]! + 1)).toBe(true);
  say({ t: 'whole' });
  await until(() => received.filter(({ t }) => t === 'whole').length === 2);
  expect(warned).toEqual([]);
  quick.stop();
  socket.destroy();
  await until(() => end.edges === 0);
});

test('an edge that asks for more than it may have under way is let go', async () => {
  const { socket, say } = await slowEdge();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (let n = 0; n <= CALLS_UNDER_WAY_MAX; n++)
    say({ t: 'call', id: n, name: 'order', args: [order(n), session, null, null] });
  await closed;
  expect(house.orders.length).toBe(CALLS_UNDER_WAY_MAX);
  expect(warned.splice(0)).toEqual([expect.stringContaining('more calls than one edge may have')]);
  for (const { fail } of house.orders.splice(0)) fail();
});

test('an end of a session is answered though one edge says nothing', async () => {
  const { socket } = await slowEdge();
  const other = new EdgeEnd({ name: 'edge-other', dial: dialAt(path), now: () => 1 });
  await other.begin();
  // It has asked for the whole, and was never heard of again.
  const ending = other.call('endSessions', ['ada', 'session-1']);
  socket.destroy();
  expect(await ending).toEqual({ answer: null });
  other.stop();
});
