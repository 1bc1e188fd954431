import { availableParallelism } from 'node:os';
import { edgesOf } from '../../server/compose/places.ts';
import type { Config } from '../../server/config.ts';
import { openFilesMax } from '../../server/upkeep/process-figures.ts';
import { warn, well, wrong, type Check } from './check.ts';
import { edgeUnits } from './edges.ts';
import { readUnit, type Asks } from './units.ts';

const FILES_BESIDE_SOCKETS = 1024;

/**
 * Whether each process that has sockets may open as many files as they may become: its edges where the
 * service manager starts them, else the server, whose edges have the same limit.
 * @param server its process; null where it does not run, and then this one stands for it.
 */
export function files(config: Pick<Config, 'edges' | 'socketsMax'>, ask: Asks, server: number | null): Check {
  const edges = edgeUnits(config, ask).flatMap(({ pid }) => pid ?? []);
  const processes: readonly (number | 'self')[] = edges.length > 0 ? edges : [server ?? 'self'];
  const limits = processes.map((pid) => openFilesMax(pid));
  const needed =
    Math.ceil(config.socketsMax / Math.max(1, edgesOf(config, availableParallelism()))) +
    FILES_BESIDE_SOCKETS;
  if (limits.some((limit) => limit === null))
    return warn('files', 'the limit of open files cannot be read', 'Run this as the user of the server.');
  const least = Math.min(...(limits as number[]));
  if (least >= needed) return well('files', `${least} may be open, ${needed} are needed`);
  return (server === null ? warn : wrong)(
    'files',
    `at most ${least} may be open, but ${needed} are needed for SOCKETS_MAX=${config.socketsMax}`,
    edges.length > 0 || readUnit(ask, 'tapgrid.service') !== null
      ? 'Raise LimitNOFILE of the unit, or lower SOCKETS_MAX.'
      : `Run ulimit -n ${needed} in the shell that starts the server, or lower SOCKETS_MAX.`,
  );
}
