import type { Config } from '../config.ts';
import type { Log } from '../upkeep/log.ts';
import type { LogOutput } from '../upkeep/log-output.ts';
import type { Notify } from '../upkeep/notify.ts';

/** Whatever this process is, once it runs. */
export interface Running {
  /** For the service manager, and for people in the log. */
  readonly status: string;
  readonly ready: string;
  /** Lets go of everything. @returns the exit code; null for EXIT_CODES.stopped. */
  stop(): Promise<number | null>;
}

export interface Around {
  readonly config: Config;
  readonly log: Log;
  readonly output: LogOutput;
  readonly notify: Notify;
  readonly watchdogMs: number | null;
}

/**
 * What a process can be.
 * @throws Failure `not_started`, `unusable_setting`, `not_listening`, `house_elsewhere`
 */
export type Run = (around: Around) => Promise<Running>;
