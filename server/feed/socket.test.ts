import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from './clock.ts';
import { until } from '../../test/exchange-replica/hand-clock.ts';
import { connect, host, stopAll, stops } from '../../test/exchange-replica/line.ts';
import { ReconnectingSocket, SOCKET_LIMITS, type FrameVerdict } from './socket.ts';

afterEach(stopAll);

describe('a connection ends and comes back', () => {
  const losses: [string, (socket: Bun.ServerWebSocket<undefined>) => void, string][] = [
    ['closed with a code', (socket) => socket.close(1012, 'restart'), 'closed by the venue (1012)'],
    ['TCP cut', (socket) => socket.terminate(), 'closed by the venue (1006)'],
    [
      'a frame above the limit',
      (socket) => socket.send('x'.repeat(SOCKET_LIMITS.frameBytesMax + 1)),
      'a frame of 1048577 bytes',
    ],
    [
      'a binary frame above the limit',
      (socket) => socket.send(new Uint8Array(SOCKET_LIMITS.frameBytesMax + 1)),
      'a frame of 1048577 bytes',
    ],
  ];
  test.each(losses)('%s', async (_name, misbehave, why) => {
    const { url, sockets, heard } = host();
    const client = connect(url);
    await until(() => heard.length === 1, 'the first greeting');
    misbehave(sockets[0]!);
    await until(() => client.losses.length === 1, 'the loss');
    expect(client.losses).toEqual([why]);
    expect(client.frames).toEqual([]);
    expect(client.socket.state).toBe('waiting');
    client.clock.advance(1_000);
    await until(() => heard.length === 2, 'the second greeting');
    expect(heard).toEqual(['hello', 'hello']);
    expect(client.socket.state).toBe('open');
  });

  test('a frame at the limit is taken', async () => {
    const { url, sockets } = host();
    const client = connect(url);
    await until(() => sockets.length === 1, 'a connection');
    sockets[0]!.send('x'.repeat(SOCKET_LIMITS.frameBytesMax));
    await until(() => client.frames.length === 1, 'the frame');
    expect(client.losses).toEqual([]);
  });

  test('the owner says so', async () => {
    const { url, sockets } = host();
    const client = connect(url, { verdict: { lost: 'enough' } });
    await until(() => sockets.length === 1, 'a connection');
    sockets[0]!.send('one');
    sockets[0]!.send('two');
    await until(() => client.losses.length === 1, 'the loss');
    expect(client.losses).toEqual(['enough']);
    await Bun.sleep(20);
    expect(client.frames).toEqual(['one']);
  });

  test('an upgrade that is never answered', async () => {
    const { url } = host(() => new Promise<Response>(() => {}));
    const client = connect(url);
    await Bun.sleep(30);
    expect(client.losses).toEqual([]);
    client.clock.advance(5_000);
    expect(client.losses).toEqual(['no connection within 5000 ms']);
    expect(client.clock.due()).toEqual([1_000]);
  });

  test('nobody listens there', async () => {
    const gone = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
    const url = `ws://127.0.0.1:${gone.port}/`;
    await gone.stop(true);
    const client = connect(url);
    await until(() => client.losses.length === 1, 'the refusal');
    expect(client.socket.state).toBe('waiting');
  });
});

