import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configErrorText } from '../server/config-text.ts';
import { loadConfig, type Config } from '../server/config.ts';
import { DATABASE_FILE } from '../server/store/store.ts';
import { JOBS_FOLDER } from '../server/upkeep/jobs.ts';
import { archiveHouse, type ArchiveHouse } from './archive/house.ts';
import { runExplain } from './archive/explain.ts';
import { runFetch } from './archive/fetch.ts';
import { runGet } from './archive/get.ts';
import { runRestore } from './archive/restore.ts';
import { runArchive } from './archive/run.ts';
import { runStatus } from './archive/status.ts';
import { runVerify } from './archive/verify.ts';
import { Progress } from './command-line/progress.ts';

const HELP = `Moves closed bets with their orders, ledger rows, quotes and ticks out of the live books into verified history.

Usage: bun scripts/archive.ts <command> [options]
  run                 archive what is due. While the server runs, the server's own writer seals and deletes; it goes on taking bets.
                      A run that was cut short is gone on with; one with nothing to do changes nothing
  status              what is archived, what is live, and what the next run would do
  verify              read every segment back and compute both hash chains, balances and payouts again, from the first commit to the live books
  get <bet id>        all rows of an archived bet, from the disk or the object store
  restore <what>      bring a segment (its number) or a week (2026-W48) back to the disk, where the history page reads it until the next run
  fetch <segment>     read a segment for pages and API, which keep the last 16 that were asked for; the server does this when a trader asks
  explain [bet id]    in words: where the bet is and why, or what goes when

  --json             the report as JSON
  --metrics <path>   where run writes metrics for Prometheus' textfile collector (${JOBS_FOLDER}/archive.prom in DATA_DIR, where that folder is)
  --help             this text

Archived bets are in two places before they leave the books: as a week in DATA_DIR/history, and as segments in BACKUP_S3_BUCKET, else in BACKUP_DIR/archive.
Where neither is set segments go to DATA_DIR/archive, and weeks stay: on the disk of the books both are lost with that disk.

Exit codes: 0 done and well, 1 something is damaged, missing or failed, 2 wrong usage or settings.
`;

/** What a command is given. `told` draws progress. */
export interface Job {
  readonly house: ArchiveHouse;
  readonly config: Config;
  readonly metrics: string | null;
  /** The words behind the command. */
  readonly words: readonly string[];
  readonly told: (stage: string, part: number, detail?: string) => void;
}

/** What a command comes to: a report for programs, the same for people, and whether all is well. */
export interface Outcome {
  readonly ok: boolean;
  readonly report: unknown;
  readonly text: string;
}

interface Command {
  readonly words: readonly [min: number, max: number];
  readonly run: (job: Job) => Promise<Outcome>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  run: { words: [0, 0], run: runArchive },
  status: { words: [0, 0], run: runStatus },
  verify: { words: [0, 0], run: runVerify },
  get: { words: [1, 1], run: runGet },
  restore: { words: [1, 1], run: runRestore },
  fetch: { words: [1, 1], run: runFetch },
  explain: { words: [0, 1], run: runExplain },
};
const LINGER_MS_MAX = 1_000;

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
  if (!existsSync(join(config.ok.dataDir, DATABASE_FILE)))
    return (error(`there are no books in ${config.ok.dataDir} (DATA_DIR)\n`), 2);
  const bars = new Map<string, Progress>();
  const told = (stage: string, part: number, detail = ''): void => {
    const bar = bars.get(stage) ?? new Progress(stage, process.stderr);
    bars.set(stage, bar);
    bar.update(part, detail);
  };
  let house: ArchiveHouse | null = null;
  try {
    house = archiveHouse(config.ok);
    const outcome = await COMMANDS[read.command]!.run({
      house,
      config: config.ok,
      metrics: read.metrics ?? metricsIn(config.ok.dataDir),
      words: read.words,
      told,
    });
    for (const bar of bars.values()) bar.end();
    out(read.json ? `${JSON.stringify(outcome.report, null, 2)}\n` : outcome.text);
    return outcome.ok ? 0 : 1;
  } catch (cause) {
    for (const bar of bars.values()) bar.end();
    error(`archive ${read.command} failed: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return 1;
  } finally {
    house?.source.close();
  }
}

function metricsIn(dataDir: string): string | null {
  const folder = join(dataDir, JOBS_FOLDER);
  return existsSync(folder) ? join(folder, 'archive.prom') : null;
}

function readArguments(
  words: readonly string[],
):
  | { command: string; words: readonly string[]; json: boolean; metrics: string | undefined }
  | 'help'
  | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        metrics: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    const [name = '', ...rest] = positionals;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined)
      return `one of ${Object.keys(COMMANDS).join(', ')} is wanted, not ${JSON.stringify(name)}`;
    if (rest.length < command.words[0] || rest.length > command.words[1])
      return `${name} takes ${command.words[1] === 0 ? 'nothing more' : 'one more word'}`;
    return { command: name, words: rest, json: values.json === true, metrics: values.metrics };
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
