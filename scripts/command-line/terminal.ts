import type { Environment } from '../../server/config.ts';

/** Where a command's text goes, and what it finds around itself. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Standard error can be drawn on. */
  readonly drawable: boolean;
  /** Standard input, to its end. */
  readonly input: () => Promise<string>;
  readonly env: Environment;
}

/** The one that this process was started from. */
export class ProcessTerminal implements Terminal {
  readonly drawable = process.stderr.isTTY === true;
  readonly env = process.env;
  readonly input = (): Promise<string> => Bun.stdin.text();
  readonly error = (text: string): void => void process.stderr.write(text);
  #written: Promise<void> = Promise.resolve();
  #isWatched = false;

  readonly out = (text: string): void => {
    if (process.stdout.write(text)) return;
    this.#written = new Promise((resolve) => process.stdout.once('drain', resolve).once('error', resolve));
    // A reader that has seen enough, such as head, is no error.
    if (!this.#isWatched) process.stdout.on('error', () => {});
    this.#isWatched = true;
  };

  /** Resolves when whoever reads the output has all of it, or wants no more. */
  written = (): Promise<void> => this.#written;
}
