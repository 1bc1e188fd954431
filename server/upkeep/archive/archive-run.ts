import type {
  ArchiveOperation,
  ArchiveResult,
  ArchiveSource,
  CheckSegment,
  DeletedTable,
  WeekFiles,
} from '../../ports/archive.ts';
import type { SegmentStore } from './segment-store.ts';
import type { ThrottleLimits } from './throttle.ts';
import type { PlanFile } from './plan.ts';
import type { PruneLimits } from './prune.ts';

/** What a run of the archiver works with. */
export interface ArchiverParts {
  readonly source: ArchiveSource;
  readonly weekFiles: WeekFiles;
  readonly objects: SegmentStore;
  readonly plan: PlanFile;
  readonly check: CheckSegment;
  /** Carries out an operation between the batches of the process that holds the ledger. */
  readonly write: (operation: ArchiveOperation) => Promise<ArchiveResult>;
  /** UTC epoch ms. */
  readonly now: () => number;
}

export interface ArchiverOptions extends PruneLimits, ThrottleLimits {
  /** Commits of this age are archived. */
  readonly afterMs: number;
  /** With more live bets than this, younger commits are archived too … */
  readonly betsMax: number;
  /** … down to this age. */
  readonly ageMsMin: number;
  /** Orders stay for this long, so that a nonce is known as used. */
  readonly ordersMs: number;
  /** Ledger rows of a segment at most. */
  readonly rowsMax: number;
  /** Free pages that the file of the books keeps for what comes next: so many, and this share of the rest. */
  readonly freePagesMin: number;
  readonly freeShare: number;
}

/** Points at which a run may die; the next one continues from there. */
export const STEPS = [
  'planned',
  'read',
  'gated',
  'stored',
  'shelved',
  'manifested',
  'noted',
  'sealed',
  'deleting',
  'deleted',
  'checked',
  'cleared',
] as const;
export type Step = (typeof STEPS)[number];

export interface RunReport {
  readonly segments: readonly {
    readonly number: number;
    readonly week: string;
    readonly firstBatch: number;
    readonly lastBatch: number;
    readonly bets: number;
    readonly bytes: number;
    readonly file: string;
  }[];
  readonly deleted: Readonly<Record<DeletedTable, number>>;
  readonly removedFiles: readonly string[];
  /** Pages of the books' file that went back to the disk. */
  readonly freedPages: number;
  /** Why nothing more is archived. */
  readonly waits: string;
  readonly store: string;
  readonly durationMs: number;
}

export type Progress = (stage: string, part: number, detail: string) => void;
