import { BUILD } from '../../server/ports/build.ts';
import { configErrorText } from '../../server/config-text.ts';
import { loadConfig, type Config } from '../../server/config.ts';
import { Failure } from '../../server/ports/failure.ts';
import { readArguments } from './arguments.ts';
import type { Outcome, Shell } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { CommandFailure, misused, type Trouble } from './failure.ts';
import { commandHelp, familyHelp, generalHelp, PROGRAM } from './help.ts';
import { Progress } from './progress.ts';
import { entryIn, family, unknownCommand, type Table } from './table.ts';
import type { Terminal } from './terminal.ts';

const CLEAR_LINE = '\r\x1b[K';

/**
 * Runs one command line against a table of commands: its answer goes to standard output, all else to standard
 * error. With --json a failure is an answer too: `{"error": {code, message}}`.
 *
 * @returns the exit code
 */
export async function run(table: Table, words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const end = words.indexOf('--');
  const json = (end < 0 ? words : words.slice(0, end)).includes('--json');
  const shell = new TerminalShell(terminal);
  try {
    const outcome = await carryOut(table, optionsLast(words), shell);
    shell.clear();
    if (typeof outcome === 'string') {
      terminal.out(outcome);
      return EXIT.ok;
    }
    if (!json) terminal.out(outcome.text);
    else if (outcome.report !== undefined) terminal.out(jsonText(outcome.report));
    if (outcome.trouble !== undefined) terminal.error(troubleText(outcome.trouble));
    return outcome.exit;
  } catch (cause) {
    shell.clear();
    const { trouble, exit } = failureOf(cause);
    if (json) terminal.out(jsonText({ error: { code: trouble.code, message: trouble.message } }));
    terminal.error(troubleText(trouble) + (exit === EXIT.usage ? whereHelpIs(table, words) : ''));
    return exit;
  }
}

/** @returns a text where help was asked for. */
async function carryOut(
  table: Table,
  words: readonly string[],
  shell: TerminalShell,
): Promise<Outcome | string> {
  const [first = 'start', ...others] = words;
  if (first === '--version' || first === '-v') return `${buildText()}\n`;
  if (first === 'help' || first === '--help' || first === '-h') return helpOn(table, others);
  if (first.startsWith('-'))
    throw misused('unknown_option', `${first} is not an option here: put the command first.`);
  const isFamily = family(table, first).every(({ name }) => name !== first);
  if (isFamily && (others[0] === '--help' || others[0] === '-h')) return helpOn(table, [first]);
  const { entry, rest } = entryIn(table, [first, ...others]);
  const command = await entry.load();
  const given = readArguments(entry.name, command, rest);
  return given === 'help' ? commandHelp(PROGRAM, entry.name, command) : command.run(given, shell);
}

/** `0.1.0`, and of a release what it was built from. */
const buildText = ({ version, commit, builtAt } = BUILD): string =>
  commit === null ? version : `${version} (commit ${commit}, built ${builtAt})`;

async function helpOn(table: Table, words: readonly string[]): Promise<string> {
  const topic = words.filter((word) => !word.startsWith('-'));
  if (topic.length === 0) return generalHelp(table);
  const name = topic.join(' ');
  const members = family(table, name);
  if (members.length === 0) throw unknownCommand(table, topic);
  const [only] = members;
  return members.length === 1 && only!.name === name
    ? commandHelp(PROGRAM, name, await only!.load())
    : familyHelp(name, members);
}

/** A switch in front of the command, such as --json, counts as if it stood behind it. */
function optionsLast(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !word.startsWith('-'));
  return first <= 0 ? words : [...words.slice(first), ...words.slice(0, first)];
}

function failureOf(cause: unknown): { trouble: Trouble; exit: ExitCode } {
  if (cause instanceof CommandFailure) return { trouble: cause, exit: cause.exit };
  if (cause instanceof Failure) return { trouble: cause, exit: EXIT.wrong };
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return {
    trouble: { code: 'internal', message: `Unexpected error:\n${message}` },
    exit: EXIT.internal,
  };
}

/** The code stands behind the first line. */
function troubleText({ code, message }: Trouble): string {
  const [first = '', ...more] = message.trimEnd().split('\n');
  const coded = first.endsWith(':') ? `${first.slice(0, -1)} (${code}):` : `${first} (${code})`;
  return `${[coded, ...more].join('\n')}\n`;
}

function whereHelpIs(table: Table, words: readonly string[]): string {
  const plain = words.filter((word) => !word.startsWith('-'));
  const name = [2, 1]
    .map((length) => plain.slice(0, length).join(' '))
    .find((one) => one !== '' && family(table, one).length > 0);
  return `Help: tapgrid ${name === undefined ? '--help' : `${name} --help`}\n`;
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

class TerminalShell implements Shell {
  readonly #bars = new Map<string, Progress>();
  #drawn = false;

  constructor(private readonly terminal: Terminal) {}

  get env(): Shell['env'] {
    return this.terminal.env;
  }

  config(): Config {
    const loaded = loadConfig(this.terminal.env);
    if ('errors' in loaded) throw misused('bad_settings', configErrorText(loaded.errors));
    return loaded.ok;
  }

  answer(part: string): Promise<boolean> {
    this.clear();
    this.terminal.out(part);
    return this.terminal.written();
  }

  say(line: string): void {
    this.clear();
    this.terminal.error(`${line}\n`);
  }

  progress(stage: string, part: number, detail = ''): void {
    let bar = this.#bars.get(stage);
    if (bar === undefined)
      this.#bars.set(
        stage,
        (bar = new Progress(stage, { isTTY: this.terminal.drawable, write: this.terminal.error })),
      );
    bar.update(part, detail);
    this.#drawn = this.terminal.drawable;
  }

  status(text: string): void {
    if (!this.terminal.drawable) return;
    this.terminal.error(`${CLEAR_LINE}${text}`);
    this.#drawn = true;
  }

  /** Takes away what was drawn. */
  clear(): void {
    if (this.#drawn) this.terminal.error(CLEAR_LINE);
    this.#drawn = false;
  }

  input = (): Promise<string> => this.terminal.input();

  interruptible(): AbortSignal {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => interrupted.abort(signal));
    return interrupted.signal;
  }
}
