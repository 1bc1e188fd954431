import { Chance } from '../simulation/chance.ts';
import { faultsOf } from '../testing/second-opinion.ts';
import { audit, type Audit } from './audit.ts';
import { History } from './history.ts';
import { readJournal } from './journal.ts';
import { databaseOf, dataOf, freePort, journalOf, MAX_GAP_MS, ready, startClient, startCommand, startServer } from './processes.ts';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly dir: string;
  readonly traders: number;
  /** Called after each round. @param cut what the kill cut short beside the server. */
  readonly onRound?: (round: number, audit: Audit, cut: string | null) => void;
}

/** A round lasts between these two; the short ones hit start-up and recovery. */
const ROUND_MS_MIN = 30;
const ROUND_MS_MAX = 1_500;
type Command = readonly [script: string, ...args: string[]];
/** What runs beside the server when the kill comes. */
const COMMANDS: readonly Command[] = [['backup.ts', 'run'], ['verify-ledger.ts']];
/** It takes the ledger itself where no server has it, so it is only run beside one that is ready. */
const ARCHIVE: Command = ['archive.ts', 'run'];
/** How long is waited at most for traders to begin, and for open bets to come to their end. */
const WAIT_MS_MAX = 120_000;

/**
 * Kills the server again and again at random moments while traders play, with a backup, a check or the archiver at work beside it, and audits the database file
 * against what the traders wrote down. The books begin with bets of two weeks ago, which the archiver takes away: they must stay readable as they were.
 * @returns the faults of all rounds; none is what the ledger promises.
 */
export async function crash({ rounds, seed, dir, traders, onRound }: CrashOptions): Promise<readonly string[]> {
  const chance = new Chance(seed);
  const port = freePort();
  const journal = journalOf(dir);
  const database = databaseOf(dir);
  const faults: string[] = [];
  const history = await History.make(dataOf(dir), seed);
  let server = startServer({ dir, port, seed });
  await ready(port, server);
  const client = startClient(dir, port, traders);
  const audited = () => audit(database, readJournal(journal), MAX_GAP_MS);
  const look = (round: number, cut: string | null = null) => {
    const found = audited();
    // Nobody writes: the server and what ran beside it are dead.
    const second = faultsOf(database);
    faults.push(...[...found.faults, ...history.faults(), ...second].map((fault) => `round ${round}: ${fault}`));
    onRound?.(round, found, cut);
  };
  try {
    await until(() => audited().acknowledged > 0);
    for (let round = 1; round <= rounds; round++) {
      const inStart = chance.happens(0.2);
      if (!inStart) await ready(port, server);
      const words = chance.happens(0.6) ? chance.pick(inStart ? COMMANDS : [...COMMANDS, ARCHIVE, ARCHIVE]) : null;
      const command = words === null ? null : startCommand(dir, ...words);
      await Bun.sleep(ROUND_MS_MIN + chance.below(inStart ? 400 : words === ARCHIVE ? 2 * ROUND_MS_MAX : ROUND_MS_MAX));
      // A drain is a crash too when it is cut short.
      if (chance.happens(0.15)) {
        server.kill('SIGTERM');
        await Bun.sleep(chance.below(50));
      }
      const cut = command?.exitCode === null ? words![0] : null;
      command?.kill('SIGKILL');
      server.kill('SIGKILL');
      await Promise.all([server.exited, command?.exited]);
      look(round, cut);
      server = startServer({ dir, port, seed: seed + round });
    }
    await ready(port, server);
    const { acknowledged } = audited();
    await until(() => audited().acknowledged > acknowledged);
    client.kill('SIGTERM');
    await client.exited;
    await until(() => {
      const { bets, closed } = audited();
      return bets === closed;
    });
    server.kill('SIGTERM');
    await server.exited;
    look(rounds + 1);
    for (const [script, ...args] of [...COMMANDS, ['backup.ts', 'verify'], ARCHIVE, ['archive.ts', 'verify'], ['verify-ledger.ts']] satisfies Command[]) {
      const code = await startCommand(dir, script, ...args).exited;
      if (code !== 0) faults.push(`${script} ${args.join(' ')} ended with ${code} after the last round`);
    }
    const last = audited();
    faults.push(...last.faults, ...history.faults());
    if (history.segments() === 0) faults.push('nothing was archived');
    if (last.unanswered > 0) faults.push(`${last.unanswered} orders never got an answer`);
    if (last.closed < last.bets) faults.push(`${last.bets - last.closed} bets are still open although their windows are long over`);
    return faults;
  } finally {
    for (const child of [client, server]) if (child.exitCode === null) child.kill('SIGKILL');
  }
}

/** Looks again and again, and gives up in silence: the last audit says what is missing. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS_MAX;
  while (!holds() && performance.now() < end) await Bun.sleep(500);
}
