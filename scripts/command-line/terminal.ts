import type { Environment } from '../../server/config.ts';

/** Where a command's text goes, and what it finds around itself. */
export interface Terminal {
  readonly out: (text: string) => void;
  /** Resolves once the reader has all of the output; to false if it wants no more. */
  readonly written: () => Promise<boolean>;
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
  /** Settles when what was written is taken. */
  #taken: PromiseWithResolvers<void> | null = null;
  #isRead = true;
  #isWatched = false;

  readonly out = (text: string): void => {
    if (!this.#isWatched) this.#watch();
    if (!process.stdout.write(text)) this.#taken ??= Promise.withResolvers();
  };

  readonly written = async (): Promise<boolean> => {
    await this.#taken?.promise;
    return this.#isRead;
  };

  #watch(): void {
    this.#isWatched = true;
    const taken = (): void => {
      this.#taken?.resolve();
      this.#taken = null;
    };
    process.stdout.on('drain', taken);
    // A reader that has seen enough, such as head, is no error.
    process.stdout.on('error', () => {
      this.#isRead = false;
      taken();
    });
  }
}
