import { behindOthers } from '../../ports/behind-others.ts';

/** How often the size of the books is looked at. */
const LOOK_MS = 60_000;
/**
 * Time between two runs that the size starts: a run that could not get below the mark is not started again at
 * once.
 */
const PAUSE_MS = 300_000;
/** How much less of the processor a run gets than the server. */
const NICENESS = 10;

export interface KeeperParts {
  /** Bets that are not archived yet. */
  readonly liveBets: () => number;
  readonly betsMax: number;
  /** Starts a run; resolves with its exit code. */
  readonly start: () => Promise<number>;
  readonly now: () => number;
  readonly onNews: (message: string, detail: Readonly<Record<string, number>>) => void;
}

/** Starts a run of the archiver whenever the books are larger than they should be. One at a time. */
export class ArchiveKeeper {
  #running = false;
  #startedAt = -Infinity;

  constructor(private readonly parts: KeeperParts) {}

  /** @returns what the run came to, or null when none was started. */
  async look(): Promise<number | null> {
    const { liveBets, betsMax, start, now, onNews } = this.parts;
    if (this.#running || now() - this.#startedAt < PAUSE_MS) return null;
    const bets = liveBets();
    if (bets <= betsMax) return null;
    this.#running = true;
    this.#startedAt = now();
    onNews('the books are too large: archiving', { bets, betsMax });
    try {
      const code = await start();
      if (code !== 0) onNews('the archive run did not finish', { code });
      return code;
    } finally {
      this.#running = false;
    }
  }
}

/** Looks every minute until it is stopped. @returns what stops it. */
export function keepArchiving(keeper: ArchiveKeeper): () => void {
  const timer = setInterval(() => void keeper.look(), LOOK_MS);
  return () => clearInterval(timer);
}

/**
 * The archiver as a separate process with lower priority than the server; its report is dropped, the exit
 * code counts.
 */
export async function runArchiver(ownCommand: readonly string[]): Promise<number> {
  const command = [...ownCommand, 'archive', 'run', '--json'];
  const child = Bun.spawn(behindOthers(command, NICENESS), {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
  });
  return child.exited;
}
