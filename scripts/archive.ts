/** Until the next version: the command is `tapgrid archive` now. */
import { main } from './command-line/main.ts';

await main(['archive', ...process.argv.slice(2)]);
