import { Chance } from '../simulation/chance.ts';
import { audit, type Audit } from './audit.ts';
import { readJournal } from './journal.ts';
import { databaseOf, freePort, journalOf, MAX_GAP_MS, ready, startClient, startCommand, startServer } from './processes.ts';

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
/** How long is waited at most for traders to begin, and for open bets to come to their end. */
const WAIT_MS_MAX = 120_000;

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
  const audited = () => audit(database, readJournal(journal), MAX_GAP_MS);
  const look = (round: number) => {
    const found = audited();
    faults.push(...found.faults.map((fault) => `round ${round}: ${fault}`));
    onRound?.(round, found);
  };
  try {
    await until(() => audited().acknowledged > 0);
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
    for (const [script, ...args] of [...COMMANDS, ['backup.ts', 'verify'] as const]) {
      const code = await startCommand(dir, script, ...args).exited;
      if (code !== 0) faults.push(`${script} ${args.join(' ')} ended with ${code} after the last round`);
    }
    const last = audited();
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
