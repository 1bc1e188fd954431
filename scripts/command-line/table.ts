import type { Command } from './command.ts';
import { misused } from './failure.ts';
import { nearest } from './nearest.ts';

/** A command in the table: what it is called, one line about it, and where it is. */
export interface Entry {
  /** One word or two, such as `accounts find`. */
  readonly name: string;
  readonly about: string;
  /** Not listed in the general help: the program starts it itself. */
  readonly isInternal?: true;
  /** Loads the file of the command when it is run, and no other. */
  readonly load: () => Promise<Command>;
}

export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

export type Table = readonly Section[];

export const entriesOf = (table: Table): readonly Entry[] => table.flatMap(({ entries }) => entries);

/** The commands whose name begins with these words: `accounts` has several. */
export const family = (table: Table, name: string): readonly Entry[] =>
  entriesOf(table).filter((entry) => entry.name === name || entry.name.startsWith(`${name} `));

/**
 * The command that a command line begins with, and what stands behind its name.
 *
 * @throws CommandFailure with exit code 2 when it begins with none
 */
export function entryIn(table: Table, words: readonly string[]): { entry: Entry; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const entry = entriesOf(table).find((one) => one.name === name);
    if (entry !== undefined) return { entry, rest: words.slice(length) };
  }
  throw unknownCommand(table, words);
}

/** Says what was probably meant. */
export function unknownCommand(table: Table, words: readonly string[]) {
  const [first = '', second] = words;
  const members = family(table, first).map(({ name }) => name.slice(first.length + 1));
  if (members.length > 0) {
    const meant = second === undefined ? null : nearest(second, members);
    return second === undefined || second.startsWith('-')
      ? misused('missing_command', `${first} needs one of: ${members.join(', ')}.`)
      : misused(
          'unknown_command',
          `Unknown command ${first} ${second}. ` +
            (meant === null ? `Expected one of: ${members.join(', ')}.` : `Did you mean ${first} ${meant}?`),
        );
  }
  const meant = meantBy(first, entriesOf(table));
  return misused(
    'unknown_command',
    `Unknown command ${first}.${meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`}`,
  );
}

/** Begins of names shorter than this say nothing. */
const BEGIN_LENGTH_MIN = 3;

/** What was probably meant: a second word without its first, a part of a name, another spelling. */
function meantBy(given: string, entries: readonly Entry[]): readonly string[] {
  const shown = entries.filter(({ isInternal }) => isInternal !== true).map(({ name }) => name);
  const firsts = [...new Set(shown.map((name) => name.replace(/ .*/, '')))];
  const seconds = shown.filter((name) => name.endsWith(` ${given}`));
  const begun = firsts.filter((name) => given.length >= BEGIN_LENGTH_MIN && name.startsWith(given));
  const within = firsts.filter((name) => name.length >= BEGIN_LENGTH_MIN && given.startsWith(`${name}-`));
  const close = nearest(given, firsts);
  const found = [[...begun, ...seconds], within, close === null ? [] : [close]];
  return found.find((names) => names.length > 0) ?? [];
}
