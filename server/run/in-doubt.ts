import { EXIT_CODES } from '../config-text.ts';
import type { Log } from '../upkeep/log.ts';

/** Answers that say so are on their way to the sockets. */
const LAST_ANSWERS_MS = 200;

/** The ledger is in doubt: the process ends with the code for that. */
export const endInDoubt = (log: Log) => (cause: Error) => {
  log.fatal(
    { err: cause },
    'a commit failed: whether it is durable is unknown; the process ends so that a restart can find out',
  );
  setTimeout(() => process.exit(EXIT_CODES.broken), LAST_ANSWERS_MS);
};
