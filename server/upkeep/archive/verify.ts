import type { AccountsBefore, ArchiveSource, CheckSegment, HistoryShelf, SealedSegment } from '../../ports/archive.ts';
import { countsOf, sumsOf } from './manifest.ts';
import type { ObjectShelf } from './object-shelf.ts';

export interface VerifyParts {
  readonly source: ArchiveSource;
  readonly shelf: HistoryShelf;
  readonly objects: ObjectShelf;
  readonly check: CheckSegment;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly segments: number;
  readonly bets: number;
  readonly bytes: number;
  /** One sentence for each place that is not as it was written. */
  readonly faults: readonly string[];
}

/** Sentences of one segment at most. */
const FAULTS_MAX = 20;

/**
 * Reads every segment and computes it again: objects against their manifests, manifests against the books and each other, both hash chains and all
 * balances from the first commit to the live books, and the weeks on disk row by row. It alarms and repairs nothing.
 */
export async function verifyArchive({ source, shelf, objects, check }: VerifyParts, told: (part: number, detail: string) => void = () => {}): Promise<VerifyReport> {
  const sealed = source.segments();
  const onDisk = new Set(shelf.files().flatMap(({ segments }) => segments));
  const accounts = new Map<string, { balance: number; version: number }>();
  const faults: string[] = [];
  let [bets, bytes] = [0, 0];
  for (const [index, segment] of sealed.entries()) {
    const found = await faultsOf(segment, sealed[index - 1], accounts, { objects, check, shelf: onDisk.has(segment.number) ? shelf : null });
    faults.push(...found.slice(0, FAULTS_MAX).map((fault) => `segment ${segment.number}: ${fault}`));
    bets += segment.bets;
    bytes += segment.bytes;
    told((index + 1) / sealed.length, `segment ${segment.number}, ${faults.length} faults`);
  }
  faults.push(...source.faultsAtAnchor([...accounts.keys()]).map((fault) => `live books: ${fault}`));
  for (const [id, { balance, version }] of source.checkpointsOf([...accounts.keys()])) {
    const left = accounts.get(id)!;
    if (left.balance !== balance || left.version !== version) faults.push(`live books: the checkpoint of ${id} has ${balance} and version ${version}, the archive left it ${left.balance} and version ${left.version}`);
  }
  return { ok: faults.length === 0, segments: sealed.length, bets, bytes, faults };
}

async function faultsOf(
  segment: SealedSegment, before: SealedSegment | undefined, accounts: Map<string, { balance: number; version: number }>,
  { objects, check, shelf }: { readonly objects: ObjectShelf; readonly check: CheckSegment; readonly shelf: HistoryShelf | null },
): Promise<string[]> {
  try {
    const stored = await objects.manifest(segment.number);
    if (stored === null) return ['its manifest is not there'];
    const { manifest, sha256 } = stored;
    const faults: string[] = [];
    if (sha256 !== segment.manifestSha256) faults.push('its manifest is not the one that the books name');
    if ((manifest.previous?.sha256 ?? null) !== (before?.manifestSha256 ?? null)) faults.push('its manifest does not name the one before it');
    if (!sameRange(manifest.range, segment)) faults.push('its manifest names other commits than the books');
    const rows = await objects.segment(manifest);
    if (JSON.stringify(countsOf(rows)) !== JSON.stringify(manifest.counts) || JSON.stringify(sumsOf(manifest.range, rows)) !== JSON.stringify(manifest.sums)) faults.push('its rows do not add up to what the manifest says');
    faults.push(...check(manifest.range, rows, accounts satisfies AccountsBefore));
    for (const { id, balance, version } of rows.accounts) accounts.set(id as string, { balance: balance as number, version: version as number });
    if (shelf !== null) faults.push(...shelf.compare(segment, rows));
    return faults;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const sameRange = (one: SealedSegment | object, other: SealedSegment): boolean =>
  Object.entries(one).every(([name, value]) => other[name as keyof SealedSegment] === value);
