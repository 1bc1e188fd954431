import { COMMANDS } from '../commands/table.ts';
import { run } from './shell.ts';
import { ProcessTerminal } from './terminal.ts';

/**
 * A request that nobody answers must not hold the process; a timer without reference does not hold it either.
 */
const LINGER_MS_MAX = 1_000;

/** This process as one run of `tapgrid`. */
export async function main(words: readonly string[], table = COMMANDS): Promise<void> {
  const terminal = new ProcessTerminal();
  process.exitCode = await run(table, words, terminal);
  // A report in a pipe is written to its end, however slowly it is read.
  await terminal.written();
  setTimeout(() => process.exit(), LINGER_MS_MAX).unref();
}
