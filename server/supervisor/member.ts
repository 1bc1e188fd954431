import type { Subprocess } from 'bun';
import { setPriority } from 'node:os';
import type { Log } from '../ports/log.ts';

/** What a process of the house says to its supervisor. */
export const READY = 'ready';
/** Its loop has come round. */
export const BEAT = 'beat';
/** The oracle's loop and the writer move; the service manager may be told. */
export const ALIVE = 'alive';

/** How often a loop says that it comes round. */
export const BEAT_MS = 500;
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 5_000;
/** A process that has run this long is restarted without a delay. */
const LASTING_MS = 10_000;

export interface MemberParts {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A loop that is silent for longer does not come round any more: the process is ended. */
  readonly silentMsMax: number;
  /** By how much it steps back for the others, from its first moment on; 0 for not at all. */
  readonly niceness: number;
  /** Time that it has to end by itself when it is asked to. */
  readonly stopMsMax: number;
  readonly onReady: () => void;
  readonly onAlive: () => void;
  /** It ended before it was ever ready: a restart would end the same way. */
  readonly onRefused: (code: number) => void;
  readonly log: Pick<Log, 'warn' | 'error'>;
  /** A clock that never jumps, ms. */
  readonly steadyMs: () => number;
}

/** One process of the house: started, monitored, ended if its loop is silent, restarted if it ended. */
export class Member {
  /** Number of restarts. */
  restarts = 0;
  #child: Subprocess | null = null;
  #startedAt = 0;
  /** When it was heard last; null until it is ready: what a start takes nobody knows. */
  #heardAt: number | null = null;
  #wasReady = false;
  #stopping = false;
  #backoffMs = BACKOFF_MS_MIN;
  #again: Timer | null = null;

  constructor(private readonly parts: MemberParts) {}

  get name(): string {
    return this.parts.name;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get isReady(): boolean {
    return this.#heardAt !== null;
  }

  start(): void {
    const { command, env, steadyMs, niceness } = this.parts;
    this.#startedAt = steadyMs();
    this.#heardAt = null;
    const child: Subprocess = Bun.spawn([...command], {
      // What a list of processes shows first.
      argv0: `tapgrid-${this.name}`,
      env,
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      ipc: (message) => {
        if (child === this.#child) this.#hear(message);
      },
      onExit: (_, code, signal) => {
        if (child === this.#child) this.#ended(code, signal);
      },
    });
    this.#child = child;
    if (niceness > 0) stepBack(child.pid, niceness);
  }

  /** Ends it after too long a silence. @param lateMs for how long nobody could listen */
  look(lateMs: number): void {
    if (this.#heardAt === null || this.#child === null) return;
    this.#heardAt += lateMs;
    const silentMs = this.parts.steadyMs() - this.#heardAt;
    if (silentMs <= this.parts.silentMsMax) return;
    this.parts.log.error(
      { process: this.name, pid: this.#child.pid, silentMs: Math.round(silentMs) },
      `the loop of ${this.name} stands still: the process is ended`,
    );
    this.#heardAt = null;
    this.#child.kill('SIGKILL');
  }

  /** @returns its exit code; null where a signal ended it, or nothing ran. */
  async stop(): Promise<number | null> {
    this.#stopping = true;
    if (this.#again !== null) clearTimeout(this.#again);
    const child = this.#child;
    if (child === null) return null;
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), this.parts.stopMsMax);
    await child.exited;
    clearTimeout(limit);
    return child.exitCode;
  }

  #hear(message: unknown): void {
    if (message === ALIVE) return this.parts.onAlive();
    if (message !== READY && message !== BEAT) return;
    const isFirst = this.#heardAt === null && message === READY;
    if (this.#heardAt !== null || isFirst) this.#heardAt = this.parts.steadyMs();
    if (!isFirst) return;
    this.#wasReady = true;
    this.parts.onReady();
  }

  #ended(code: number | null, signal: number | string | null): void {
    this.#child = null;
    this.#heardAt = null;
    if (this.#stopping) return;
    if (!this.#wasReady) return this.parts.onRefused(code ?? 1);
    if (this.parts.steadyMs() - this.#startedAt >= LASTING_MS) this.#backoffMs = BACKOFF_MS_MIN;
    this.restarts += 1;
    this.parts.log.error(
      { process: this.name, code, signal, restarts: this.restarts, afterMs: this.#backoffMs },
      `${this.name} has ended and is started anew`,
    );
    this.#again = setTimeout(() => this.start(), this.#backoffMs);
    this.#backoffMs = Math.min(BACKOFF_MS_MAX, this.#backoffMs * 2);
  }
}

function stepBack(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    // It has ended already, or the system does not let it.
  }
}
