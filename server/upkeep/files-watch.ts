import { openFiles, openFilesMax } from './process-figures.ts';

const LOOK_EVERY_MS = 10_000;

/** Open files of this process, looked at now and then so that nobody who asks has to wait for it. */
export class FilesWatch {
  /** How many it may have; null where the system does not tell, Infinity without a limit. */
  readonly max = openFilesMax();
  readonly #timer: Timer;
  #open: number | null = null;

  constructor() {
    const look = () => void openFiles().then((count) => (this.#open = count));
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  /** Null where the system does not tell. */
  get open(): number | null {
    return this.#open;
  }

  /** Of those that it may have, 0 to 1; null where the system does not tell. */
  get share(): number | null {
    return this.#open === null || this.max === null ? null : this.#open / this.max;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
