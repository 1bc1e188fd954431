/** Until the next version: the command is `tapgrid restore` now. */
import { main } from './command-line/main.ts';

await main(['restore', ...process.argv.slice(2)]);
