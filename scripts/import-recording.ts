/** Until the next version: the command is `tapgrid import` now. */
import { main } from './command-line/main.ts';

await main(['import', ...process.argv.slice(2)]);
