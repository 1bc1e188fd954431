import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './crash-oracle/driver.ts';

const HELP = `Kills a server of its own with SIGKILL at random moments while traders play, and audits the database against what the traders wrote down.

Usage: bun scripts/crash-oracle.ts [--rounds N] [--seed N] [--traders N] [--keep]
  --rounds N    kills, 1 to 10000 (30)
  --seed N      of the moments and the prices (random; printed)
  --traders N   in the client's process, 1 to 50 (8)
  --keep        leave the data directory and the journal behind, and say where

Exit codes: 0 nothing was lost, 1 something was, 2 wrong usage.
`;

const { values } = (() => {
  try {
    return parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' }, traders: { type: 'string' }, keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
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
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-crash-'));
console.log(`seed ${seed}, ${rounds} rounds, ${traders} traders`);
const faults = await crash({
  rounds, seed, dir, traders,
  onRound: (round, { acknowledged, unanswered, bets, closed, faults: found }, cut) =>
    console.log(`round ${round}: ${acknowledged} bets acknowledged, ${unanswered} orders unanswered, ${bets} bets on file, ${closed} closed, ${found.length} faults${cut === null ? '' : `, ${cut} cut short`}`),
});
for (const fault of faults) console.error(fault);
if (values.keep) console.log(`kept: ${dir}`);
else rmSync(dir, { recursive: true, force: true });
console.log(faults.length === 0 ? 'nothing was lost' : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  return /^\d{1,10}$/.test(text) && value >= low && value <= high ? value : usage(`--${name} must be a whole number from ${low} to ${high}, not ${text}`);
}

function usage(message: string): never {
  process.stderr.write(`${message}\n\n${HELP}`);
  process.exit(2);
}
