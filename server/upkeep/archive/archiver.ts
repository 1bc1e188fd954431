import type { AccountsBefore, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { Failure } from '../../ports/failure.ts';
import type { ArchiverOptions, ArchiverParts, RunReport, Step, Progress } from './archive-run.ts';
import type { SegmentManifest } from './manifest.ts';
import { NextSegments } from './next-segment.ts';
import { ThrottledLedger } from './throttled-ledger.ts';
import { pruneHistory } from './prune.ts';

/** Accounts of one checkpoint operation: each costs the writer some microseconds. */
const NOTED_MAX = 250;

/**
 * Archives what is old enough, or too much: for each segment the rows are read, checked against every
 * invariant, stored, read back, shelved, and sealed in the books; only then are they
 * deleted, in small slices. A run that dies at any point is continued by the next one; one with nothing to do
 * changes nothing.
 * @throws Failure `archive_stopped`; any other error is the store's or the disk's.
 */
export class Archiver {
  readonly #next: NextSegments;
  readonly #ledger: ThrottledLedger;
  readonly #segments: RunReport['segments'][number][] = [];

  constructor(
    private readonly parts: ArchiverParts,
    private readonly options: ArchiverOptions,
    private readonly progress: Progress = () => {},
    private readonly reached: (step: Step) => void | Promise<void> = () => {},
  ) {
    this.#next = new NextSegments(parts, options, () => reached('planned'));
    this.#ledger = new ThrottledLedger(parts.write, options, () => reached('deleting'));
  }

  async run(): Promise<RunReport> {
    const { now, source, objects, weekFiles, plan } = this.parts;
    const began = performance.now();
    // What a run before this one sealed and did not delete.
    await this.#expectTwoPlaces();
    await this.#delete();
    let next = await this.#next.find(0);
    for (; next.range !== null; next = await this.#next.find(this.#segments.length))
      await this.#archive(next.range, next.at);
    // That of a run which died between the seal of its last segment and its end.
    plan.clear();
    const freedPages = await this.#shrink();
    const removedFiles = await pruneHistory(weekFiles, objects, source.segments(), this.options, now());
    return {
      segments: this.#segments,
      deleted: this.#ledger.deleted,
      removedFiles,
      freedPages,
      waits: next.why,
      store: objects.store.name,
      durationMs: Math.round(performance.now() - began),
    };
  }

  async #archive(range: SegmentRange, at: number): Promise<void> {
    const { source, objects, weekFiles, plan } = this.parts;
    const stage = `segment ${range.number}`;
    const tell = (part: number, detail: string) => this.progress(stage, part, detail);
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
    const file = weekFiles.add(range, rows);
    const missing = weekFiles.compare(range, rows);
    if (missing.length > 0)
      throw new Failure(
        'archive_stopped',
        `the week differs from the books: ${missing.slice(0, 3).join('; ')}`,
      );
    await this.reached('shelved');
    const manifest = await this.#manifest(range, rows, object, at);
    await this.reached('manifested');
    tell(0.65, 'sealing');
    await this.#seal(range, rows, manifest);
    await this.reached('sealed');
    await this.#delete((part) => tell(0.7 + part * 0.25, 'deleting'));
    await this.reached('deleted');
    const faults = source.faultsAtArchiveEnd(rows.accounts.map(({ id }) => id));
    if (faults.length > 0)
      throw new Failure(
        'archive_stopped',
        `the books are inconsistent after segment ${range.number}: ${faults.slice(0, 3).join('; ')}`,
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
        `the rows from batch ${range.firstBatch} to ${range.lastBatch} are inconsistent; nothing is ` +
          `archived: ${faults.slice(0, 3).join('; ')}`,
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
      await this.#ledger.write({
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
    await this.#ledger.write({ kind: 'archive-checkpoint', number, entries, stakes, seal, at });
  }

  /**
   * Rows of the newest segment that a run before this one left are deleted only when the store and a week on
   * disk both have them.
   */
  async #expectTwoPlaces(): Promise<void> {
    const { source, objects, weekFiles } = this.parts;
    const newest = source.newest();
    if (newest === null || !source.hasLeftovers()) return;
    const fault = weekFiles.files().some(({ segments }) => segments.includes(newest.number))
      ? await objects.faultOf(newest)
      : `segment ${newest.number} is not in any week on this disk`;
    if (fault !== null) throw new Failure('archive_stopped', `nothing is deleted from the books: ${fault}`);
  }

  #shrink(): Promise<number> {
    const { freePagesMin, freeShare } = this.options;
    const used = this.parts.source.usedPages();
    return this.#ledger.shrink(Math.max(freePagesMin, Math.ceil(used * freeShare)));
  }

  #delete(progressed?: (part: number) => void): Promise<void> {
    return this.#ledger.delete(this.parts.now() - this.options.ordersMs, progressed);
  }
}
