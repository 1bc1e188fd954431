import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { relative } from 'node:path';
import type { AnyElysia } from 'elysia';
import { Failure } from '../ports/failure.ts';

/** Above this Bun itself hangs up without a body; up to it the answer is our own 413. */
const DECLARED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * For `app.listen(port)`: a port that is taken is an error, not a share, unless `reusePort` says that this
 * process is one of several.
 */
export const listenOptions = (hostname: string, port: number, reusePort = false) =>
  ({ hostname, port, reusePort, maxRequestBodySize: DECLARED_BYTES_MAX }) as const;

/** Where to listen: `listenSocket`, a path, wins over host and port. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly listenSocket: string | null;
  /** Other processes of this house listen on the same port. */
  readonly isShared?: boolean;
}

/** Bytes of a socket's name that the system takes. */
const SOCKET_NAME_BYTES_MAX = 107;
/** Owner and group: the proxy is in the group. */
export const SOCKET_MODE = 0o660;

/** A path, or host and port with a colon between them. */
export function placeOf(text: string): Place {
  const [, host, port] = /^(.+):(\d+)$/.exec(text.startsWith('/') ? '' : text) ?? [];
  return host === undefined
    ? { host: '', port: 0, listenSocket: text }
    : { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port), listenSocket: null };
}

/** What the public place is set by. */
const PUBLIC_KEYS = { port: 'HOST, PORT', socket: 'LISTEN_SOCKET' };

/**
 * Starts to take connections.
 * @param keys settings that a failure names. @throws Failure `not_listening`
 */
export async function listen(
  app: AnyElysia,
  { host, port, listenSocket, isShared = false }: Place,
  keys: { readonly port: string; readonly socket: string } = PUBLIC_KEYS,
): Promise<void> {
  try {
    if (listenSocket === null) {
      app.listen(listenOptions(host, port, isShared));
      return;
    }
    const name = socketName(listenSocket);
    await clearAway(name);
    const { maxRequestBodySize } = listenOptions(host, port);
    app.listen({ unix: name, maxRequestBodySize } as never);
    chmodSync(name, SOCKET_MODE);
  } catch (cause) {
    const place =
      listenSocket === null ? `${host}:${port} (${keys.port})` : `${listenSocket} (${keys.socket})`;
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
  if (!found.isSocket()) throw new Error('a file that is not a socket has this name');
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
