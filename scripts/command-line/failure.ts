import { Failure, messageOf } from '../../server/ports/failure.ts';
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

/**
 * What the work throws is the failure of the command: a sentence behind `what`, and exit code 1 unless told.
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
    throw new CommandFailure(
      cause instanceof Failure ? cause.code : code,
      `${what}: ${messageOf(cause)}`,
      exit,
      {
        cause,
      },
    );
  }
}
