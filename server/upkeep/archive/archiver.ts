import {
  DELETED_TABLES,
  type AccountsBefore,
  type ArchiveOperation,
  type ArchiveResult,
  type ArchiveSource,
  type CheckSegment,
  type DeletedTable,
  type HistoryShelf,
  type NextRange,
  type SegmentRange,
  type SegmentRows,
} from '../../ports/archive.ts';
import { Failure } from '../../ports/failure.ts';
import type { SegmentManifest } from './manifest.ts';
import type { ObjectShelf } from './object-shelf.ts';
import { Pace, type PaceLimits } from './pace.ts';
import type { PlanFile } from './plan.ts';
import { pruneHistory, type PruneLimits } from './prune.ts';

export interface ArchiverParts {
  readonly source: ArchiveSource;
  readonly shelf: HistoryShelf;
  readonly objects: ObjectShelf;
  readonly plan: PlanFile;
  readonly check: CheckSegment;
  /** Carries an operation out between the batches of whoever has the ledger. */
  readonly write: (operation: ArchiveOperation) => Promise<ArchiveResult>;
  /** UTC epoch ms. */
  readonly now: () => number;
}

export interface ArchiverOptions extends PruneLimits, PaceLimits {
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
}

/** Boundaries at which a run may die; the next one goes on from there. */
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
  /** Why nothing more is archived. */
  readonly waits: string;
  readonly store: string;
  readonly durationMs: number;
}

export type Told = (stage: string, part: number, detail: string) => void;

/** Accounts of one checkpoint operation: each costs the writer some microseconds. */
const NOTED_MAX = 250;
const DRAINED_SHARE = 0.8;

/**
 * Archives what is old enough, or too much: for each segment the rows are read, held against every invariant,
 * stored, read back, shelved, and sealed in
 * the books; only then are they deleted, in small slices. A run that dies at any point is gone on with by the
 * next one; one with nothing to do changes nothing.
 * @throws Failure `archive_stopped`; any other error is the store's or the disk's.
 */
export class Archiver {
  readonly #pace: Pace;
  readonly #deleted = Object.fromEntries(DELETED_TABLES.map((table) => [table, 0])) as Record<
    DeletedTable,
    number
  >;
  readonly #segments: RunReport['segments'][number][] = [];

  constructor(
    private readonly parts: ArchiverParts,
    private readonly options: ArchiverOptions,
    private readonly told: Told = () => {},
    private readonly reached: (step: Step) => void | Promise<void> = () => {},
  ) {
    this.#pace = new Pace(options);
  }

  async run(): Promise<RunReport> {
    const { now, source, objects, shelf, plan } = this.parts;
    const began = performance.now();
    // What a run before this one sealed and did not delete.
    await this.#expectTwoPlaces();
    await this.#delete();
    let next = await this.#next();
    for (; next.range !== null; next = await this.#next()) await this.#archive(next.range, next.at);
    // That of a run which died between the seal of its last segment and its end.
    plan.clear();
    const removedFiles = await pruneHistory(shelf, objects, source.segments(), this.options, now());
    return {
      segments: this.#segments,
      deleted: this.#deleted,
      removedFiles,
      waits: next.why,
      store: objects.store.name,
      durationMs: Math.round(performance.now() - began),
    };
  }

  /** What is under way already comes first: a manifest that is stored, then a plan that was written down. */
  async #next(): Promise<{ range: SegmentRange; at: number } | { range: null; why: string }> {
    const { source, objects, plan, now } = this.parts;
    const number = source.anchor().number + 1;
    const stored = await objects.manifest(number);
    if (stored !== null) {
      const { range, at } = stored.manifest;
      const same = source.rangeOf(number, range.firstBatch, range.lastBatch);
      if (same.range === null)
        throw new Failure(
          'archive_stopped',
          `${objects.store.name} has a segment ${number} that is not of these books: ${same.why}`,
        );
      if (JSON.stringify(same.range) !== JSON.stringify(range))
        throw new Failure(
          'archive_stopped',
          `${objects.store.name} has another segment ${number}: it ends with ${range.chainOut.slice(0, 16)}…, these books with ${same.range.chainOut.slice(0, 16)}…`,
        );
      return { range, at };
    }
    const planned = plan.read(number);
    if (planned !== null) {
      const same = source.rangeOf(number, planned.firstBatch, planned.lastBatch);
      if (same.range !== null) return { range: same.range, at: planned.at };
    }
    const found = this.#cut();
    if (found.range === null) return found;
    const at = now();
    plan.write({ number, firstBatch: found.range.firstBatch, lastBatch: found.range.lastBatch, at });
    await this.reached('planned');
    return { range: found.range, at };
  }

