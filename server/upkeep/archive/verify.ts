import { present } from '../../game/present.ts';
import type {
  AccountsBefore,
  ArchiveSource,
  CheckSegment,
  WeekFiles,
  SealedSegment,
  SegmentRows,
} from '../../ports/archive.ts';
import { Returns } from '../integrity/returns.ts';
import { countsOf, sumsOf } from './manifest.ts';
import type { SegmentStore } from './segment-store.ts';
import { WeekRows } from './week-rows.ts';
import { messageOf } from '../../ports/failure.ts';
import { isUnanswered } from '../../ports/unanswered.ts';

export interface VerifyParts {
  readonly source: ArchiveSource;
  readonly weekFiles: WeekFiles;
  readonly objects: SegmentStore;
  readonly check: CheckSegment;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly segments: number;
  readonly bets: number;
  readonly bytes: number;
  /** One sentence for each place that is not as written. */
  readonly faults: readonly string[];
}

interface RunningBalance {
  readonly balance: number;
  readonly version: number;
  readonly ledgerId: number;
}

/** Sentences of one segment at most. */
const FAULTS_MAX = 20;

/**
 * Reads every segment and computes it again: objects against their manifests, manifests against the books and
 * each other, both hash chains and all balances from the first commit to the live books, what the live books
 * still have and note of it, and the weeks on disk row by row. It alarms and repairs nothing.
 *
 * @throws Error when the store does not answer: nothing is known of the segments then.
 */
export async function verifyArchive(
  parts: VerifyParts,
  progress: (part: number, detail: string) => void = () => {},
): Promise<VerifyReport> {
  const { source } = parts;
  const sealed = source.segments();
  const walk = new ArchiveWalk(parts, sealed);
  const faults: string[] = [];
  let [bets, bytes] = [0, 0];
  for (const [index, segment] of sealed.entries()) {
    const found = await walk.faultsOf(segment, sealed[index - 1]);
    faults.push(...found.slice(0, FAULTS_MAX).map((fault) => `segment ${segment.number}: ${fault}`));
    bets += segment.bets;
    bytes += segment.bytes;
    progress((index + 1) / sealed.length, `segment ${segment.number}, ${faults.length} faults`);
  }
  faults.push(
    ...walk.fileFaults(),
    ...walk.liveFaults(faults.length === 0).map((fault) => `live books: ${fault}`),
  );
  return { ok: faults.length === 0, segments: sealed.length, bets, bytes, faults };
}

/** Goes through the segments in their order. */
class ArchiveWalk {
  readonly #accounts = new Map<string, RunningBalance>();
  readonly #returns = new Returns();
  readonly #weeks: readonly {
    readonly name: string;
    readonly segments: readonly number[];
    readonly rows: WeekRows;
  }[];

  constructor(
    private readonly parts: VerifyParts,
    private readonly sealed: readonly SealedSegment[],
  ) {
    this.#weeks = parts.weekFiles
      .files()
      .map(({ name, segments }) => ({ name, segments, rows: new WeekRows() }));
  }

  async faultsOf(segment: SealedSegment, before: SealedSegment | undefined): Promise<string[]> {
    try {
      return await this.#faultsOf(segment, before);
    } catch (error) {
      if (isUnanswered(error)) throw error;
      return [messageOf(error)];
    }
  }

  fileFaults(): string[] {
    const known = new Set(this.sealed.map(({ number }) => number));
    return this.#weeks.flatMap(({ name, segments, rows }) => [
      ...segments
        .filter((number) => !known.has(number))
        .map((number) => `${name}: segment ${number} is not sealed in the books`),
      ...this.parts.weekFiles.fileFaults(name, rows.counts()),
    ]);
  }

  /**
   * @param complete whether every segment could be read: only then do its bets add up to what is published.
   */
  liveFaults(complete: boolean): string[] {
    const { source } = this.parts;
    const faults = source.faultsAtArchiveEnd([...this.#accounts.keys()]);
    for (const [id, { balance, version, ledgerId }] of source.checkpointsOf([...this.#accounts.keys()])) {
      const left = present(this.#accounts.get(id), 'account');
      if (left.balance !== balance || left.version !== version)
        faults.push(
          `the checkpoint of ${id} has ${balance} and version ${version}, the archive left it ` +
            `${left.balance} and version ${left.version}`,
        );
      else if (ledgerId !== null && ledgerId !== left.ledgerId)
        faults.push(
          `the checkpoint of ${id} is at ledger row ${ledgerId}, the archive left it at row ${left.ledgerId}`,
        );
    }
    // A run of the archiver may have sealed another segment meanwhile.
    if (!complete || this.sealed.length === 0 || source.archiveEnd().number !== this.sealed.length)
      return faults;
    const { published, live } = source.tallies();
    for (const tally of live) this.#returns.add(tally);
    return [
      ...faults,
      ...this.#returns.faults(published).map(({ place, detail }) => `returns of ${place}: ${detail}`),
    ];
  }

  async #faultsOf(segment: SealedSegment, before: SealedSegment | undefined): Promise<string[]> {
    const { objects, check, source, weekFiles } = this.parts;
    const stored = await objects.manifest(segment.objectKey);
    if (stored === null) return ['its manifest is missing'];
    const { manifest, sha256 } = stored;
    const faults: string[] = [];
    if (sha256 !== segment.manifestSha256) faults.push('its manifest is not the one named in the books');
    if ((manifest.previous?.sha256 ?? null) !== (before?.manifestSha256 ?? null))
      faults.push('its manifest does not name the one before it');
    if (!sameRange(manifest.range, segment))
      faults.push('its manifest names different commits than the books');
    const { bytes, key } = manifest.object;
    if (segment.bytes !== bytes || segment.objectKey !== key || segment.bets !== manifest.counts.bets)
      faults.push(
        `the books name ${segment.bets} bets in ${segment.bytes} bytes of ${segment.objectKey}, its ` +
          `manifest ${manifest.counts.bets} in ${bytes} of ${key}`,
      );
    const rows = await objects.segment(manifest);
    if (
      JSON.stringify(countsOf(rows)) !== JSON.stringify(manifest.counts) ||
      JSON.stringify(sumsOf(manifest.range, rows)) !== JSON.stringify(manifest.sums)
    )
      faults.push('its rows do not add up to what the manifest says');
    faults.push(...check(manifest.range, rows, this.#accounts satisfies AccountsBefore));
    this.#take(rows, segment, before);
    faults.push(
      ...source.leftFaults(segment, rows),
      ...source.stakeFaults(segment, rows, before?.betSeq ?? 0),
    );
    const week = this.#weeks.find(({ segments }) => segments.includes(segment.number));
    if (week !== undefined) {
      week.rows.add(rows);
      faults.push(...weekFiles.compare(segment, rows));
    }
    return faults;
  }

  #take(
    { accounts, bets }: SegmentRows,
    { ledgerId }: SealedSegment,
    before: SealedSegment | undefined,
  ): void {
    for (const { id, balance, version, ledgerId: entry } of accounts)
      this.#accounts.set(id, { balance, version, ledgerId: entry });
    for (const bet of bets) {
      const closing = bet.closingEntry ?? 0;
      if (closing > (before?.ledgerId ?? 0) && closing <= ledgerId) this.#returns.take(bet);
    }
  }
}

const sameRange = (one: SealedSegment | object, other: SealedSegment): boolean =>
  Object.entries(one).every(([name, value]) => other[name as keyof SealedSegment] === value);
