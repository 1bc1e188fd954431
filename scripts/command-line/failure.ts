import { Failure, messageOf, placedMessageOf } from '../../server/ports/failure.ts';
import { isUnanswered } from '../../server/ports/unanswered.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** What went wrong: a stable code for programs, a sentence for people. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** Ends a command with an exit code, and says why. */
export class CommandFailure extends Error implements Trouble {
  override readonly name = 'CommandFailure';

  /** @param code a stable word for programs, such as `unknown_option`. @param message a sentence. */
  constructor(
    readonly code: string,
    message: string,
    readonly exit: ExitCode = EXIT.wrong,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** The command line cannot be understood. */
export const misused = (code: string, message: string): CommandFailure =>
  new CommandFailure(code, message, EXIT.usage);

/** What was asked for is not there. */
export const notFound = (message: string): CommandFailure => new CommandFailure('not_found', message);

/** What has to answer cannot be reached: nothing is known to be wrong, and a retry may succeed. */
export const notReached = (message: string, cause: unknown): CommandFailure =>
  new CommandFailure('not_reached', message, EXIT.undecided, { cause });

/**
 * What the work throws is the failure of the command: a sentence behind `what`, and exit code 1 unless told.
 * Where it is that nobody answers, it is `not_reached`, with exit code 3.
 *
 * @param code where the failure has none of its own.
 */
export async function failingAs<Result>(
  code: string,
  what: string,
  work: () => Promise<Result>,
  exit: ExitCode = EXIT.wrong,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    const placed = placedMessageOf(cause);
    const path = placed.slice(0, -messageOf(cause).length - 2);
    // Not twice, where the sentence is about that file already.
    const message = `${what}: ${path !== '' && what.includes(path) ? messageOf(cause) : placed}`;
    if (isUnanswered(cause)) throw notReached(message, cause);
    throw new CommandFailure(cause instanceof Failure ? cause.code : code, message, exit, { cause });
  }
}
