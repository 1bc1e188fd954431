import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decidedShare } from '../test/crash-oracle/audit.ts';
import { crash } from '../test/crash-oracle/driver.ts';
import { reportText } from '../test/crash-oracle/report.ts';

const HELP = `Kills a server of its own at random moments while traders play, and audits the books against what the traders wrote down.

Backup, tail, archiver and check run beside it and beside each other, and die too; processes are stopped and continued, the disk is small and fills up,
the clock is set. At the end everything is verified, archived, and restored from the backups.

Usage: bun scripts/crash-oracle.ts [options]
  --rounds N    kills of the server, 1 to 10000 (30; some 4 s each)
  --seed N      of the moments and the prices (random; printed)
  --traders N   in the client's process, 1 to 50 (8)
  --json        the report as JSON, without the rounds
  --keep        leave the data directory and the journal behind, and say where

Only root may mount the small disk, and the clock needs libfaketime; the report says when one was left out.

Exit codes: 0 nothing was lost, 1 something was, 2 wrong usage.
`;

const { values } = (() => {
  try {
    return parseArgs({
      options: {
        rounds: { type: 'string' },
        seed: { type: 'string' },
        traders: { type: 'string' },
        json: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return usage((error as Error).message);
  }
})();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const rounds = whole('rounds', values.rounds ?? '30', 1, 10_000);
const traders = whole('traders', values.traders ?? '8', 1, 50);
const seed = whole('seed', values.seed ?? String(Date.now() % 1_000_000), 0, 2 ** 32 - 1);
const say = (text: string): void =>
  (values.json ? process.stderr : process.stdout).write(`${text}\n`) as never;
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-crash-'));
say(`seed ${seed}, ${rounds} rounds, ${traders} traders`);
const report = await crash({
  rounds,
  seed,
  dir,
  traders,
  keep: values.keep === true,
  onRound: (round, audit, done) => {
    if (values.json) return;
    const { acknowledged, unanswered, closed, bets, faults } = audit;
    const decided = `${Math.round(decidedShare(audit) * 100)} % decided`;
    say(
      `round ${round}: ${acknowledged} bets acknowledged, ${unanswered} orders unanswered, ${closed} of ${bets} bets closed, ${decided}, ${faults.length} faults${done.length === 0 ? '' : `; ${done.join(', ')}`}`,
    );
  },
});
if (values.keep) say(`kept: ${dir}`);
else rmSync(dir, { recursive: true, force: true });
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
process.exitCode = report.faults.length === 0 ? 0 : 1;

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  return /^\d{1,10}$/.test(text) && value >= low && value <= high
    ? value
    : usage(`--${name} must be a whole number from ${low} to ${high}, not ${text}`);
}

function usage(message: string): never {
  process.stderr.write(`${message}\n\n${HELP}`);
  process.exit(2);
}
