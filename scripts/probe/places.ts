import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { edgesOf, edgeSocketPath } from '../../server/compose/places.ts';
import type { Config } from '../../server/config.ts';
import type { Place } from './house.ts';

type Where = Pick<Config, 'edges' | 'listenSocket' | 'publicOrigin' | 'host' | 'port'>;

/**
 * Where a house with these settings answers people, the proxy left out: that has alarms of its own. Edges
 * with a socket each are one place each; one that has none at the moment is away, which the doctor finds.
 */
export function placesOf({ edges, listenSocket, publicOrigin, host, port }: Where): readonly Place[] {
  if (listenSocket === null)
    return [{ address: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, socket: null }];
  const count = Math.max(1, edgesOf({ edges }, availableParallelism()));
  const [first, ...others] = Array.from({ length: count }, (_, index) =>
    socketOf(listenSocket, index, count),
  );
  const address = `http://${new URL(publicOrigin).host}`;
  return [first!, ...others.filter((path) => existsSync(path))].map((socket) => ({ address, socket }));
}

/** Units give each edge a folder: what is set leads to that of the first. */
const OF_FIRST_UNIT = /-edge-1(?=\/[^/]+$)/;

function socketOf(listenSocket: string, index: number, count: number): string {
  const first = existsSync(listenSocket) ? realpathSync(listenSocket) : listenSocket;
  return OF_FIRST_UNIT.test(first)
    ? first.replace(OF_FIRST_UNIT, `-edge-${index + 1}`)
    : edgeSocketPath(listenSocket, index, count);
}
