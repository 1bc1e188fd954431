import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataOf, ready, startClient, startCommand, startServer } from '../../test/crash-oracle/processes.ts';
import { freePort } from '../../test/stage/free-port.ts';

/** A real server with every job run beside it, for whoever reads its metrics. */
export interface WatchedHouse {
  /** Where it shows its operator health and metrics. */
  readonly operations: number;
  read(path: string): Promise<string>;
  /** The same for what only the operator sees. */
  look(path: string): Promise<string>;
  /** Traders who tap until the house is stopped. */
  play(traders: number): void;
  /** Runs the jobs that report, each once. */
  runJobs(): Promise<void>;
  stop(): Promise<void>;
}

const SEED = 1;
const TAIL_TRIES_MAX = 400;

/** @param folder where the house keeps its data and its backups. */
export async function startHouse(folder: string): Promise<WatchedHouse> {
  const [port, operations] = [freePort(), freePort()];
  const server = startServer({
    dir: folder,
    port,
    seed: SEED,
    env: { EDGES: '1', OPERATIONS_LISTEN: `127.0.0.1:${operations}` },
  });
  const children: Bun.Subprocess[] = [];
  await ready(port, server);
  const report = (name: string): string => join(dataOf(folder), 'jobs', `${name}.prom`);
  const end = async (child: Bun.Subprocess): Promise<void> => {
    child.kill('SIGTERM');
    await child.exited;
  };
  return {
    operations,
    read: (path) => fetch(`http://localhost:${port}${path}`).then((answer) => answer.text()),
    look: (path) => fetch(`http://127.0.0.1:${operations}${path}`).then((answer) => answer.text()),
    play: (traders) => void children.push(startClient(folder, port, traders)),
    async runJobs() {
      mkdirSync(join(dataOf(folder), 'jobs'), { recursive: true });
      await startCommand(folder, ['verify-ledger', '--metrics', report('integrity')]).exited;
      await startCommand(folder, ['backup', 'run', '--metrics', report('backup')]).exited;
      await startCommand(folder, ['probe', '--metrics', report('probe')], { PORT: `${port}` }).exited;
      const tail = startCommand(folder, ['backup', 'tail', '--metrics', report('tail')]);
      for (let tries = 0; !existsSync(report('tail')) && tries < TAIL_TRIES_MAX; tries++) await Bun.sleep(50);
      children.push(tail);
    },
    async stop() {
      await Promise.all(children.map(end));
      await end(server);
    },
  };
}
