import { readArguments } from './arguments.ts';
import { command, type Definition, type Given, type Option, type Word } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { CommandFailure } from './failure.ts';
import { commandHelp } from './help.ts';

/**
 * What a program with one command of its own was given, such as a measurement: help and wrong words end the
 * process, as they do for a command of `tapgrid`.
 *
 * @param program as it is called, such as `bun loadtest/swarm.ts`; examples of the definition stand behind
 *   it.
 */
export function givenAlone<
  const W extends Readonly<Record<string, Word>> = Record<never, Word>,
  const O extends Readonly<Record<string, Option>> = Record<never, Option>,
>(program: string, definition: Omit<Definition<W, O>, 'run'>): Given<W, O> {
  const alone = command({ ...definition, run: () => Promise.reject(new Error('it runs itself')) });
  const name = program.split(/[ /]/).at(-1)!;
  try {
    const given = readArguments(name, alone, process.argv.slice(2));
    if (given !== 'help') return given as unknown as Given<W, O>;
    process.stdout.write(commandHelp(program, '', alone));
    process.exit(EXIT.ok);
  } catch (cause) {
    if (cause instanceof CommandFailure)
      end(`${cause.message} (${cause.code})\nHelp: ${program} --help`, cause.exit);
    throw cause;
  }
}

/** Ends such a program with a sentence. */
export function end(sentence: string, exit: ExitCode): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(exit);
}
