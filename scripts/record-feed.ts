/** Until the next version: the command is `tapgrid record` now. */
import { main } from './command-line/main.ts';

await main(['record', ...process.argv.slice(2)]);
