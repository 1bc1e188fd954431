export type Signal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP';

/** What was done to which process, and how the jobs ended that were let be. */
export class Tally {
  readonly #signals = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  clockSteps = 0;
  fullDisks = 0;

  signal(process: string, signal: Signal): void {
    count(this.#signals, `${process} ${signal}`);
  }

  /** @param words its last ones, where it failed. */
  ended(job: string, code: number, words: string): void {
    count(this.#ends, code === 0 ? `${job} 0` : `${job} ${code}: ${words.replaceAll(/\d+/g, 'N')}`);
  }

  /** How often each process got each signal. */
  get signals(): Readonly<Record<string, number>> {
    return sorted(this.#signals);
  }

  /** How often each job ended by itself, and with what. */
  get ends(): Readonly<Record<string, number>> {
    return sorted(this.#ends);
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
