import { join } from 'node:path';
import { isRecord, isWhole } from '../game/outside-value.ts';
import { readSmallFile, writeSmallFile } from './small-file.ts';

export const RUN_FILE = 'run.json';

/**
 * Whether this house was stopped or crashed: a mark that stands while it runs and is removed by a stop.
 * Restarts by hand and new releases are no crashes.
 */
export class RunMark {
  readonly #path: string;
  /** Runs with these books that crashed, ever. */
  readonly crashes: number;
  /** The run before this one was the last of them. */
  readonly afterCrash: boolean;

  constructor(dataDir: string) {
    this.#path = join(dataDir, RUN_FILE);
    const { crashes, runs } = readMark(this.#path);
    this.afterCrash = runs;
    this.crashes = crashes + (runs ? 1 : 0);
  }

  /** The house is open: what ends from now on without a stop has crashed. */
  begin(): void {
    this.#write(true);
  }

  /** The house was stopped. */
  end(): void {
    this.#write(false);
  }

  #write(runs: boolean): void {
    writeSmallFile(this.#path, { runs, crashes: this.crashes });
  }
}

function readMark(path: string): { readonly runs: boolean; readonly crashes: number } {
  const found = readSmallFile(path);
  if (!isRecord(found)) return { runs: false, crashes: 0 };
  const { runs, crashes } = found;
  return { runs: runs === true, crashes: isWhole(crashes) ? Math.max(0, crashes) : 0 };
}
