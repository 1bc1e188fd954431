import { optionsOf } from './arguments.ts';
import type { Command, Option } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { Entry, Table } from './table.ts';

export const PROGRAM = 'tapgrid';
const WIDTH = 100;
/** What these mean for every command. */
const EVERYWHERE: Readonly<Record<number, string>> = {
  [EXIT.usage]: 'the command line or a setting is wrong; nothing was started',
  [EXIT.internal]: 'an unexpected error',
};

/** All commands by section. */
export const generalHelp = (table: Table): string =>
  [
    'Tapgrid: BTC tap-trading on one machine.',
    '',
    `Usage: ${PROGRAM} <command> [arguments] [options]`,
    `       ${PROGRAM} help <command>, or ${PROGRAM} <command> --help, for details`,
    '',
    ...table.flatMap(({ title, entries }) => [
      `${title}:`,
      ...entriesText(entries.filter(({ isInternal }) => isInternal !== true)),
      '',
    ]),
    `Without a command, ${PROGRAM} starts the server. In a clone, run "bun run tapgrid" or`,
    '"npm run -s tapgrid --" (without -s npm writes lines of its own to standard output); ' +
      'settings come from the environment, see "tapgrid start --help".',
    'Results go to standard output, as JSON with --json; progress and errors go to standard error.',
    '',
    'Exit codes:',
    ...rowsText([
      ['0', 'success'],
      ['1', 'failure, or a problem was found'],
      ['2', EVERYWHERE[EXIT.usage]!],
      ['3', 'undecided: something that is needed cannot be reached'],
      ['70', EVERYWHERE[EXIT.internal]!],
      ['130', 'ended by Ctrl-C'],
    ]),
    '',
  ].join('\n');

/** The commands that begin with the same word. */
export const familyHelp = (name: string, entries: readonly Entry[]): string =>
  [
    `Usage: ${PROGRAM} ${name} <command> [arguments] [options]`,
    '',
    ...entriesText(entries),
    '',
    `Details: ${PROGRAM} ${entries[0]?.name} --help`,
    '',
  ].join('\n');

/**
 * All there is to know of one command.
 *
 * @param calledAs what its examples stand behind. @param name the rest of its name.
 */
export function commandHelp(calledAs: string, name: string, command: Command): string {
  const options = optionsOf(command);
  const exits = { 0: 'done', ...EVERYWHERE, ...command.exits };
  const rows: [string, string][] = [
    ...Object.entries(command.words).map(([word, { about }]): [string, string] => [`<${word}>`, about]),
    ...Object.entries(options).map(([option, definition]): [string, string] => [
      option === 'help' ? '-h, --help' : [`--${option}`, definition.value].filter(Boolean).join(' '),
      [definition.about, ...remarksOn(definition)].join('; '),
    ]),
  ];
  return [
    ...wrapped(command.about, WIDTH),
    '',
    `Usage: ${calledAs} ${usageOf(name, command)}`,
    '',
    ...rowsText(rows),
    ...(command.notes === undefined ? [] : ['', command.notes.trim()]),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${calledAs} ${example}`.trimEnd()),
    '',
    'Exit codes:',
    ...rowsText(Object.entries(exits)),
    '',
  ].join('\n');
}

const usageOf = (name: string, { words, options }: Command): string =>
  [
    ...(name === '' ? [] : [name]),
    ...Object.entries(words).map(([word, { mayBeMissing }]) => (mayBeMissing ? `[${word}]` : `<${word}>`)),
    ...Object.entries(options).flatMap(([option, { required, value }]) =>
      required ? [`--${option} ${value}`] : [],
    ),
    '[options]',
  ].join(' ');

const remarksOn = ({ required, repeatable, fallback, whole }: Option): string[] => [
  ...(whole === undefined ? [] : [`${whole[0]} to ${whole[1]}`]),
  ...(required ? ['required'] : []),
  ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ...(repeatable ? ['can be repeated'] : []),
];

const entriesText = (entries: readonly Entry[]): string[] =>
  rowsText(entries.map(({ name, about }) => [name, about]));

/** Two columns, the second one wrapped. */
function rowsText(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    wrapped(right, WIDTH - width - 4).map(
      (line, index) => `  ${(index === 0 ? left : '').padEnd(width)}  ${line}`,
    ),
  );
}

/** Broken at spaces; line breaks of the text stay. */
function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ')) {
      const line = lines.at(-1)!;
      if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
    return lines;
  });
}
