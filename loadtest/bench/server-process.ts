import type { Subprocess } from 'bun';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf } from '../../test/stage/processes.ts';

const ROOT = join(import.meta.dir, '../..');
const READY_MS_MAX = 120_000;
/** Clock ticks of /proc per second; the same on every Linux that Bun runs on. */
const PROC_HZ = 100;

/**
 * Settings under which the limits of an ordinary house do not stand in the way of the load: they bound one
 * caller, and here one machine plays thousands. Quotes hold as long as they may, so that orders can be signed
 * before the clock runs.
 */
const SETTINGS = {
  FEED: 'walk:7',
  LOG_LEVEL: 'error',
  STAKES_DOLLARS: '0.01,1',
  PLAY_BANKROLL_DOLLARS: '900000000',
  REQUESTS_PER_SECOND_MAX: '1000000',
  TAPS_PER_SECOND_MAX: '100000',
  PRACTICE_PER_HOUR_MAX: '1000000',
  OPEN_BETS_MAX: '5000',
  SOCKETS_MAX: '100000',
  SOCKETS_PER_ADDRESS_MAX: '100000',
  QUOTE_TTL_MS: '10000',
  QUOTE_TICK_AGE_MS_MAX: '10000',
  STALE_DEGRADED_MS: '590000',
  STALE_OPEN_MS: '600000',
  MAX_GAP_MS: '60000',
  BREAKER_HYSTERESIS_MS: '0',
} as const;

/**
 * A board that reaches four minutes ahead, with room for hundreds of orders of each trader, each for another
 * cell.
 */
export const WIDE_BOARD = { WINDOW_MS: '10000', COLUMNS_AHEAD: '24' } as const;

/** A server under test in a process of its own, with a folder of its own. */
export class ServerProcess {
  private constructor(
    readonly origin: string,
    readonly dir: string,
    private readonly child: Subprocess,
    /** From the start of the process to the first answer that it is ready, ms. */
    readonly readyMs: number,
    private readonly ownsDir: boolean,
  ) {}

  /**
   * The real server. @param dir a data folder to go on with; without one it starts with an empty one that
   * ends with it.
   */
  static tapgrid(
    settings: Readonly<Record<string, string>> = {},
    dir?: string,
    bunOptions: readonly string[] = [],
  ): Promise<ServerProcess> {
    return ServerProcess.#start(
      (port, folder) => ({
        words: [...bunOptions, join(ROOT, 'server/main.ts')],
        env: { EDGES: '0', ...SETTINGS, PORT: String(port), DATA_DIR: join(folder, 'data'), ...settings },
      }),
      dir,
    );
  }

  /** The real server with no settings but these. */
  static plain(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
    return ServerProcess.#start((port, dir) => ({
      words: [join(ROOT, 'server/main.ts')],
      env: { EDGES: '0', PORT: String(port), DATA_DIR: join(dir, 'data'), ...settings },
    }));
  }

  /** A program of this folder that takes the port and the folder as its arguments. */
  static script(path: string, ...more: readonly string[]): Promise<ServerProcess> {
    return ServerProcess.#start((port, folder) => ({
      words: [join(ROOT, path), String(port), folder, ...more],
      env: {},
    }));
  }

  static async #start(
    command: (
      port: number,
      dir: string,
    ) => { readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> },
    given?: string,
  ): Promise<ServerProcess> {
    const port = freePort();
    const dir = given ?? mkdtempSync(join(tmpdir(), 'tapgrid-bench-'));
    const { words, env } = command(port, dir);
    const began = performance.now();
    const child = Bun.spawn([process.execPath, ...words], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
    });
    const origin = `http://localhost:${port}`;
    await ready(origin, child);
    return new ServerProcess(origin, dir, child, performance.now() - began, given === undefined);
  }

  /** The socket on which it answers its operator. */
  get operations(): string {
    return join(this.dir, 'data/operations.sock');
  }

  /** All its processes: where there are edges, the supervisor first. */
  get pids(): readonly number[] {
    return [this.child.pid, ...this.pidsOf('engine'), ...this.pidsOf('edge')];
  }

  /** Of a house with edges. */
  pidsOf(role: 'engine' | 'edge'): readonly number[] {
    return childrenOf(this.child.pid, `ROLE=${role}`);
  }

  /** CPU time that all its threads have used so far. */
  get cpuSeconds(): number {
    return this.pids.reduce((sum, pid) => sum + cpuSecondsOf(`${pid}`), 0);
  }

  /** Resident memory of the process that was started, bytes. */
  get memoryBytes(): number {
    return residentBytesOf(this.child.pid);
  }

  /** Stops its threads while another server is measured. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  async stop(): Promise<void> {
    this.resume();
    this.child.kill('SIGTERM');
    await this.child.exited;
    this.#forget();
  }

  kill(): void {
    if (this.child.exitCode === null) this.#signal('SIGKILL');
    this.#forget();
  }

  /** The supervisor first: what ends while it looks on is started anew. */
  #signal(signal: NodeJS.Signals): void {
    for (const pid of this.pids) process.kill(pid, signal);
  }

  #forget(): void {
    if (this.ownsDir) rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Resident memory of a process. */
export const residentBytesOf = (pid: number): number =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

/** CPU time of a process, or of one thread: `<pid>/task/<thread>`. */
export function cpuSecondsOf(path: string): number {
  const fields = readFileSync(`/proc/${path}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / PROC_HZ;
}

async function ready(origin: string, child: Subprocess): Promise<void> {
  const until = Date.now() + READY_MS_MAX;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${origin}/api/v1/grid`, { signal: AbortSignal.timeout(500) }).catch(
      () => null,
    );
    if (answer?.ok) return;
    await Bun.sleep(5);
  }
  child.kill('SIGKILL');
  throw new Error('the server did not become ready');
}

function freePort(): number {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}
