/**
 * Where backups lie: a folder or a bucket. Keys are slash-separated names; an object is written once, whole
 * or not at all, and never changed.
 */
export interface ObjectStore {
  /** How people know it. */
  readonly name: string;
  /**
   * Writes an object and, where the store is another machine, reads it back whole. The same bytes again are
   * no error.
   * @throws Failure `object_differs` when other bytes have that key.
   */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** @throws Failure `object_missing` */
  get(key: string): Promise<Uint8Array>;
  /** Keys that begin with `prefix`, in order. */
  list(prefix: string): Promise<string[]>;
  /** One that is not there is no error. */
  remove(key: string): Promise<void>;
}

/** Bytes of one object at most: it is held in memory. */
export const OBJECT_BYTES_MAX = 64 * 1024 * 1024;

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,200}){0,5}$/;

/** @throws RangeError for a key that could lead elsewhere: a bug, or a manifest that other hands wrote. */
export function plainKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`not a key: ${JSON.stringify(key.slice(0, 80))}`);
  return key;
}

/** SHA-256 of bytes or UTF-8 text, lower-case hex. */
export const sha256 = (bytes: Uint8Array | string): string =>
  new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
