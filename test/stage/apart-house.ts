import { setPriority } from 'node:os';
import { join } from 'node:path';
import { EDGE_NICENESS } from '../../server/supervisor/supervisor.ts';
import { freePort } from './free-port.ts';

const MAIN = join(import.meta.dir, '../../server/main.ts');
const READY_MS_MAX = 60_000;

/**
 * An engine and edges, each on a port of its own, as a service manager starts them: tests decide which edge
 * they ask, and what becomes of each. All of them sign for the first edge's origin.
 */
export class ApartHouse {
  readonly #ports: readonly number[];
  readonly #engine: Bun.Subprocess;
  readonly #edges: Bun.Subprocess[] = [];
  readonly #running = new Set<Bun.Subprocess>();

  private constructor(
    private readonly settings: Readonly<Record<string, string>>,
    edges: number,
  ) {
    this.#ports = Array.from({ length: edges }, freePort);
    this.#engine = this.#start('engine', 0);
    for (const index of this.#ports.keys()) this.restart(index);
  }

  /** @returns once each edge answers. @param settings `DATA_DIR` at least */
  static async start(settings: Readonly<Record<string, string>>, edges: number): Promise<ApartHouse> {
    const house = new ApartHouse(settings, edges);
    try {
      await Promise.all(house.#ports.keys().map((index) => answers(house.origin(index))));
      return house;
    } catch (cause) {
      await house.kill();
      throw cause;
    }
  }

  origin(edge: number): string {
    return `http://localhost:${this.#ports[edge]}`;
  }

  get enginePid(): number {
    return this.#engine.pid;
  }

  /** Of the edge that runs there now. */
  pid(edge: number): number {
    return this.#edges[edge]!.pid;
  }

  /** Kills the edge, where it runs, and starts it anew. */
  restart(edge: number): void {
    this.#edges[edge]?.kill('SIGKILL');
    this.#edges[edge] = this.#start('edge', this.#ports[edge]!);
  }

  /** Stops the edge's process, so that it neither answers nor ends. */
  freeze(edge: number): void {
    this.#edges[edge]!.kill('SIGSTOP');
  }

  async kill(): Promise<void> {
    const all = [...this.#running];
    for (const child of all) child.kill('SIGKILL');
    await Promise.all(all.map(({ exited }) => exited));
  }

  #start(role: 'engine' | 'edge', port: number): Bun.Subprocess {
    const child = Bun.spawn([process.execPath, MAIN], {
      env: {
        PATH: process.env.PATH,
        FEED: 'walk:5:1',
        LOG_LEVEL: 'silent',
        BREAKER_HYSTERESIS_MS: '0',
        ...this.settings,
        ROLE: role,
        EDGES: `${this.#ports.length}`,
        PORT: `${port}`,
        PUBLIC_ORIGIN: this.origin(0),
      },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      onExit: () => void this.#running.delete(child),
    });
    if (role === 'edge') setPriority(child.pid, EDGE_NICENESS);
    this.#running.add(child);
    return child;
  }
}

async function answers(origin: string): Promise<void> {
  for (const until = performance.now() + READY_MS_MAX; performance.now() < until; await Bun.sleep(50)) {
    const found = await fetch(`${origin}/api/v1/grid`).catch(() => null);
    if (found?.ok) return;
  }
  throw new Error(`nobody answers at ${origin}`);
}
