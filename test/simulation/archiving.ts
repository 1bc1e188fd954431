import { join } from 'node:path';
import type { ArchiveOperation, ArchiveResult } from '../../server/ports/archive.ts';
import type { LedgerPort } from '../../server/ports/ledger.ts';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { SqliteWeekFiles } from '../../server/store/archive/week-files.ts';
import { checkSegment } from '../../server/store/archive/segment-check.ts';
import { inspectStore } from '../../server/store/inspection.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import type { ArchiverOptions, RunReport, Step } from '../../server/upkeep/archive/archive-run.ts';
import { Archiver } from '../../server/upkeep/archive/archiver.ts';
import { SegmentStore } from '../../server/upkeep/archive/segment-store.ts';
import { PlanFile } from '../../server/upkeep/archive/plan.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';

const DAY_MS = 86_400_000;

/** Small segments and slices, so that a few minutes of trade make several. */
const SMALL: ArchiverOptions = {
  afterMs: 7 * DAY_MS,
  betsMax: 1_000_000,
  ageMsMin: 1_800_000,
  ordersMs: DAY_MS,
  rowsMax: 120,
  sliceRows: 100,
  sliceMs: 1_000,
  freePagesMin: 0,
  freeShare: 0.1,
  restShare: 0,
  historyMs: 28 * DAY_MS,
  historyBytesMax: 1e12,
  leavesDisk: true,
};

export interface ArchivingSetting {
  readonly dataDir: string;
  readonly ledger: LedgerPort;
  readonly now: number;
  readonly store?: ObjectStore;
  readonly options?: Partial<ArchiverOptions>;
  readonly reached?: (step: Step) => void | Promise<void>;
  readonly write?: (
    operation: ArchiveOperation,
    commit: (operation: ArchiveOperation) => Promise<ArchiveResult>,
  ) => Promise<ArchiveResult>;
}

/** Which house the books of a folder are of. */
export const houseIn = (dataDir: string): string => inspectStore(join(dataDir, DATABASE_FILE)).house!;

/** One run of the archiver over a data folder whose ledger the caller has. */
export async function archive({
  dataDir,
  ledger,
  now,
  store = new DirectoryStore(dataDir),
  options = {},
  reached,
  write = (operation, commit) => commit(operation),
}: ArchivingSetting): Promise<RunReport> {
  const source = new SqliteArchiveSource(join(dataDir, DATABASE_FILE));
  const commit = async (operation: ArchiveOperation) =>
    (await ledger.commitBatch([operation], now)).results[0] as ArchiveResult;
  try {
    const parts = {
      source,
      weekFiles: new SqliteWeekFiles(dataDir),
      objects: new SegmentStore(store, houseIn(dataDir)),
      plan: new PlanFile(join(dataDir, 'archive')),
      check: checkSegment,
      now: () => now,
      write: (operation: ArchiveOperation) => write(operation, commit),
    };
    return await new Archiver(parts, { ...SMALL, ...options }, undefined, reached).run();
  } finally {
    source.close();
  }
}
