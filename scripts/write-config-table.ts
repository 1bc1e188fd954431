/** Writes the table of settings into docs/configuration.md. usage: write-config-table.ts [--check] [--help] */
import { join } from 'node:path';
import { configTable } from '../server/config-text.ts';

const START = '<!-- config:start -->';
const END = '<!-- config:end -->';
const DOCUMENT = join(import.meta.dir, '../docs/configuration.md');

const HELP = `usage: bun scripts/write-config-table.ts [--check]

Writes the table of settings between the lines ${START} and ${END} of docs/configuration.md.
  --check   writes nothing; exit code 1 when the table in docs/configuration.md is out of date`;

/**
 * The text with the current table between the markers; null unless there is exactly one pair of them in
 * order.
 */
export function withTable(document: string, table: string): string | null {
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start || start !== document.lastIndexOf(START) || end !== document.lastIndexOf(END))
    return null;
  return `${document.slice(0, start + START.length)}\n${table}\n${document.slice(end)}`;
}

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) return say(HELP, 0);
  if (words.some((word) => word !== '--check'))
    return say(`not understood: ${words.join(' ')}\n\n${HELP}`, 2);
  const file = Bun.file(DOCUMENT);
  if (!(await file.exists())) return say('There is no docs/configuration.md to write the table into.', 1);
  const before = await file.text();
  const after = withTable(before, configTable());
  if (after === null)
    return say(`docs/configuration.md must have the lines ${START} and ${END} once each, in this order.`, 1);
  if (after === before) return say('The table of settings in docs/configuration.md is up to date.', 0);
  if (words.includes('--check'))
    return say(
      'The table of settings in docs/configuration.md is out of date: run bun scripts/write-config-table.ts',
      1,
    );
  await Bun.write(DOCUMENT, after);
  return say('The table of settings in docs/configuration.md is written.', 0);
}

function say(text: string, exitCode: number): number {
  console.log(text);
  return exitCode;
}

if (import.meta.main) process.exit(await main(Bun.argv.slice(2)));
