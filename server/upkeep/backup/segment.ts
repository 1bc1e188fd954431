import { zstdCompressSync, zstdDecompressSync } from 'bun';
import type { TableRows, TailHead } from '../../ports/tail.ts';
import { OBJECT_BYTES_MAX, sha256, type ObjectStore } from './object-store.ts';

/** The state that a shipment leads to; without a house in those of before houses had ids. */
export type ShippedHead = Omit<TailHead, 'house'> & { readonly house?: string | null };

/**
 * First line of a segment. A shipment is one or more segments, of which the last is `complete`; only whole
 * shipments are applied.
 */
export interface SegmentHeader {
  readonly format: 'tapgrid-tail-1';
  /** Counts the segments of a tail from 1 without holes. */
  readonly number: number;
  /** Number of the snapshot that the tail began at; missing in those of before snapshots were counted. */
  readonly base?: number;
  /** SHA-256 of the file of the segment before; null for the first. */
  readonly previous: string | null;
  readonly from: { readonly batch: number; readonly hash: string };
  readonly to: ShippedHead;
  /** When the snapshot that was read began, UTC epoch ms: nothing that was committed before is missing. */
  readonly at: number;
  readonly part: number;
  readonly complete: boolean;
}

export interface Segment {
  readonly header: SegmentHeader;
  readonly tables: readonly TableRows[];
}

/**
 * What the name of a segment says. The name holds the hash of the bytes, so that no byte can change unseen.
 */
export interface SegmentName {
  readonly key: string;
  readonly tail: string;
  /** The UTC hour that it was read in, as its first ms. */
  readonly hourAt: number;
  readonly number: number;
  readonly toBatch: number;
  readonly hash: string;
}

/** Bytes of one segment unpacked, at most. */
const TEXT_BYTES_MAX = 8 * OBJECT_BYTES_MAX;
const LEVEL = 3;
const KEY = /^tail\/([A-Za-z0-9-]{1,60})\/(\d{10})\/(\d{10})-(\d{1,16})-([0-9a-f]{64})\.jsonl\.zst$/;

/**
 * One JSON value a line: the header, the rows by table, and the hash of all lines before. Compressed with
 * zstd.
 */
export function encodeSegment({ header, tables }: Segment): Uint8Array {
  const body = [header, ...tables].map((line) => `${JSON.stringify(line)}\n`).join('');
  return zstdCompressSync(Buffer.from(`${body}${JSON.stringify({ sha256: sha256(body) })}\n`), {
    level: LEVEL,
  });
}

export function segmentKey(tail: string, { number, to, at }: SegmentHeader, bytes: Uint8Array): string {
  const hour = new Date(at).toISOString().slice(0, 13).replace(/\D/g, '');
  const name = `${String(number).padStart(10, '0')}-${to.ledger.batch}-${sha256(bytes)}`;
  return `tail/${tail}/${hour}/${name}.jsonl.zst`;
}

/** The tail of a segment, by its key: the id of the snapshot from which it goes on. */
export const tailOfKey = (key: string): string => key.split('/')[1]!;

/** @returns null for any other key. */
export function readSegmentName(key: string): SegmentName | null {
  const [, tail, hour, number, toBatch, hash] = KEY.exec(key) ?? [];
  if (hash === undefined) return null;
  const hourAt = Date.parse(hour!.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:00Z'));
  return { key, tail: tail!, hourAt, number: Number(number), toBatch: Number(toBatch), hash };
}

/** Segments of all tails by tail and number. */
export async function listSegments(store: ObjectStore): Promise<SegmentName[]> {
  const names = (await store.list('tail/')).map(readSegmentName).filter((name) => name !== null);
  return names.sort((a, b) => (a.tail === b.tail ? a.number - b.number : a.tail < b.tail ? -1 : 1));
}

/**
 * @throws Error that names the segment, and the line where there is one, when it is not exactly as it was
 * written.
 */
export async function readSegment(store: ObjectStore, name: SegmentName): Promise<Segment> {
  const bytes = await store.get(name.key);
  if (sha256(bytes) !== name.hash)
    throw new Error(`${name.key} is damaged: its bytes do not have the hash that it is named by`);
  const lines = unpacked(bytes, name.key).split('\n');
  const end = lines.length - 2;
  if (
    end < 1 ||
    lines[end + 1] !== '' ||
    lines[end] !==
      JSON.stringify({
        sha256: sha256(
          lines
            .slice(0, end)
            .map((line) => `${line}\n`)
            .join(''),
        ),
      })
  )
    throw new Error(`${name.key} is damaged: line ${end + 1} is not the hash of the lines before`);
  const [header, ...tables] = lines.slice(0, end).map((line, index) => parsed(line, name.key, index)) as [
    SegmentHeader,
    ...TableRows[],
  ];
  if (
    header.format !== 'tapgrid-tail-1' ||
    header.number !== name.number ||
    header.to.ledger.batch !== name.toBatch
  )
    throw new Error(`${name.key} is not the segment that its name says`);
  return { header, tables };
}

function unpacked(bytes: Uint8Array, key: string): string {
  try {
    const text = zstdDecompressSync(bytes as Uint8Array<ArrayBuffer>);
    if (text.length > TEXT_BYTES_MAX) throw new RangeError('larger than any segment');
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (cause) {
    throw new Error(`${key} is damaged: it does not unpack`, { cause });
  }
}

function parsed(line: string, key: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${key} is damaged: line ${index + 1} is no JSON`, { cause });
  }
}
