import { availableParallelism } from 'node:os';
import { edgesOf, edgeSocketPath, OWN_COMMAND, withKnownPort } from '../compose/places.ts';
import { environmentWith, type Config } from '../config.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { EXIT_CODES } from '../config-text.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import type { Run } from './part.ts';

/** Starts the engine and its edges, and waits until all of them are ready. */
export const run: Run = async ({ config: settings, log, notify }) => {
  const config = withKnownPort(settings);
  const count = edgesOf(config, availableParallelism());
  const common = { EDGES: `${count}`, PORT: `${config.port}` };
  const { listenSocket } = config;
  if (listenSocket === null) expectFree(config);
  if (config.redisUrl === null && count > 1)
    log.info(
      { edges: count },
      'each edge allows its share of every rate; with REDIS_URL they count together',
    );
  const edges = Array.from({ length: count }, (_, index) =>
    environmentWith({
      ...common,
      ROLE: 'edge',
      ...(listenSocket !== null && { LISTEN_SOCKET: edgeSocketPath(listenSocket, index, count) }),
    }),
  );
  return new Promise((resolve) => {
    const supervisor = new Supervisor({
      command: [...OWN_COMMAND, 'start'],
      engine: environmentWith({ ...common, ROLE: 'engine' }),
      edges,
      log,
      steadyMs: () => performance.now(),
      onAlive: () => notify('WATCHDOG=1'),
      onRefused: (code) => process.exit(code),
      onReady: () => {
        for (const signal of SIGNALS) process.off(signal, giveUp);
        resolve({
          status: `engine and ${count} ${count === 1 ? 'edge' : 'edges'}`,
          ready: `Tapgrid is ready: open ${config.publicOrigin}`,
          stop: () => supervisor.stop(),
        });
      },
    });
    const giveUp = () => void supervisor.stop().then(() => process.exit(EXIT_CODES.stopped));
    for (const signal of SIGNALS) process.on(signal, giveUp);
  });
};

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The engine would make books before an edge looks. @throws Failure `not_listening` */
function expectFree({ host, port }: Pick<Config, 'host' | 'port'>): void {
  try {
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true);
  } catch (cause) {
    throw new Failure('not_listening', `Cannot listen on ${host}:${port} (HOST, PORT): ${messageOf(cause)}`, {
      cause,
    });
  }
}
