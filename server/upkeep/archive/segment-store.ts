import type { SealedSegment, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { Failure, isFailure, messageOf } from '../../ports/failure.ts';
import { OBJECT_BYTES_MAX, sha256, type ObjectStore } from '../backup/object-store.ts';
import {
  countsOf,
  decodeManifest,
  encodeManifest,
  manifestHash,
  manifestKeyOf,
  segmentKey,
  sumsOf,
  type SegmentManifest,
} from './manifest.ts';
import { decodeSegment, encodeSegment, SEGMENT_BYTES_MAX } from './segment-text.ts';

/** Higher ones cost twice the time and save nothing: what takes the room is ids and signatures. */
const LEVEL = 1;

export interface StoredManifest {
  readonly manifest: SegmentManifest;
  readonly sha256: string;
}

/**
 * Segments and manifests in an object store. Nothing is written over, and whatever is written is read back
 * before it counts.
 */
export class SegmentStore {
  constructor(
    readonly store: ObjectStore,
    /** Whose segments are put there. */
    private readonly house: string,
  ) {}

  /** Where the segment of that number is put. */
  keyOf = (number: number): string => segmentKey(this.house, number);

  /**
   * @throws Error when it cannot be written or does not read back; Failure `object_differs` when another
   * segment has that number.
   */
  async putSegment(range: SegmentRange, rows: SegmentRows): Promise<SegmentManifest['object']> {
    const key = this.keyOf(range.number);
    const raw = encodeSegment(rows);
    const packed = await Bun.zstdCompress(raw, { level: LEVEL });
    if (packed.length > OBJECT_BYTES_MAX) throw new RangeError(`${key} would have ${packed.length} bytes`);
    await this.#put(key, packed);
    const back = await this.store.get(key);
    const rawSha256 = sha256(raw);
    if (sha256(await unpack(back, key)) !== rawSha256)
      throw new Failure('object_differs', `${this.store.name} ${key} reads back as a different segment`);
    return { key, bytes: back.length, sha256: sha256(back), rawBytes: raw.length, rawSha256 };
  }

  manifestOf(
    range: SegmentRange,
    rows: SegmentRows,
    object: SegmentManifest['object'],
    previous: SegmentManifest['previous'],
    at: number,
  ): SegmentManifest {
    return {
      format: 'tapgrid-archive-1',
      house: this.house,
      range,
      at,
      object,
      counts: countsOf(rows),
      sums: sumsOf(range, rows),
      previous,
    };
  }

  /** @returns its hash. @throws as {@link putSegment}. */
  async putManifest(manifest: SegmentManifest): Promise<string> {
    const key = manifestKeyOf(manifest.object.key);
    const bytes = encodeManifest(manifest);
    await this.store.put(key, bytes);
    if (!Buffer.from(await this.store.get(key)).equals(bytes))
      throw new Failure('object_differs', `${this.store.name} ${key} reads back with different bytes`);
    return manifestHash(bytes);
  }

  /** Of the segment under that key; null when there is none. @throws Error when it is damaged. */
  async manifest(segment: string): Promise<StoredManifest | null> {
    try {
      const bytes = await this.store.get(manifestKeyOf(segment));
      return { manifest: decodeManifest(bytes, segment), sha256: manifestHash(bytes) };
    } catch (error) {
      if (isFailure(error, 'object_missing')) return null;
      throw error;
    }
  }

  /** @throws Error that names the object when it is missing or not what its manifest says. */
  async segment(manifest: SegmentManifest): Promise<SegmentRows> {
    const { object } = manifest;
    const packed = await this.#packed(manifest);
    const raw = await unpack(packed, object.key);
    if (raw.length !== object.rawBytes || sha256(raw) !== object.rawSha256)
      throw new Error(`${object.key} unpacks to different contents`);
    return decodeSegment(raw);
  }

  /**
   * Whether the store holds a segment as the books sealed it: its manifest and its object, byte for byte.
   * @returns a sentence on what is wrong, or null.
   */
  async faultOf({ number, objectKey, manifestSha256 }: SealedSegment): Promise<string | null> {
    try {
      const stored = await this.manifest(objectKey);
      if (stored === null) return `${this.store.name} has no manifest of segment ${number}`;
      if (stored.sha256 !== manifestSha256)
        return `the manifest of segment ${number} in ${this.store.name} is not the one named in the books`;
      await this.#packed(stored.manifest);
      return null;
    } catch (error) {
      const fault = messageOf(error);
      return `segment ${number} in ${this.store.name}: ${fault}`;
    }
  }

  async #packed({ object }: SegmentManifest): Promise<Uint8Array> {
    const packed = await this.store.get(object.key);
    if (packed.length !== object.bytes || sha256(packed) !== object.sha256)
      throw new Error(`${object.key} is not as written`);
    return packed;
  }

  /**
   * Another version of the packer may have written other bytes for the same lines: what is inside decides.
   */
  async #put(key: string, packed: Uint8Array): Promise<void> {
    try {
      await this.store.put(key, packed);
    } catch (error) {
      if (!isFailure(error, 'object_differs')) throw error;
    }
  }
}

async function unpack(packed: Uint8Array, key: string): Promise<Uint8Array> {
  try {
    const raw = await Bun.zstdDecompress(packed);
    if (raw.length <= SEGMENT_BYTES_MAX) return raw;
  } catch (cause) {
    throw new Failure('object_differs', `${key} cannot be unpacked`, { cause });
  }
  throw new RangeError(`${key} is larger than any segment`);
}
