import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { headsSeen } from '../../../server/compose/start-check.ts';
import type { Config } from '../../../server/config.ts';
import type { SqliteHistory } from '../../../server/store/history.ts';
import { openCopyHistory, openHistory } from '../../../server/store/open-history.ts';
import { DATABASE_FILE } from '../../../server/store/store.ts';
import { DirectoryStore } from '../../../server/upkeep/backup/directory-store.ts';
import { isWhole, listSnapshots } from '../../../server/upkeep/backup/manifest.ts';
import { checkLedger, type IntegrityOptions } from '../../../server/upkeep/integrity.ts';
import { reportText, writeReportMetrics } from '../../../server/upkeep/integrity/report.ts';
import type { Anchor } from '../../../server/upkeep/integrity/walk.ts';
import { command } from '../../command-line/command.ts';
import { EXIT, exitOf } from '../../command-line/exit-codes.ts';
import { failingAs, misused } from '../../command-line/failure.ts';
import { metricsFile, metricsOption } from './reports.ts';

export const verifyLedger = command({
  about:
    'Checks the ledger: every invariant, both hash chains, and every quote, lock and outcome, recomputed ' +
    'from the recorded revisions and ticks. The server may be running. Raises no alarm and repairs ' +
    'nothing.',
  options: {
    file: {
      value: '<path>',
      about: 'a file other than tapgrid.db in DATA_DIR; one in use needs its -wal and -shm beside it',
    },
    since: {
      value: '<batch | date>',
      about: 'start at a batch, or at the first one of a date such as 2026-11-23 or 2026-11-23T12:00Z',
    },
    anchor: {
      value: '<batch>:<hash>',
      repeatable: true,
      about: 'a head noted elsewhere that the chain must contain',
    },
    signatures: { about: 'also verify the signature of every order, about 20,000 per second' },
    'no-pages': { about: "skip SQLite's own check of pages, indexes and constraints" },
    metrics: metricsOption('integrity'),
  },
  notes: `The chain must also contain the head of every snapshot in BACKUP_DIR, that of the tail, and the one noted
beside the database; for another file, those up to its end. MAX_GAP_MS must be the value the house ran with.
Heads of the ledger are at /api/v1/chain, on receipts and in backups.`,
  examples: ['verify-ledger', 'verify-ledger --file /var/lib/tapgrid/restored/tapgrid.db --signatures'],
  exits: {
    0: 'every check passes',
    1: 'a check fails',
    2: 'the command line or a setting is wrong, or the file cannot be read; nothing was checked',
  },
  async run({ options }, shell) {
    const asked = {
      since: readSince(options.since),
      anchors: readAnchors(options.anchor),
      pages: !options['no-pages'],
      signatures: options.signatures,
    };
    const config = shell.config();
    const own = options.file === undefined;
    const file = options.file === undefined ? join(config.dataDir, DATABASE_FILE) : resolve(options.file);
    const history = await readable(`${file} cannot be opened`, async () => {
      if (!existsSync(file)) throw new Error('no such file; expected the database of a house, tapgrid.db');
      return existsSync(`${file}-wal`) || own ? openHistory(file) : openCopyHistory(file);
    });
    try {
      return await readable(`${file} cannot be checked`, async () => {
        const end = own ? Infinity : (history.head()?.seq ?? 0);
        // Read before the books are: a head that is seen meanwhile would be missed in them.
        const anchors = await anchorsUpTo(history, end, asked.anchors, config, own);
        const report = await checkLedger(
          history,
          { ...asked, anchors, maxGapMs: config.maxGapMs },
          { now: Date.now, steady: () => performance.now() },
          (...stage) => shell.progress(...stage),
        );
        const metrics = metricsFile(options.metrics, config.dataDir, 'integrity');
        if (metrics !== null) writeReportMetrics(metrics, report);
        return { exit: exitOf(report.ok), report: { file, ...report }, text: reportText(report, file) };
      });
    } finally {
      history.close();
    }
  },
});

/** A file that cannot be read is no ledger that does not hold: nothing was checked. */
const readable = <Result>(what: string, read: () => Promise<Result>): Promise<Result> =>
  failingAs('not_checked', what, read, EXIT.usage);

/**
 * What was given, and the heads that the snapshots here have seen; one that cannot be read says nothing, and
 * `tapgrid backup verify` says so. Another file than the house's own may be of an earlier time: what came
 * after its end says nothing about it.
 */
async function anchorsUpTo(
  history: SqliteHistory,
  end: number,
  given: ReadonlyMap<number, readonly Anchor[]>,
  config: Config,
  own: boolean,
): Promise<Map<number, readonly Anchor[]>> {
  const all = new Map(given);
  const add = (batch: number, anchor: Anchor) => all.set(batch, [...(all.get(batch) ?? []), anchor]);
  const backups = new DirectoryStore(config.backupDir ?? join(config.dataDir, 'backups'));
  const snapshots = (await listSnapshots(backups)).filter(isWhole);
  const house = history.house();
  const ours = snapshots.filter(({ house: of }) => of === undefined || house === null || of === house);
  // Where all are another house's, these books are not those that were backed up.
  for (const { id, ledger } of ours.length > 0 ? ours : snapshots)
    if (ledger.batch <= end) add(ledger.batch, { hash: ledger.hash, source: `snapshot ${id}` });
  // Where a damaged page keeps them from being read, the checks name it.
  const seen = own ? await headsSeen(config).catch(() => []) : [];
  for (const { batch, hash, source } of seen) add(batch, { hash, source });
  return all;
}

function readSince(text: string | undefined): IntegrityOptions['since'] {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,14}$/.test(text)) return { batch: Number(text) };
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw misused('bad_value', `--since must be a batch or a date, but is ${text}.`);
  return { at };
}

function readAnchors(texts: readonly string[]): Map<number, Anchor[]> {
  const anchors = new Map<number, Anchor[]>();
  for (const text of texts) {
    const [, batch, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
    if (batch === undefined || hash === undefined)
      throw misused('bad_value', `--anchor must be <batch>:<64 hex digits>, but is ${text}.`);
    anchors.set(Number(batch), [...(anchors.get(Number(batch)) ?? []), { hash, source: '--anchor' }]);
  }
  return anchors;
}
