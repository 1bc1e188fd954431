import type { Subprocess } from 'bun';
import type { Chance } from '../../scripts/replay-market/chance.ts';
import type { Tally } from './tally.ts';

/** What an operator's timers run beside the server. */
export const JOBS = {
  backup: ['backup', 'run'],
  tail: ['backup', 'tail'],
  archive: ['archive', 'run'],
  check: ['verify-ledger'],
} as const;
export type JobName = keyof typeof JOBS;
export type Job = Subprocess<'ignore', 'pipe', 'pipe'>;

/** Words of a job that say that the books are wrong, not that it was hindered. */
const WRONG = /does not hold|violation|damaged|not the one|expected hash/i;

/** How Bun ends what it says of an exception that nobody caught, and how the command line says it. */
const UNCAUGHT = /^Bun v\d|\(internal\):$/m;

/**
 * The jobs that run beside a server and beside each other, each once at most. They are stopped, continued and
 * killed like it.
 */
export class Jobs {
  readonly #running = new Map<
    JobName,
    { readonly job: Job; readonly ended: Promise<void>; killed: boolean }
  >();
  /** What went wrong in the books by their word. */
  readonly faults: string[] = [];

  constructor(
    private readonly start: (words: readonly string[]) => Job,
    private readonly tally: Tally,
  ) {}

  get names(): JobName[] {
    return [...this.#running.keys()];
  }

  begin(name: JobName): void {
    if (this.#running.has(name)) return;
    const job = this.start(JOBS[name]);
    const entry = { job, killed: false, ended: this.#end(name, job) };
    this.#running.set(name, entry);
  }

  /** Stops one of them for a while, if any is at work. */
  async hold(chance: Chance, ms: number): Promise<void> {
    if (this.#running.size === 0) return;
    const name = chance.pick(this.names);
    const { job } = this.#running.get(name)!;
    job.kill('SIGSTOP');
    this.tally.signal(name, 'SIGSTOP');
    await Bun.sleep(ms);
    job.kill('SIGCONT');
  }

  /** Those that are still at work die. */
  async kill(names: readonly JobName[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const entry = this.#running.get(name);
        if (entry === undefined) return;
        if (entry.job.exitCode === null) {
          entry.killed = true;
          entry.job.kill('SIGKILL');
          this.tally.signal(name, 'SIGKILL');
        }
        await entry.ended;
      }),
    );
  }

  async #end(name: JobName, job: Job): Promise<void> {
    const [text, found, code] = await Promise.all([
      new Response(job.stderr).text(),
      // The check writes what it found there.
      new Response(job.stdout).text(),
      job.exited,
    ]);
    const killed = this.#running.get(name)?.killed ?? false;
    this.#running.delete(name);
    if (killed) return;
    const words = text.trim().split('\n').at(-1) ?? '';
    this.tally.ended(name, code, words);
    if (code !== 0 && (WRONG.test(words) || UNCAUGHT.test(text) || (name === 'check' && code === 1)))
      this.faults.push(`${name} ended with ${code}: ${found.trim()} ${text.trim()}`);
  }
}
