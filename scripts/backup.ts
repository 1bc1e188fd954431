/** Until the next version: the command is `tapgrid backup` now. */
import { main } from './command-line/main.ts';

await main(['backup', ...process.argv.slice(2)]);
