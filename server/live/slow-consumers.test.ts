import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { SOCKET_LIMITS } from '../http/app.ts';
import { createLog } from '../upkeep/log.ts';
import { MESSAGES_PER_SECOND } from './limits.ts';
import { SlowConsumers } from './slow-consumers.ts';
import { Outbox } from './outbox.ts';
import { Connection } from './connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-slow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * A peer that opens a WebSocket by hand, so that it can stop reading. Over a unix socket, where the system
 * holds far less than over TCP.
 */
function peer(path: string, reads: boolean): Promise<Socket> {
  const socket = connect(path);
  socket.write(
    'GET /live HTTP/1.1\r\nHost: localhost\r\nOrigin: https://taps.example\r\nConnection: ' +
      'Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ' +
      'AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('data', () => {
      if (!reads) socket.pause();
      else socket.resume();
      resolve(socket);
    });
  });
}

/** A masked text frame whose mask is nought. */
const frame = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await is()); tries++) {
    if (tries > 3_600) throw new Error(`waited in vain: ${what}`);
    await Bun.sleep(25);
  }
}

test('who asks and does not read is closed and counted; who reads stays, and who just goes away is not counted', async () => {
  const path = join(folder, 'http.sock');
  const loaded = loadConfig({
    LISTEN_SOCKET: path,
    PUBLIC_ORIGIN: 'https://taps.example',
    DATA_DIR: join(folder, 'data'),
    FEED: 'walk:slow',
  });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const tapgrid = await compose(loaded.ok, createLog('silent'), (cause) => {
    throw cause;
  });
  const metric = async (name: string): Promise<number> =>
    Number(
      new RegExp(`^${name} (\\d+)$`, 'm').exec(
        await (await fetch('http://x/metrics', { unix: join(folder, 'data/operations.sock') })).text(),
      )![1],
    );
  try {
    await until(
      'the first price',
      async () => (await fetch('http://x/api/v1/grid', { unix: path })).status === 200,
    );
    const [slow, quick, gone] = [await peer(path, false), await peer(path, true), await peer(path, true)];
    await until('three sockets', async () => (await metric('tapgrid_sockets')) === 3);
    let open = true;
    quick.on('close', () => (open = false));
    gone.destroy();
    await until('two sockets', async () => (await metric('tapgrid_sockets')) === 2);
    expect(await metric('tapgrid_slow_consumers_total')).toBe(0);
    await until('one socket', async () => {
      slow.write(frame('{"type":"snapshot"}'));
      await Bun.sleep(1_000 / MESSAGES_PER_SECOND);
      return (await metric('tapgrid_sockets')) === 1;
    });
    expect([await metric('tapgrid_slow_consumers_total'), open]).toEqual([1, true]);
    quick.destroy();
    slow.destroy();
  } finally {
    await tapgrid.stop();
  }
}, 180_000);

test('who does not read what goes to everybody is counted too', async () => {
  const path = join(folder, 'bare.sock');
  const connections = new Map<unknown, Connection>();
  const consumers = new SlowConsumers({ all: () => connections.values() });
  const server = Bun.serve({
    unix: path,
    fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null, { status: 400 })),
    websocket: {
      ...SOCKET_LIMITS,
      open(ws) {
        connections.set(
          ws,
          new Connection(
            { kind: 'stream', session: null, address: 'somewhere', isGuest: false, board: 5000 },
            ws,
            new Outbox(),
            Date.now(),
          ),
        );
        ws.subscribe('all');
      },
      message() {},
      close(ws, code) {
        consumers.closed(connections.get(ws)!, code);
        connections.delete(ws);
      },
    },
  });
  const [slow, quick] = [await peer(path, false), await peer(path, true)];
  await until('both sockets', () => connections.size === 2);
  // As fast as it goes until something waits, then at the pace of a board.
  const waits = (): boolean => (consumers.look(), [...connections.values()].some(({ isBehind }) => isBehind));
  while (!waits()) {
    for (let i = 0; i < 10; i++) server.publish('all', 'x'.repeat(1000));
    await Bun.sleep(0);
  }
  await until('the close', () => (server.publish('all', 'x'.repeat(1000)), connections.size === 1));
  expect(consumers.count).toBe(1);
  consumers.stop();
  quick.destroy();
  slow.destroy();
  await server.stop(true);
}, 180_000);
