import { present } from '../../game/present.ts';
import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { SEGMENT_TABLES, type SegmentTable } from '../../store/rows/segment-parts.ts';
import { sha256 } from '../backup/object-store.ts';

/**
 * What a segment is. It is written after its object was read back; without its manifest there is no segment.
 */
export interface SegmentManifest {
  readonly format: 'tapgrid-archive-1';
  /** Which house it is of; missing in those of before houses had ids. */
  readonly house?: string;
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
const MANIFEST_KEY = /^archive\/(?:([0-9a-f]{32})\/)?manifests\/\d{8}\.json$/;

/**
 * Which house a manifest is of, by its key; null for one of before houses had ids. Undefined for what is no
 * manifest's key.
 */
export function archivedHouse(key: string): string | null | undefined {
  const found = MANIFEST_KEY.exec(key);
  return found === null ? undefined : (found[1] ?? null);
}

/** Each house has a folder of its own: the numbers of two of them are the same. */
export const segmentKey = (house: string, number: number): string =>
  `${ARCHIVE_PREFIX}${house}/segments/${String(number).padStart(8, '0')}.jsonl.zst`;

/** Of the segment under that key; those of before houses had ids are under `archive/segments/`. */
export const manifestKeyOf = (segment: string): string =>
  segment.replace(/\/segments\/(\d{8})\.jsonl\.zst$/, '/manifests/$1.json');

export const encodeManifest = (manifest: SegmentManifest): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);

/**
 * @param segment key of the segment that it must be of.
 * @throws Error that names the object when it is not what {@link encodeManifest} wrote for that segment.
 */
export function decodeManifest(bytes: Uint8Array, segment: string): SegmentManifest {
  const name = manifestKeyOf(segment);
  try {
    const manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as SegmentManifest;
    const canonical =
      manifest.format === 'tapgrid-archive-1' && Buffer.from(encodeManifest(manifest)).equals(bytes);
    if (canonical && manifest.object.key === segment && isOfItsKey(manifest, name)) return manifest;
  } catch (cause) {
    throw new Error(`${name} cannot be read`, { cause });
  }
  throw new Error(`${name} is not as written`);
}

const isOfItsKey = ({ house, range }: SegmentManifest, name: string): boolean =>
  archivedHouse(name) === (house ?? null) && name.endsWith(`/${String(range.number).padStart(8, '0')}.json`);

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
    const { ledger: kinds } = of(present(currencies.get(accountId), 'currency of the account'));
    kinds[kind] = (kinds[kind] ?? 0) + amount;
  }
  return sums;
}
