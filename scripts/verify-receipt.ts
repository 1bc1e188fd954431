/** Until the next version: the command is `tapgrid verify-receipt` now. */
import { main } from './command-line/main.ts';

await main(['verify-receipt', ...process.argv.slice(2)]);