describe('silence', () => {
  const opened = async (options: Parameters<typeof connect>[1] = {}) => {
    const server = host();
    const client = connect(server.url, options);
    await until(() => server.heard.length === 1, 'the greeting');
    return { ...server, ...client };
  };

  test('no sign of life for 10 s ends the connection', async () => {
    const { clock, losses } = await opened();
    clock.advance(10_000);
    expect(losses).toEqual([]);
    clock.advance(200);
    expect(losses).toEqual(['silent for 10200 ms']);
  });

  test('pings of the venue are answered and are life; noise is not', async () => {
    const { socket, clock, losses, sockets, frames } = await opened();
    clock.advance(6_000);
    sockets[0]!.send('noise');
    await until(() => frames.length === 1, 'the noise');
    clock.advance(3_000);
    expect(socket.signAt).toBe(clock.now() - 9_000);
    sockets[0]!.ping('are you there');
    await until(() => socket.signAt === clock.now(), 'the ping');
    clock.advance(9_000);
    expect(losses).toEqual([]);
    clock.advance(2_000);
    expect(losses).toEqual(['silent for 10200 ms']);
  });

  test('a pong is life, so a probed line that answers stays', async () => {
    const { socket, clock, losses } = await opened({ keepAlive: { everyMs: 20_000, frame: null } });
    for (let i = 0; i < 12; i++) {
      clock.advance(1_000);
      await until(() => socket.signAt === clock.now(), 'a pong');
    }
    expect(losses).toEqual([]);
  });

  test('life without data for 30 s ends the connection too', async () => {
    const { clock, losses, sockets, frames } = await opened();
    for (let second = 0; second < 30; second++) {
      clock.advance(1_000);
      sockets[0]!.send('life');
      await until(() => frames.length === second + 1, 'life');
    }
    expect(losses).toEqual([]);
    clock.advance(200);
    expect(losses).toEqual(['no quote for 30200 ms']);
  });

  test('a quiet line is probed, and not more often than every 800 ms', async () => {
    const { clock, heard } = await opened({ keepAlive: { everyMs: 20_000, frame: 'still there?' } });
    clock.advance(600);
    await Bun.sleep(20);
    expect(heard).toEqual(['hello']);
    clock.advance(1_800);
    await until(() => heard.length === 4, 'three probes');
    await Bun.sleep(20);
    expect(heard).toEqual(['hello', 'still there?', 'still there?', 'still there?']);
  });

  test('a busy line gets its keep-alive every everyMs all the same', async () => {
    const { clock, heard, sockets, frames } = await opened({ keepAlive: { everyMs: 2_000, frame: null } });
    for (let i = 0; i < 11; i++) {
      clock.advance(400);
      sockets[0]!.send('data');
      await until(() => frames.length === i + 1, 'data');
    }
    await until(() => heard.length === 3, 'two pings');
    expect(heard).toEqual(['hello', '<ping>', '<ping>']);
  });

  test('a peer that completes the handshake and then freezes', async () => {
    const frozen = Bun.listen({
      port: 0,
      hostname: '127.0.0.1',
      socket: {
        data(socket, bytes) {
          const key = /sec-websocket-key: (.+)\r\n/i.exec(bytes.toString())?.[1];
          if (!key) return;
          const accept = new Bun.CryptoHasher('sha1')
            .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
            .digest('base64');
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: ` +
              `Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
          );
          socket.pause();
        },
      },
    });
    stops.push(() => frozen.stop(true));
    const client = connect(`ws://127.0.0.1:${frozen.port}/`, { keepAlive: { everyMs: 20_000, frame: null } });
    await until(() => client.socket.state === 'open', 'the handshake');
    client.clock.advance(10_200);
    expect(client.losses).toEqual(['silent for 10200 ms']);
  });
});

describe('stop', () => {
  test('leaves no timer and no connection behind, whatever the state', async () => {
    const { url, sockets } = host();
    const open = connect(url);
    await until(() => sockets.length === 1, 'a connection');
    open.socket.stop();
    await until(() => sockets[0]!.readyState === 3, 'the end of the connection');
    const waiting = connect(url.replace(/:\d+/, ':1'));
    await until(() => waiting.socket.state === 'waiting', 'the backoff');
    waiting.socket.stop();
    const connecting = connect(host(() => new Promise<Response>(() => {})).url);
    connecting.socket.stop();
    for (const { socket, clock, losses } of [open, waiting, connecting]) {
      const before = losses.length;
      clock.advance(120_000);
      expect(clock.due()).toEqual([]);
      expect(socket.state).toBe('stopped');
      expect(losses.length).toBe(before);
    }
    expect(sockets.length).toBe(1);
  });
});

test('a line that is silent is found out although the clock was set back by an hour', async () => {
  const { url, sockets } = host();
  const losses: string[] = [];
  let offsetMs = 0;
  const clock = { now: () => Date.now() + offsetMs, after: systemClock.after };
  const owner = {
    url,
    opened: () => [],
    received: (): FrameVerdict => 'data',
    lost: (why: string) => void losses.push(why),
  };
  const socket = new ReconnectingSocket(owner, clock, () => 1, { ...SOCKET_LIMITS, watchMs: 10 });
  stops.push(() => socket.stop());
  socket.start();
  await until(() => socket.state === 'open' && sockets.length === 1, 'a line');
  offsetMs = -3_600_000;
  await until(() => losses.length === 1, 'the loss');
  expect(losses[0]).toStartWith('silent for 3');
});
