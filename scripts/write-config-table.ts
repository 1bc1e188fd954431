/**
 * Writes the tables of settings and of commands into the documents. usage: write-config-table.ts [--check]
 * [--help]
 */
import { join } from 'node:path';
import { configTable } from '../server/config-text.ts';
import { givenAlone } from './command-line/alone.ts';
import { COMMANDS } from './commands/table.ts';

/** A document, and what stands between its marks `<!-- <mark>:start -->` and `<!-- <mark>:end -->`. */
const TABLES = [
  { document: 'docs/configuration.md', mark: 'config', table: configTable },
  { document: 'docs/commands.md', mark: 'commands', table: () => commandsTable() },
] as const;

/** The commands by section, without those that the program starts itself. */
export const commandsTable = (): string =>
  COMMANDS.map(({ title, entries }) =>
    [
      `**${title}**`,
      '',
      '| command | what it does |',
      '|---|---|',
      ...entries
        .filter(({ isInternal }) => isInternal !== true)
        .map(({ name, about }) => `| \`${name}\` | ${about} |`),
    ].join('\n'),
  ).join('\n\n');

/**
 * The text with the current table between the marks; null unless there is exactly one pair of them in order.
 */
export function withTable(document: string, mark: string, table: string): string | null {
  const [from, to] = [`<!-- ${mark}:start -->`, `<!-- ${mark}:end -->`];
  const [start, end] = [document.indexOf(from), document.indexOf(to)];
  if (start < 0 || end < start || start !== document.lastIndexOf(from) || end !== document.lastIndexOf(to))
    return null;
  return `${document.slice(0, start + from.length)}\n${table}\n${document.slice(end)}`;
}

async function main(): Promise<number> {
  const { options } = givenAlone('bun scripts/write-config-table.ts', {
    about:
      'Writes the table of settings into docs/configuration.md and the table of commands into ' +
      'docs/commands.md, between marks.',
    options: { check: { about: 'write nothing' } },
    examples: ['', '--check'],
    exits: { 0: 'they are up to date', 1: 'one is out of date (--check), or has no marks' },
    json: false,
  });
  let wrong = 0;
  for (const { document, mark, table } of TABLES) {
    const file = Bun.file(join(import.meta.dir, '..', document));
    const before = (await file.exists()) ? await file.text() : '';
    const after = withTable(before, mark, table());
    if (after === null)
      wrong += say(
        `${document} must have <!-- ${mark}:start --> and <!-- ${mark}:end --> once each, in order.`,
        1,
      );
    else if (after === before) say(`${document} is up to date.`, 0);
    else if (options.check)
      wrong += say(`${document} is out of date: run bun scripts/write-config-table.ts`, 1);
    else {
      await Bun.write(file, after);
      say(`${document} is written.`, 0);
    }
  }
  return wrong === 0 ? 0 : 1;
}

function say(text: string, exitCode: number): number {
  console.log(text);
  return exitCode;
}

if (import.meta.main) process.exit(await main());
