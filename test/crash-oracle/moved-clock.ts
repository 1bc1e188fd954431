import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * libfaketime moves the wall clock of the processes that are started with its settings; the steady clock goes
 * on as it does on a machine whose time is set.
 */
const LIBRARY: string | undefined = [
  ...new Bun.Glob('lib*/**/faketime/libfaketimeMT.so.1').scanSync({ cwd: '/usr', absolute: true }),
][0];

/** A wall clock for some processes that can be set while they run. */
export class MovedClock {
  static readonly available = LIBRARY !== undefined;
  readonly #file: string;
  #offsetMs = 0;

  /** @param dir where the offset is written down. */
  constructor(dir: string) {
    this.#file = join(dir, 'clock-offset');
    this.set(0);
  }

  /** For the environment of each process that goes by this clock. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Against the clock of the machine. */
  set(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    writeFileSync(`${this.#file}.new`, `${offsetMs < 0 ? '' : '+'}${offsetMs / 1000}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  step(byMs: number): void {
    this.set(this.#offsetMs + byMs);
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }
}
