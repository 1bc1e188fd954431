import {
  ReconnectingSocket,
  SOCKET_LIMITS,
  type FrameVerdict,
  type SocketLimits,
  type SocketOwner,
} from '../../server/feed/socket.ts';
import { HandClock, until } from './hand-clock.ts';

/** What a test has to end, in the order of its beginning. */
export const stops: (() => unknown)[] = [];
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

/** A server that answers upgrades as told and keeps its sockets at hand. */
export function host(
  answer: (upgrade: () => undefined) => Response | undefined | Promise<Response> = (upgrade) => upgrade(),
) {
  const sockets: Bun.ServerWebSocket<undefined>[] = [];
  const heard: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, self) => answer(() => void self.upgrade(request)),
    websocket: {
      sendPings: false,
      open: (socket) => void sockets.push(socket),
      message: (_socket, text) => void heard.push(String(text)),
      ping: () => void heard.push('<ping>'),
    },
  });
  stops.push(() => server.stop(true));
  return { url: `ws://127.0.0.1:${server.port}/`, sockets, heard };
}

/**
 * A reconnecting socket on a clock that is moved by hand, with what it heard and why it lost its connections.
 */
export function connect(
  url: string,
  {
    random = 1,
    limits = {},
    keepAlive,
    verdict = 'data',
    attemptLimit,
  }: Partial<Pick<SocketOwner, 'keepAlive' | 'attemptLimit'>> & {
    random?: number;
    limits?: Partial<SocketLimits>;
    verdict?: FrameVerdict;
  } = {},
) {
  const clock = new HandClock();
  const frames: (string | Uint8Array)[] = [];
  const losses: string[] = [];
  const owner = {
    url,
    ...(keepAlive && { keepAlive }),
    ...(attemptLimit && { attemptLimit }),
    opened: () => ['hello'],
    received(frame: string | Uint8Array): FrameVerdict {
      frames.push(frame);
      return frame === 'noise' || frame === 'life' ? frame : verdict;
    },
    lost: (why: string) => void losses.push(why),
  };
  const socket = new ReconnectingSocket(owner, clock, () => random, { ...SOCKET_LIMITS, ...limits });
  stops.push(() => socket.stop());
  socket.start();
  return { socket, clock, frames, losses };
}

/** Ends the waiting and lets the next attempt come to its end. */
export async function attempt(client: ReturnType<typeof connect>, count: number): Promise<void> {
  client.clock.advance(client.clock.due()[0]!);
  await until(() => client.losses.length === count, `loss ${count}`);
}
