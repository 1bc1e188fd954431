import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { headsSeen } from '../server/compose/start-check.ts';
import { configErrorText } from '../server/config-text.ts';
import { loadConfig } from '../server/config.ts';
import { openCopyHistory, openHistory } from '../server/store/open-history.ts';
import { DATABASE_FILE } from '../server/store/store.ts';
import { DirectoryStore } from '../server/upkeep/backup/directory-store.ts';
import { isWhole, listSnapshots } from '../server/upkeep/backup/manifest.ts';
import { checkLedger, type IntegrityOptions } from '../server/upkeep/integrity.ts';
import { reportText, writeReportMetrics } from '../server/upkeep/integrity/report.ts';
import type { Anchor } from '../server/upkeep/integrity/walk.ts';
import { JOBS_FOLDER } from '../server/upkeep/jobs.ts';
import { Progress } from './command-line/progress.ts';

const HELP = `Checks the ledger: every invariant, both hash chains, and every quote, lock and outcome computed again from the recorded revisions and ticks.
The server may run meanwhile. It alarms and repairs nothing.

Usage: bun scripts/verify-ledger.ts [options]
  --file <path>             another file than tapgrid.db in DATA_DIR; one that is in use needs its -wal and -shm beside it
  --since <batch | date>    begin at a batch, or at the first one of a date such as 2026-11-23 or 2026-11-23T12:00Z
  --anchor <batch>:<hash>   a head that was noted elsewhere and that the chain must go through; may be given more than once
  --signatures              verify the signature of every order too (about 20,000 a second)
  --no-pages                leave out SQLite's own check of pages, indexes and constraints
  --json                    the report as JSON
  --metrics <path>          where metrics for Prometheus' textfile collector go (jobs/integrity.prom in DATA_DIR, where that folder is)
  --help                    this text

The chain must also go through the head of every snapshot in BACKUP_DIR, that of the tail, and the one noted beside the database; that of another file through those up to its end. MAX_GAP_MS must be what the house ran with. What was noted as the head of the ledger is at /api/v1/chain, on receipts and in backups.

Exit codes: 0 all that was checked holds, 1 something does not, 2 wrong usage or the file cannot be opened.
`;

const METRICS_FILE = 'integrity.prom';

interface Arguments {
  readonly file: string | undefined;
  readonly json: boolean;
  readonly metrics: string | undefined;
  readonly options: Omit<IntegrityOptions, 'maxGapMs'>;
}

/** The command. @returns its exit code. */
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
  const file = read.file ?? join(config.ok.dataDir, DATABASE_FILE);
  let history;
  try {
    if (!existsSync(file)) throw new Error('there is no such file');
    history =
      existsSync(`${file}-wal`) || read.file === undefined ? openHistory(file) : openCopyHistory(file);
  } catch (cause) {
    return (
      error(`${file} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}\n`), 2
    );
  }
  const bars = new Map<string, Progress>();
  try {
    const end = read.file === undefined ? Infinity : (history.head()?.seq ?? 0);
    const anchors = await withSnapshots(
      read.options.anchors,
      config.ok.backupDir ?? join(config.ok.dataDir, 'backups'),
      end,
    );
    // Read before the books are: a head that is seen meanwhile would be missed in them.
    for (const { batch, hash, source } of read.file === undefined ? await headsSeen(config.ok) : [])
      anchors.set(batch, [...(anchors.get(batch) ?? []), { hash, source }]);
    const report = await checkLedger(
      history,
      { ...read.options, anchors, maxGapMs: config.ok.maxGapMs },
      { now: Date.now, steady: () => performance.now() },
      (stage, part, detail) => {
        const bar = bars.get(stage) ?? new Progress(stage, process.stderr);
        bars.set(stage, bar);
        bar.update(part, detail);
      },
    );
    for (const bar of bars.values()) bar.end();
    const metrics = read.metrics ?? metricsIn(config.ok.dataDir);
    if (metrics !== null) writeReportMetrics(metrics, report);
    out(read.json ? `${JSON.stringify({ file, ...report }, null, 2)}\n` : reportText(report, file));
    return report.ok ? 0 : 1;
  } catch (cause) {
    return (
      error(`${file} cannot be checked: ${cause instanceof Error ? cause.message : String(cause)}\n`), 2
    );
  } finally {
    history.close();
  }
}

function readArguments(words: readonly string[]): Arguments | 'help' | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        file: { type: 'string' },
        since: { type: 'string' },
        anchor: { type: 'string', multiple: true },
        signatures: { type: 'boolean' },
        'no-pages': { type: 'boolean' },
        json: { type: 'boolean' },
        metrics: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    const { file, metrics } = values;
    return {
      file: file === undefined ? undefined : resolve(file),
      metrics,
      json: values.json === true,
      options: {
        since: readSince(values.since),
        anchors: readAnchors(values.anchor ?? []),
        pages: values['no-pages'] !== true,
        signatures: values.signatures === true,
      },
    };
  } catch (cause) {
    return (cause as Error).message;
  }
}

/**
 * The heads that the snapshots here have seen; one that cannot be read says nothing, and `backup.ts verify`
 * says so. Another file than the house's own may
 * be of an earlier time: what came after its end says nothing about it.
 */
async function withSnapshots(
  anchors: Arguments['options']['anchors'],
  backupDir: string,
  end: number,
): Promise<Map<number, readonly Anchor[]>> {
  const all = new Map(anchors);
  for (const { id, ledger } of (await listSnapshots(new DirectoryStore(backupDir))).filter(isWhole)) {
    if (ledger.batch > end) continue;
    all.set(ledger.batch, [
      ...(all.get(ledger.batch) ?? []),
      { hash: ledger.hash, source: `snapshot ${id}` },
    ]);
  }
  return all;
}

function metricsIn(dataDir: string): string | null {
  const folder = join(dataDir, JOBS_FOLDER);
  return existsSync(folder) ? join(folder, METRICS_FILE) : null;
}

function readSince(text: string | undefined): IntegrityOptions['since'] {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,14}$/.test(text)) return { batch: Number(text) };
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new Error(`--since must be a batch or a date, not ${text}`);
  return { at };
}

function readAnchors(texts: readonly string[]): Map<number, Anchor[]> {
  const anchors = new Map<number, Anchor[]>();
  for (const text of texts) {
    const [, batch, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
    if (batch === undefined || hash === undefined)
      throw new Error(`--anchor must be <batch>:<64 hex digits>, not ${text}`);
    anchors.set(Number(batch), [...(anchors.get(Number(batch)) ?? []), { hash, source: '--anchor' }]);
  }
  return anchors;
}

if (import.meta.main) {
  // Not process.exit: a report in a pipe must be written to its end.
  process.exitCode = await run(
    process.argv.slice(2),
    (text) => void process.stdout.write(text),
    (text) => void process.stderr.write(text),
  );
}
