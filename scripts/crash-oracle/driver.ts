import { Chance } from '../simulation/chance.ts';
import { audit, type Audit } from './audit.ts';
import { readJournal } from './journal.ts';
import { databaseOf, freePort, journalOf, MAX_GAP_MS, ready, startClient, startCommand, startServer, WINDOW_MS } from './processes.ts';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly dir: string;
  readonly traders: number;
  /** Called after each round. */
  readonly onRound?: (round: number, audit: Audit) => void;
}

/** A round lasts between these two; the short ones hit start-up and recovery. */
const ROUND_MS_MIN = 30;
const ROUND_MS_MAX = 1_500;
/** What runs beside the server when the kill comes. */
const COMMANDS: readonly (readonly [script: string, ...args: string[]])[] = [['backup.ts', 'run'], ['verify-ledger.ts']];
/** How long the last run goes on so that open bets come to their end: more than the columns ahead. */
const SETTLE_MS = 75_000;

/**
 * Kills the server again and again at random moments while traders play, and audits the database file against what the traders wrote down.
 * @returns the faults of all rounds; none is what the ledger promises.
 */
export async function crash({ rounds, seed, dir, traders, onRound }: CrashOptions): Promise<readonly string[]> {
  const chance = new Chance(seed);
  const port = freePort();
  const journal = journalOf(dir);
  const database = databaseOf(dir);
  const faults: string[] = [];
  let server = startServer({ dir, port, seed });
  await ready(port, server);
  const client = startClient(dir, port, traders);
  const look = (round: number) => {
    const found = audit(database, readJournal(journal), MAX_GAP_MS);
    faults.push(...found.faults.map((fault) => `round ${round}: ${fault}`));
    onRound?.(round, found);
  };
  try {
    for (let round = 1; round <= rounds; round++) {
      const inStart = chance.happens(0.2);
      if (!inStart) await ready(port, server);
      const command = chance.happens(0.4) ? startCommand(dir, ...chance.pick(COMMANDS)) : null;
      await Bun.sleep(ROUND_MS_MIN + chance.below(inStart ? 400 : ROUND_MS_MAX));
      // A drain is a crash too when it is cut short.
      if (chance.happens(0.15)) {
        server.kill('SIGTERM');
        await Bun.sleep(chance.below(50));
      }
      command?.kill('SIGKILL');
      server.kill('SIGKILL');
      await Promise.all([server.exited, command?.exited]);
      look(round);
      server = startServer({ dir, port, seed: seed + round });
    }
    await ready(port, server);
    await Bun.sleep(1_000);
    client.kill('SIGTERM');
    await client.exited;
    await Bun.sleep(Math.min(SETTLE_MS, 14 * WINDOW_MS + MAX_GAP_MS));
    server.kill('SIGTERM');
    await server.exited;
    look(rounds + 1);
    for (const [script, ...args] of [...COMMANDS, ['backup.ts', 'verify'] as const]) {
      const code = await startCommand(dir, script, ...args).exited;
      if (code !== 0) faults.push(`${script} ${args.join(' ')} ended with ${code} after the last round`);
    }
    const last = audit(database, readJournal(journal), MAX_GAP_MS);
    if (last.unanswered > 0) faults.push(`${last.unanswered} orders never got an answer`);
    if (last.closed < last.bets) faults.push(`${last.bets - last.closed} bets are still open although their windows are long over`);
    return faults;
  } finally {
    for (const child of [client, server]) if (child.exitCode === null) child.kill('SIGKILL');
  }
}