  #cut(): NextRange {
    const { source, now } = this.parts;
    const { afterMs, ageMsMin, betsMax, rowsMax } = this.options;
    const old = source.nextRange({ until: now() - afterMs, rowsMax });
    const bets = source.liveBets();
    const full = this.#segments.length === 0 ? bets > betsMax : bets > betsMax * DRAINED_SHARE;
    return old.range !== null || !full ? old : source.nextRange({ until: now() - ageMsMin, rowsMax });
  }

  async #archive(range: SegmentRange, at: number): Promise<void> {
    const { source, objects, shelf, plan } = this.parts;
    const stage = `segment ${range.number}`;
    const tell = (part: number, detail: string) => this.told(stage, part, detail);
    tell(0.05, 'reading');
    const rows = source.rowsOf(range);
    await this.reached('read');
    tell(0.15, 'checking');
    this.#gate(range, rows);
    await this.reached('gated');
    tell(0.3, `storing in ${objects.store.name}`);
    const object = await objects.putSegment(range, rows);
    await this.reached('stored');
    tell(0.5, 'writing the week');
    const file = shelf.add(range, rows);
    const missing = shelf.compare(range, rows);
    if (missing.length > 0)
      throw new Failure(
        'archive_stopped',
        `the week is not as the books are: ${missing.slice(0, 3).join('; ')}`,
      );
    await this.reached('shelved');
    const manifest = await this.#manifest(range, rows, object, at);
    await this.reached('manifested');
    tell(0.65, 'sealing');
    await this.#seal(range, rows, manifest);
    await this.reached('sealed');
    await this.#delete((part) => tell(0.7 + part * 0.25, 'deleting'));
    await this.reached('deleted');
    const faults = source.faultsAtAnchor(rows.accounts.map(({ id }) => id));
    if (faults.length > 0)
      throw new Failure(
        'archive_stopped',
        `after segment ${range.number} the books are not in order: ${faults.slice(0, 3).join('; ')}`,
      );
    await this.reached('checked');
    plan.clear();
    await this.reached('cleared');
    this.#segments.push({
      number: range.number,
      week: range.week,
      firstBatch: range.firstBatch,
      lastBatch: range.lastBatch,
      bets: rows.bets.length,
      bytes: object.bytes,
      file,
    });
    tell(1, `${rows.bets.length} bets`);
  }

  #gate(range: SegmentRange, rows: SegmentRows): void {
    const { source, check } = this.parts;
    const before: AccountsBefore = source.checkpointsOf(rows.accounts.map(({ id }) => id));
    const faults = check(range, rows, before);
    if (faults.length > 0)
      throw new Failure(
        'archive_stopped',
        `the rows from batch ${range.firstBatch} to ${range.lastBatch} are not in order, nothing is archived: ${faults.slice(0, 3).join('; ')}`,
      );
  }

  async #manifest(
    range: SegmentRange,
    rows: SegmentRows,
    object: SegmentManifest['object'],
    at: number,
  ): Promise<{ readonly object: SegmentManifest['object']; readonly sha256: string }> {
    const { objects, source } = this.parts;
    const before = source.newest();
    const previous = before === null ? null : { number: before.number, sha256: before.manifestSha256 };
    return {
      object,
      sha256: await objects.putManifest(objects.manifestOf(range, rows, object, previous, at)),
    };
  }

  /** Notes how the accounts stand, some at a time; the last of them come with the seal in one transaction. */
  async #seal(
    range: SegmentRange,
    rows: SegmentRows,
    { object, sha256 }: { readonly object: SegmentManifest['object']; readonly sha256: string },
  ): Promise<void> {
    const { now, objects, source } = this.parts;
    const { number } = range;
    const entries = rows.accounts.map(({ ledgerId }) => ledgerId);
    const stakes = source.stakesOf(rows);
    const at = now();
    while (entries.length > NOTED_MAX || stakes.length > NOTED_MAX) {
      await this.#write({
        kind: 'archive-checkpoint',
        number,
        entries: entries.splice(0, NOTED_MAX),
        stakes: stakes.splice(0, NOTED_MAX),
        seal: null,
        at,
      });
    }
    await this.reached('noted');
    const seal = {
      ...range,
      bets: rows.bets.length,
      bytes: object.bytes,
      objectKey: object.key,
      manifestSha256: sha256,
      place: objects.store.name,
      sealedAt: at,
    };
    await this.#write({ kind: 'archive-checkpoint', number, entries, stakes, seal, at });
  }

  /**
   * Rows of the newest segment that a run before this one left are deleted only when the store and a week on
   * disk both have them.
   */
  async #expectTwoPlaces(): Promise<void> {
    const { source, objects, shelf } = this.parts;
    const newest = source.newest();
    if (newest === null || !source.hasLeftovers()) return;
    const fault = shelf.files().some(({ segments }) => segments.includes(newest.number))
      ? await objects.faultOf(newest)
      : `segment ${newest.number} is in no week on this disk`;
    if (fault !== null) throw new Failure('archive_stopped', `nothing is deleted from the books: ${fault}`);
  }

  async #delete(progressed: (part: number) => void = () => {}): Promise<void> {
    const ordersBefore = this.parts.now() - this.options.ordersMs;
    for (const [index, table] of DELETED_TABLES.entries()) {
      for (let after: number | null = 0; after !== null; ) {
        const result: Extract<ArchiveResult, { kind: 'archived' }> = await this.#write({
          kind: 'archive-delete',
          table,
          after,
          rowsMax: this.#pace.rows,
          ordersBefore,
        });
        if (result.deleted > 0) await this.reached('deleting');
        this.#deleted[table] += result.deleted;
        after = result.next;
      }
      progressed((index + 1) / DELETED_TABLES.length);
    }
  }

  /** Rests after each, so that taps have the writer most of the time. */
  async #write(operation: ArchiveOperation): Promise<Extract<ArchiveResult, { kind: 'archived' }>> {
    const began = performance.now();
    const result = await this.parts.write(operation);
    const passedMs = performance.now() - began;
    if (result.kind === 'not-archived')
      throw new Failure('archive_stopped', `the ledger refuses: ${result.reason}`);
    if (operation.kind === 'archive-delete') this.#pace.fit(result.tookMs, passedMs);
    await Bun.sleep(this.#pace.restMs(result.tookMs, passedMs));
    return result;
  }
}
