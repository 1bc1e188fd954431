import { EXIT, type ExitCode } from './exit-codes.ts';

/** What went wrong: a stable code for programs, a sentence for people. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** Ends a command with an exit code, and says why. */
export class Failure extends Error implements Trouble {
  override readonly name = 'Failure';

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
export const misused = (code: string, message: string): Failure => new Failure(code, message, EXIT.usage);
