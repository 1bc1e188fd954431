import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configErrorText } from '../server/config-text.ts';
import { loadConfig, type Config } from '../server/config.ts';
import { DATABASE_FILE } from '../server/store/store.ts';
import { DirectoryStore } from '../server/upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../server/upkeep/backup/object-store.ts';
import { restore, type Restored, type RestoreOptions } from '../server/upkeep/backup/restore.ts';
import { backupHouse, bucketOf } from './backup/house.ts';
import { Progress } from './command-line/progress.ts';

const HELP = `Restores a ledger from a backup into an empty folder, and proves it: every hash of the backup, both chains up to the backup's heads, every invariant.

Usage: bun scripts/restore.ts --from <folder | s3> --to <empty folder> [options]
  --from <folder | s3>      a folder as BACKUP_DIR, or s3 for the bucket of the BACKUP_S3_ settings
  --to <folder>             the new DATA_DIR; must be empty or not there
  --until <batch | time>    the last shipped state up to a batch, or up to a time such as 2026-11-23T12:34:56Z
  --snapshot <id>           another snapshot than the newest one that fits
  --without-tail            the snapshot alone
  --json                    the report as JSON
  --help                    this text

The database gets its name only when everything holds; until then it stands in .restoring, which the next run clears away.

Exit codes: 0 restored and proven, 1 not restored: something is missing or damaged, 2 wrong usage or settings.
`;

interface Arguments extends Omit<RestoreOptions, 'file'> {
  readonly from: string;
  readonly json: boolean;
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
  const store = storeOf(read.from, config.ok);
  if (typeof store === 'string') return (error(`${store}\n`), 2);
  const bars = new Map<string, Progress>();
  const began = performance.now();
  try {
    const restored = await restore(
      store,
      backupHouse(config.ok).restorer,
      { ...read, file: DATABASE_FILE },
      (stage, part, detail) => {
        const bar = bars.get(stage) ?? new Progress(stage, process.stderr);
        bars.set(stage, bar);
        bar.update(part, detail);
      },
    );
    for (const bar of bars.values()) bar.end();
    out(
      read.json
        ? `${JSON.stringify(restored, null, 2)}\n`
        : textOf(restored, read, performance.now() - began),
    );
    return 0;
  } catch (cause) {
    for (const bar of bars.values()) bar.end();
    error(`not restored: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return 1;
  }
}

/** What is wrong with `from` as text. */
function storeOf(from: string, config: Config): ObjectStore | string {
  if (from === 's3')
    return (
      bucketOf(config) ??
      'BACKUP_S3_BUCKET, BACKUP_S3_KEY_ID and BACKUP_S3_SECRET must be set to restore from a bucket'
    );
  return existsSync(from) ? new DirectoryStore(from) : `there is no folder ${from}`;
}

function readArguments(words: readonly string[]): Arguments | 'help' | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        until: { type: 'string' },
        snapshot: { type: 'string' },
        'without-tail': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    if (values.from === undefined || values.to === undefined) return '--from and --to are wanted';
    return {
      from: values.from === 's3' ? values.from : resolve(values.from),
      to: resolve(values.to),
      until: readUntil(values.until),
      snapshot: values.snapshot ?? null,
      withoutTail: values['without-tail'] === true,
      json: values.json === true,
    };
  } catch (cause) {
    return (cause as Error).message;
  }
}

function readUntil(text: string | undefined): RestoreOptions['until'] {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,14}$/.test(text)) return { batch: Number(text) };
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at))
    throw new Error(`--until: expected a batch, or a time such as 2026-11-23T12:34:56Z, not ${text}`);
  if (!/(?:Z|[+-]\d\d:\d\d)$/.test(text))
    throw new Error(
      `--until: ${text} names no time zone; write ${text}Z for UTC, or an offset such as ${text}+02:00`,
    );
  return { at };
}

const textOf = (
  { snapshot, segments, head, at, report }: Restored,
  { to }: Arguments,
  durationMs: number,
): string =>
  [
    `restored to ${to} in ${(durationMs / 1000).toFixed(1)} s`,
    `from snapshot ${snapshot} and ${segments} segments after it`,
    `as of ${new Date(at).toISOString()}, batch ${head.batch}`,
    `head ${head.hash}`,
    `proven: every hash of the backup, both chains, every invariant; ${report.counts.bets} bets, ${report.counts.entries} ledger rows, ${report.counts.reresolved} outcomes computed again`,
    '',
  ].join('\n');

if (import.meta.main) {
  // Not process.exit: a report in a pipe must be written to its end.
  process.exitCode = await run(
    process.argv.slice(2),
    (text) => void process.stdout.write(text),
    (text) => void process.stderr.write(text),
  );
}
