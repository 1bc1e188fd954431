import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { relative } from 'node:path';
import { Failure } from '../ports/failure.ts';
import { listenOptions, type createApp } from './app.ts';

/** Where to listen: `listenSocket`, a path, wins over host and port. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly listenSocket: string | null;
}

/** Bytes of a socket's name that the system takes. */
const SOCKET_NAME_BYTES_MAX = 107;
/** Owner and group: the proxy is in the group. */
export const SOCKET_MODE = 0o660;

/** Starts to take connections. @throws Failure `not_listening` */
export async function listen(
  app: ReturnType<typeof createApp>,
  { host, port, listenSocket }: Place,
): Promise<void> {
  try {
    if (listenSocket === null) {
      app.listen(listenOptions(host, port));
      return;
    }
    await clearAway(listenSocket);
    const { maxRequestBodySize } = listenOptions(host, port);
    app.listen({ unix: listenSocket, maxRequestBodySize } as never);
    chmodSync(listenSocket, SOCKET_MODE);
  } catch (cause) {
    const place = listenSocket === null ? `${host}:${port} (HOST, PORT)` : `${listenSocket} (LISTEN_SOCKET)`;
    throw new Failure(
      'not_listening',
      `Cannot listen on ${place}: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}

/**
 * The path of a socket under a name that the system takes: from here on when that is shorter. @throws Error
 * when neither is short enough.
 */
export function socketName(path: string): string {
  const near = relative(process.cwd(), path);
  const name = Buffer.byteLength(path) > SOCKET_NAME_BYTES_MAX && near.length < path.length ? near : path;
  if (Buffer.byteLength(name) > SOCKET_NAME_BYTES_MAX)
    throw new Error(`its name has more than ${SOCKET_NAME_BYTES_MAX} bytes`);
  return name;
}

/**
 * A socket that a killed process left behind keeps its name; one on which somebody listens is not touched,
 * nor anything that is no socket.
 */
export async function clearAway(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error('something that is no socket has this name');
  if (await isAnswered(path)) throw new Error('another process listens on it');
  rmSync(path);
}

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createConnection(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
