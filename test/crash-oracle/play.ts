import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenAlone } from '../../scripts/command-line/alone.ts';
import { decidedShare } from './audit.ts';
import { crash } from './driver.ts';
import { reportText } from './report.ts';

const { options, json } = givenAlone('bun test/crash-oracle/play.ts', {
  about:
    'Kills a server of its own at random moments while traders play, and audits the books against what the ' +
    'traders wrote down. Backup, tail, archiver and check run beside it and ' +
    'beside each other, and die too; ' +
    'processes are stopped and continued, the disk is small and fills up, the clock is set. ' +
    'At the end everything ' +
    'is verified, archived, and restored from the backups.',
  options: {
    rounds: {
      value: '<n>',
      whole: [1, 10_000],
      fallback: '30',
      about: 'kills of the server, some 4 s each',
    },
    seed: {
      value: '<n>',
      whole: [0, 2 ** 32 - 1],
      about: 'of the moments and the prices; default: random, and printed',
    },
    traders: { value: '<n>', whole: [1, 50], fallback: '8', about: "traders in the client's process" },
    keep: { about: 'leave the data directory and the journal behind, and say where' },
  },
  notes: `Only root may mount the small disk, and the clock needs libfaketime; the report says when one was left
out. With --json the report leaves out the rounds.`,
  examples: ['--rounds 100', '--seed 4711 --keep'],
  exits: { 0: 'nothing was lost', 1: 'something was lost' },
});
const { rounds, traders, keep, seed = Date.now() % 1_000_000 } = options;
const say = (text: string): void => (json ? process.stderr : process.stdout).write(`${text}\n`) as never;
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-crash-'));
say(`seed ${seed}, ${rounds} rounds, ${traders} traders`);
const report = await crash({
  rounds,
  seed,
  dir,
  traders,
  keep,
  onRound: (round, audit, done) => {
    if (json) return;
    const { acknowledged, unanswered, closed, bets, faults } = audit;
    const decided = `${Math.round(decidedShare(audit) * 100)} % decided`;
    say(
      `round ${round}: ${acknowledged} bets acknowledged, ${unanswered} orders unanswered, ` +
        `${closed} of ${bets} bets closed, ${decided}, ${faults.length} ` +
        `faults${done.length === 0 ? '' : `; ${done.join(', ')}`}`,
    );
  },
});
if (keep) say(`kept: ${dir}`);
else rmSync(dir, { recursive: true, force: true });
process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
process.exitCode = report.faults.length === 0 ? 0 : 1;
