import { COMMANDS } from '../commands/table.ts';
import { run } from './shell.ts';
import { processTerminal } from './terminal.ts';

/** A request that nobody answers must not hold the process; a timer without reference does not hold it either. */
const LINGER_MS_MAX = 1_000;

/** This process as one run of `tapgrid`. */
export async function main(words: readonly string[]): Promise<void> {
  // Not process.exit: a report in a pipe must be written to its end.
  process.exitCode = await run(COMMANDS, words, processTerminal());
  setTimeout(() => process.exit(), LINGER_MS_MAX).unref();
}
