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
export const processTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  drawable: process.stderr.isTTY === true,
  input: () => Bun.stdin.text(),
  env: process.env,
});
