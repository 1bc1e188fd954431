import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * What the run under way archives: written before anything else, so that a run after a crash does the very
 * same.
 */
export interface Plan {
  readonly number: number;
  readonly firstBatch: number;
  readonly lastBatch: number;
  readonly at: number;
}

/** The plan as a file of the archive's folder, whole or not there. */
export class PlanFile {
  readonly #path: string;

  constructor(private readonly folder: string) {
    this.#path = join(folder, 'plan.json');
  }

  /** Null when there is none, or it is for a segment that is sealed already. */
  read(number: number): Plan | null {
    if (!existsSync(this.#path)) return null;
    const plan = JSON.parse(readFileSync(this.#path, 'utf8')) as Plan;
    return plan.number === number ? plan : null;
  }

  write(plan: Plan): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const unfinished = `${this.#path}.${process.pid}`;
    const file = openSync(unfinished, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify(plan)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, this.#path);
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}
