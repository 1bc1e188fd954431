import { parseArgs } from 'node:util';
import type { Command, Given } from './command.ts';
import { misused } from './failure.ts';
import { nearest } from './nearest.ts';

/** Every command takes these, --json those that answer. */
const HELP_OPTION = { about: 'this text' } as const;
/** `-5` is a number that somebody typed, not an option: no option begins with a digit. */
const NEGATIVE_NUMBER = /^-[\d.]/;
/** Marks such a word while options are separated from words; nobody can type it. */
const PLAIN = '\0';
const JSON_OPTION = { about: 'print the result as JSON on standard output' } as const;

export const optionsOf = (command: Command): Command['options'] => ({
  ...command.options,
  ...(command.json !== false && { json: JSON_OPTION }),
  help: HELP_OPTION,
});

/**
 * Reads what stands behind the name of a command.
 *
 * @returns `help` where help is asked for, whatever else stands there. @throws CommandFailure with exit code
 *   2
 */
export function readArguments(name: string, command: Command, words: readonly string[]): Given | 'help' {
  const options = optionsOf(command);
  const { tokens } = parseArgs({
    args: words.map((word) => (NEGATIVE_NUMBER.test(word) ? `${PLAIN}${word}` : word)),
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([option, { value }]) => [
        option,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          ...(option === 'help' && { short: 'h' }),
        },
      ]),
    ),
  });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return 'help';
  const found = new Map<string, string[]>();
  for (const token of tokens)
    if (token.kind === 'option') {
      const value = valueIn(name, options, token);
      const values = found.get(token.name) ?? [];
      if (values.length > 0 && options[token.name]?.repeatable !== true)
        throw misused('repeated_option', `${token.rawName} may be given only once.`);
      found.set(token.name, [...values, value]);
    }
  const positional = tokens.flatMap((token) => (token.kind === 'positional' ? [plain(token.value)] : []));
  const read = readWords(name, command.words, positional);
  for (const [option, { required, value, about }] of Object.entries(options))
    if (required === true && !found.has(option))
      throw misused('missing_option', `${name} needs --${option} ${value}: ${about}.`);
  return {
    words: read,
    options: Object.fromEntries(
      Object.entries(command.options).map(([option, { value, repeatable, fallback, whole }]) => {
        const values = found.get(option);
        if (value === undefined) return [option, values !== undefined];
        const texts = values ?? (fallback === undefined ? [] : [fallback]);
        const given = whole === undefined ? texts : texts.map((text) => wholeNumber(option, text, whole));
        return [option, repeatable === true ? given : given[0]];
      }),
    ),
    json: found.has('json'),
  } as Given;
}

const plain = (word: string): string => (word.startsWith(PLAIN) ? word.slice(PLAIN.length) : word);

function wholeNumber(option: string, text: string, [min, max]: readonly [number, number]): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw misused('bad_value', `--${option} must be a whole number from ${min} to ${max}, but is ${text}.`);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** The value of an option, empty for a switch. */
function valueIn(name: string, options: Command['options'], token: OptionToken): string {
  const { rawName, inlineValue } = token;
  const value = token.value === undefined ? undefined : plain(token.value);
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (option === undefined) {
    const meant = nearest(token.name, Object.keys(options));
    throw misused(
      'unknown_option',
      `${name} has no option ${rawName}.${meant === null ? '' : ` Did you mean --${meant}?`}`,
    );
  }
  if (option.value === undefined) {
    if (value === undefined) return '';
    throw misused('unexpected_value', `${rawName} does not take a value.`);
  }
  if (value === undefined || (inlineValue !== true && /^-[^\d.]/.test(value))) {
    const isOption = value === undefined || Object.hasOwn(options, value.replace(/^--|=.*$/g, ''));
    throw misused(
      'missing_value',
      `${rawName} needs a value: ${rawName} ${option.value}.` +
        (isOption ? '' : ` Write a value that starts with a dash as ${rawName}=${value}.`),
    );
  }
  if (value === '') throw misused('missing_value', `${rawName} must not be empty.`);
  if (option.choices !== undefined && !option.choices.includes(value))
    throw misused('bad_value', `${rawName} must be ${choiceText(option.choices)}, not ${value}.`);
  return value;
}

/** `on or off`, `one of: a, b, c`. */
const choiceText = (choices: readonly string[]): string =>
  choices.length > 2 ? `one of: ${choices.join(', ')}` : choices.join(' or ');

function readWords(name: string, words: Command['words'], given: readonly string[]): Given['words'] {
  const names = Object.keys(words);
  const missing = names[given.length];
  const lacked = missing === undefined ? undefined : words[missing];
  if (lacked !== undefined && lacked.mayBeMissing !== true)
    throw misused('missing_argument', `${name} needs <${missing}>: ${lacked.about}.`);
  if (given.length > names.length)
    throw misused(
      'unexpected_argument',
      `${name} takes ${names.length === 0 ? 'no arguments' : names.map((one) => `<${one}>`).join(' ')}` +
        ` besides its options; ${JSON.stringify(given[names.length])} is one too many.`,
    );
  return Object.fromEntries(names.map((one, index) => [one, given[index]!]));
}
