/**
 * Until the next version: the command is `tapgrid replay` now, and its --json <file> is --json-file <file>.
 */
import { main } from './command-line/main.ts';

await main(['replay', ...process.argv.slice(2).map((word) => word.replace(/^--json(?=$|=)/, '--json-file'))]);
