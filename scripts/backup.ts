import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configErrorText } from '../server/config-text.ts';
import { loadConfig, type Config } from '../server/config.ts';
import { JOBS_FOLDER } from '../server/upkeep/jobs.ts';
import { backupHouse, type BackupHouse } from './backup/house.ts';
import { runPrune } from './backup/prune.ts';
import { runSnapshot } from './backup/run.ts';
import { runStatus } from './backup/status.ts';
import { runTail } from './backup/tail.ts';
import { runVerify } from './backup/verify.ts';
import { Progress } from './command-line/progress.ts';

const HELP = `Backups of the ledger while the server runs.

Usage: bun scripts/backup.ts <command> [options]
  run      take a snapshot: copy, check the copy, compress, hash, read back; send it to the bucket; remove what need not be kept
  tail     run for good: ship what was committed every 2 s, so that a machine that dies takes at most 5 s with it
  status   what there is, how old it is, and how far the tail is behind
  verify   read every byte of every snapshot and segment, and check the newest snapshot's ledger
  prune    remove what need not be kept: of 48 hours and 30 days the newest snapshot stays, and the tail of those hours

  --json             the report as JSON
  --metrics <path>   where run and tail write metrics for Prometheus' textfile collector (${JOBS_FOLDER}/backup.prom and ${JOBS_FOLDER}/tail.prom in DATA_DIR, where that folder is)
  --no-prune         run: remove nothing
  --adopt            run: go on with books that lack what these backups have seen; nothing is removed then
  --help             this text

Backups go to BACKUP_DIR and, where BACKUP_S3_BUCKET is set, to that bucket too. On the disk of the database alone they do not survive that disk.

Exit codes: 0 done and well, 1 something is damaged, missing, too old or failed, 2 wrong usage or settings.
`;

/** What a command is given. `told` draws progress. */
export interface Job {
  readonly house: BackupHouse;
  readonly config: Config;
  readonly metrics: string | null;
  readonly prune: boolean;
  readonly adopt: boolean;
  readonly told: (stage: string, part: number, detail?: string) => void;
  readonly say: (line: string) => void;
}

/** What a command comes to: a report for programs, the same for people, and whether all is well. */
export interface Outcome {
  readonly ok: boolean;
  readonly report: unknown;
  readonly text: string;
}

const COMMANDS: Readonly<Record<string, (job: Job) => Promise<Outcome>>> = {
  run: runSnapshot,
  tail: runTail,
  status: runStatus,
  verify: runVerify,
  prune: runPrune,
};
const LINGER_MS_MAX = 1_000;
const METRICS_FILE: Readonly<Record<string, string>> = { run: 'backup.prom', tail: 'tail.prom' };

/** The command line. @returns its exit code. */
export async function run(
  words: readonly string[],
  out: (text: string) => void,
  error: (text: string) => void,
): Promise<0 | 1 | 2> {
  const read = readArguments(words);
  if (read === 'help') return (out(HELP), 0);
  if (typeof read === 'string') return (error(`${read}\n\n${HELP}`), 2);
  const config = loadConfig();
  if ('errors' in config) return (error(`${configErrorText(config.errors)}\n`), 2);
  const bars = new Map<string, Progress>();
  const told = (stage: string, part: number, detail = ''): void => {
    const bar = bars.get(stage) ?? new Progress(stage, process.stderr);
    bars.set(stage, bar);
    bar.update(part, detail);
  };
  try {
    const outcome = await COMMANDS[read.command]!({
      house: backupHouse(config.ok),
      config: config.ok,
      metrics: read.metrics ?? metricsIn(config.ok.dataDir, read.command),
      prune: read.prune,
      adopt: read.adopt,
      told,
      say: (line) => error(`${line}\n`),
    });
    for (const bar of bars.values()) bar.end();
    out(read.json ? `${JSON.stringify(outcome.report, null, 2)}\n` : outcome.text);
    return outcome.ok ? 0 : 1;
  } catch (cause) {
    for (const bar of bars.values()) bar.end();
    error(`backup ${read.command} failed: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return 1;
  }
}

function metricsIn(dataDir: string, command: string): string | null {
  const folder = join(dataDir, JOBS_FOLDER);
  const file = METRICS_FILE[command];
  return file !== undefined && existsSync(folder) ? join(folder, file) : null;
}

function readArguments(
  words: readonly string[],
):
  | { command: string; json: boolean; metrics: string | undefined; prune: boolean; adopt: boolean }
  | 'help'
  | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        metrics: { type: 'string' },
        'no-prune': { type: 'boolean' },
        adopt: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    const [command, ...rest] = positionals;
    if (command === undefined || !Object.hasOwn(COMMANDS, command) || rest.length > 0)
      return `one of ${Object.keys(COMMANDS).join(', ')} is wanted, not ${JSON.stringify(positionals.join(' '))}`;
    return {
      command,
      json: values.json === true,
      metrics: values.metrics,
      prune: values['no-prune'] !== true,
      adopt: values.adopt === true,
    };
  } catch (cause) {
    return (cause as Error).message;
  }
}

if (import.meta.main) {
  // Not process.exit: a report in a pipe must be written to its end.
  process.exitCode = await run(
    process.argv.slice(2),
    (text) => void process.stdout.write(text),
    (text) => void process.stderr.write(text),
  );
  // A request to a bucket that does not answer must not hold the process; a timer without reference does not
  // hold it either.
  setTimeout(() => process.exit(), LINGER_MS_MAX).unref();
}
