import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { SEGMENT_TABLES, type SegmentTable } from '../../store/rows/segment-parts.ts';
import { sha256 } from '../backup/object-store.ts';

/**
 * What a segment is. It is written after its object was read back; without its manifest there is no segment.
 */
export interface SegmentManifest {
  readonly format: 'tapgrid-archive-1';
  readonly range: SegmentRange;
  readonly at: number;
  readonly object: {
    readonly key: string;
    readonly bytes: number;
    readonly sha256: string;
    /** Of the JSON lines inside. */
    readonly rawBytes: number;
    readonly rawSha256: string;
  };
  /** Rows by table. */
  readonly counts: Readonly<Record<SegmentTable, number>>;
  /**
   * By currency, micro-dollars: bets that were placed and closed in the segment, and its ledger rows by kind.
   */
  readonly sums: Readonly<Record<string, SegmentSums>>;
  /** The manifest of the segment before; null for the first. */
  readonly previous: { readonly number: number; readonly sha256: string } | null;
}

export interface SegmentSums {
  readonly placed: number;
  readonly staked: number;
  readonly closed: number;
  readonly paid: number;
  readonly ledger: Readonly<Record<string, number>>;
}

export const ARCHIVE_PREFIX = 'archive/';
const KEY = /^archive\/(?:([0-9a-f]{32})\/)?manifests\/\d{8}\.json$/;

/**
 * Which house an object's key is of, null before houses had ids. @returns null for any but a manifest's key.
 */
export function archivedHouse(key: string): { readonly house: string | null } | null {
  const found = KEY.exec(key);
  return found === null ? null : { house: found[1] ?? null };
}

const numbered = (number: number): string => String(number).padStart(8, '0');
export const segmentKey = (number: number): string =>
  `${ARCHIVE_PREFIX}segments/${numbered(number)}.jsonl.zst`;
export const manifestKey = (number: number): string => `${ARCHIVE_PREFIX}manifests/${numbered(number)}.json`;

export const encodeManifest = (manifest: SegmentManifest): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);

/** @throws Error that names the object when it is not what {@link encodeManifest} wrote for that number. */
export function decodeManifest(bytes: Uint8Array, number: number): SegmentManifest {
  const name = manifestKey(number);
  try {
    const manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as SegmentManifest;
    const canonical =
      manifest.format === 'tapgrid-archive-1' && Buffer.from(encodeManifest(manifest)).equals(bytes);
    if (canonical && manifest.range.number === number && manifest.object.key === segmentKey(number))
      return manifest;
  } catch (cause) {
    throw new Error(`${name} cannot be read`, { cause });
  }
  throw new Error(`${name} is not as it was written`);
}

export const manifestHash = (bytes: Uint8Array): string => sha256(bytes);

export const countsOf = (rows: SegmentRows): Record<SegmentTable, number> =>
  Object.fromEntries(SEGMENT_TABLES.map((table) => [table, rows[table].length])) as Record<
    SegmentTable,
    number
  >;

/** What the rows of a segment add up to. */
export function sumsOf(
  { firstBatch, lastBatch }: SegmentRange,
  { accounts, bets, ledger }: SegmentRows,
): Record<string, SegmentSums> {
  const sums: Record<
    string,
    { placed: number; staked: number; closed: number; paid: number; ledger: Record<string, number> }
  > = {};
  const of = (currency: string) =>
    (sums[currency] ??= { placed: 0, staked: 0, closed: 0, paid: 0, ledger: {} });
  const closing = new Set(ledger.map(({ id }) => id));
  for (const bet of bets) {
    const sum = of(bet.currency);
    if (bet.batch >= firstBatch && bet.batch <= lastBatch) {
      sum.placed += 1;
      sum.staked += bet.stake;
    }
    if (bet.closingEntry !== null && closing.has(bet.closingEntry)) {
      sum.closed += 1;
      sum.paid += bet.payout;
    }
  }
  const currencies = new Map(accounts.map(({ id, currency }) => [id, currency]));
  for (const { accountId, kind, amount } of ledger) {
    const { ledger: kinds } = of(currencies.get(accountId)!);
    kinds[kind] = (kinds[kind] ?? 0) + amount;
  }
  return sums;
}
