import type { Config, Environment } from '../../server/config.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Trouble } from './failure.ts';

/** A word behind the name of a command. One that `mayBeMissing` comes last. */
export interface Word {
  readonly about: string;
  readonly mayBeMissing?: true;
}

/** A switch, or an option with a value: `value` names it for people, such as `<path>`. */
export interface Option {
  readonly about: string;
  readonly value?: `<${string}>`;
  /** Has to be given. */
  readonly required?: true;
  /** May be given several times. */
  readonly repeatable?: true;
  /** No other value is taken. */
  readonly choices?: readonly string[];
  /** The value is a whole number within these. */
  readonly whole?: readonly [min: number, max: number];
  /** What counts where it is not given. */
  readonly fallback?: string;
}

type Words = Readonly<Record<string, Word>>;
type Options = Readonly<Record<string, Option>>;

type SingleOf<O extends Option> = O extends { readonly choices: readonly (infer Choice extends string)[] }
  ? Choice
  : O extends { readonly whole: readonly [number, number] }
    ? number
    : string;
type ValueOf<O extends Option> = O extends { readonly value: string }
  ? O extends { readonly repeatable: true }
    ? readonly SingleOf<O>[]
    : O extends { readonly required: true } | { readonly fallback: string }
      ? SingleOf<O>
      : SingleOf<O> | undefined
  : boolean;

/**
 * What the command line says, by the names of the definition: numbers where it asks for them, else as typed.
 */
export interface Given<W extends Words = Words, O extends Options = Options> {
  readonly words: {
    readonly [Name in keyof W]: W[Name] extends { readonly mayBeMissing: true } ? string | undefined : string;
  };
  readonly options: { readonly [Name in keyof O]: ValueOf<O[Name]> };
  /** The command will be answered in JSON. */
  readonly json: boolean;
}

/**
 * What a command comes to. `report` is what `--json` prints, `text` what people read; a command that has
 * answered in parts has undefined and ''.
 */
export interface Outcome {
  readonly exit: ExitCode;
  readonly report: unknown;
  readonly text: string;
  /** What is said beside it on standard error. */
  readonly trouble?: Trouble;
}

/** What commands are given by the shell that runs them. */
export interface Shell {
  readonly env: Environment;
  /** The settings. @throws CommandFailure when one is wrong. */
  config(): Config;
  /**
   * A part of an answer that is too long for one piece, in the form that was asked for. Resolves when it is
   * taken: to false once nobody reads any more.
   */
  answer(part: string): Promise<boolean>;
  /** A progress line for people; never part of the result. */
  say(line: string): void;
  /**
   * How far a stage of the work is: a bar on a terminal, lines elsewhere.
   *
   * @param part done, 0 to 1. @param detail what else to tell.
   */
  progress(stage: string, part: number, detail?: string): void;
  /** Redraws what is said about endless work; only on a terminal. */
  status(text: string): void;
  /** Standard input, to its end. */
  input(): Promise<string>;
  /** From now on the first SIGINT or SIGTERM aborts this instead of ending the process. */
  interruptible(): AbortSignal;
}

/** One command: all that its help, the parser and the shell need to know of it. */
export interface Definition<W extends Words, O extends Options> {
  /** What it does, in one or two sentences. */
  readonly about: string;
  readonly words?: W;
  readonly options?: O;
  /** What else there is to know, below the options. */
  readonly notes?: string;
  /** Whole command lines, without the name of the program. Each must parse. */
  readonly examples: readonly string[];
  /** What its exit codes mean; usage (2) and internal (70) mean the same everywhere. */
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>;
  /** A command without an answer has no --json. */
  readonly json?: false;
  readonly run: (given: Given<W, O>, shell: Shell) => Promise<Outcome>;
}

export type Command = Required<Pick<Definition<Words, Options>, 'words' | 'options'>> &
  Omit<Definition<Words, Options>, 'words' | 'options'>;

/** Defines a command; what `run` is given has the names and types of its words and options. */
export const command = <
  const W extends Words = Record<never, Word>,
  const O extends Options = Record<never, Option>,
>(
  definition: Definition<W, O>,
): Command =>
  // The parser fills in what the definition names, which is more than the compiler can follow.
  ({ words: {}, options: {}, ...definition }) as Command;
