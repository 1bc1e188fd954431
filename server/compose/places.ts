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

/** Sign-in texts and origin checks are made from the port, so it must be known before anything is built. */
export const withKnownPort = (config: Config): Config =>
  config.port === 0 ? withPort(config, freePort(config.host)) : config;

function freePort(hostname: string): number {
  const probe = Bun.listen({ hostname, port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}
