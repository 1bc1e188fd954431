import { dirname, join } from 'node:path';
import { withPort, type Config } from '../config.ts';

/** Inside a compiled executable there is nothing but code: its files stand beside it. */
const isCompiled = import.meta.dir.startsWith('/$bunfs/');
const HOME = isCompiled ? dirname(process.execPath) : join(import.meta.dir, '../..');
/**
 * How this program starts one of its own commands as another process: these words, then those of the command.
 */
export const OWN_COMMAND: readonly string[] = isCompiled
  ? [process.execPath]
  : [process.execPath, join(HOME, 'scripts/tapgrid.ts')];
export const STATIC_DIR = join(HOME, 'static');

const OPERATIONS_SOCKET_FILE = 'operations.sock';
const OPERATOR_SOCKET_FILE = 'operator.sock';
const OPS_SOCKET_FILE = 'ops.sock';
const LINK_SOCKET_FILE = 'link.sock';

/** Where health and metrics are answered: a path, or host and port. */
export const operationsPlace = ({
  operationsListen,
  dataDir,
}: Pick<Config, 'operationsListen' | 'dataDir'>): string =>
  operationsListen ?? join(dataDir, OPERATIONS_SOCKET_FILE);

/** The socket of the operator's commands. */
export const operatorSocketPath = ({
  operatorSocket,
  dataDir,
}: Pick<Config, 'operatorSocket' | 'dataDir'>): string =>
  operatorSocket ?? join(dataDir, OPERATOR_SOCKET_FILE);

/** Where an engine with edges shows the operator's page: a path, or host and port. */
export const opsPlace = ({ opsListen, dataDir }: Pick<Config, 'opsListen' | 'dataDir'>): string =>
  opsListen ?? join(dataDir, OPS_SOCKET_FILE);

/**
 * Origins from which operators' pages are used: the house's own, and of an engine that shows them on a port
 * of this machine, that port's.
 */
export function opsOrigins({
  opsListen,
  role,
  publicOrigin,
}: Pick<Config, 'opsListen' | 'role' | 'publicOrigin'>) {
  const port = /:(\d+)$/.exec(role === 'engine' ? (opsListen ?? '') : '')?.[1];
  if (port === undefined) return [publicOrigin];
  return [publicOrigin, ...['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${port}`)];
}

/** The socket on which the engine is reached by its edges. */
export const linkSocketPath = ({ linkSocket, dataDir }: Pick<Config, 'linkSocket' | 'dataDir'>): string =>
  linkSocket ?? join(dataDir, LINK_SOCKET_FILE);

/** The socket of one of so many edges: an edge alone has the one that is set. */
export const edgeSocketPath = (listenSocket: string, index: number, count: number): string =>
  count === 1 ? listenSocket : listenSocket.replace(/(\.[^./]*)?$/, (ending) => `-${index + 1}${ending}`);

/** How many edges a house has, each a process of its own. */
export const edgesOf = ({ edges }: Pick<Config, 'edges'>, cores: number): number =>
  edges === 'auto' ? Math.max(1, cores - 1) : edges;

/** Sign-in texts and origin checks are made from the port, so it must be known before anything is built. */
export const withKnownPort = (config: Config): Config =>
  config.port === 0 ? withPort(config, freePort(config.host)) : config;

function freePort(hostname: string): number {
  const probe = Bun.listen({ hostname, port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}
