#!/usr/bin/env bun
/** The one command line of Tapgrid. Its commands are in scripts/commands/table.ts. */
import { main } from './command-line/main.ts';

await main(process.argv.slice(2));
