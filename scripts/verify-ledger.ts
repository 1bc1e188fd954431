/** Until the next version: the command is `tapgrid verify-ledger` now. */
import { main } from './command-line/main.ts';

await main(['verify-ledger', ...process.argv.slice(2)]);
