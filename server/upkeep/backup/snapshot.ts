import { createReadStream } from 'node:fs';
import { rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { admit } from '../houses/admission.ts';
import { ownSnapshots, type OwnBooks } from '../houses/ownership.ts';
import { makeDurably, type DirectoryStore } from './directory-store.ts';
import {
  encodeManifest,
  isWhole,
  listSnapshots,
  manifestKey,
  partKey,
  readPart,
  snapshotId,
  strayParts,
  type Manifest,
  type Numbers,
  type Part,
} from './manifest.ts';
import { sha256, type ObjectStore } from './object-store.ts';
import { expectAhead } from './seen-heads.ts';
import { nextNumber, snapshotsIn } from './snapshot-number.ts';
import { expectSame, type Progress } from './snapshot-contents.ts';
import { compressor } from './zstd.ts';

/** Size of a part: one is held in memory, sent at once, and named when it is damaged. */
const PART_BYTES = 16 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
/**
 * Free space that must be left beside the copy, of its size: the compressed parts come before the copy goes.
 */
const FREE_SHARE = 1.6;

/** What the store can do with a database file. */
export interface DatabaseCopier {
  copy(target: string, written: (bytes: number) => void): Promise<void>;
  describe(path: string): Pick<Manifest, 'schema' | 'ledger' | 'ticks'> & {
    readonly house: string | null;
    readonly numbers: Numbers;
  };
  /** The books being copied, which keep changing meanwhile; to be closed. */
  hold(): OwnBooks & { close(): void };
  /** Hash of a batch in a database file; null when it is not there. */
  hashOf(path: string, batch: number): string | null;
  /** @throws Error when the file is not as a ledger should be. */
  check(
    path: string,
    progressed: (part: number, detail: string) => void,
  ): Promise<{ readonly bets: number; readonly durationMs: number }>;
}

export interface SnapshotOptions {
  readonly source: string;
  readonly backupDir: string;
  readonly version: string;
  readonly now: () => number;
  /**
   * Where its snapshots go too. They are counted on from those there: the folder of a machine that a house
   * has moved to is empty.
   */
  readonly remote: ObjectStore | null;
  /**
   * Whether books that lack commits the store has seen may have a snapshot there: an operator has checked,
   * and continues with them.
   */
  readonly adopt?: boolean;
}

/**
 * Takes a snapshot of a database in use: copy, check of the copy, compressed parts, each read back, and the
 * manifest last. Half a snapshot of an earlier run is cleaned away first.
 * @throws Error when there is no room, or the copy does not hold; Failure `books_behind`,
 *   `other_house`. Nothing counts as a snapshot then.
 */
export async function takeSnapshot(
  store: DirectoryStore,
  copier: DatabaseCopier,
  { source, backupDir, version, now, remote, adopt = false }: SnapshotOptions,
  progress: Progress = () => {},
): Promise<Manifest> {
  store.clean('snapshots/');
  const work = join(backupDir, 'work');
  makeDurably(work);
  const copy = join(work, 'snapshot.db');
  await rm(copy, { force: true });
  try {
    const size = (await stat(source)).size;
    await expectRoom(work, size * FREE_SHARE);
    const at = now();
    const there = remote === null ? [] : snapshotsIn(remote);
    await copier.copy(copy, (bytes) => progress('copy', bytes / size));
    const checked = await copier.check(copy, (part, detail) => progress('check', part, detail));
    const { house, ...described } = copier.describe(copy);
    if (house === null) throw new Error(`${source} has no house id`);
    const own = { house, end: described.ledger.batch, hashOf: (batch: number) => copier.hashOf(copy, batch) };
    if (!adopt) await expectLiveAhead(store, copier);
    await admit(store, own, { adopt, at });
    for (const key of await strayParts(store)) await store.remove(key);
    const id = snapshotId(at, described.ledger.batch, house);
    const snapshots = (await listSnapshots(store)).filter(isWhole);
    // Two runs within one second and without a commit between them are one snapshot.
    const known = snapshots.find((snapshot) => snapshot.id === id);
    if (known !== undefined) return known;
    const ours = ownSnapshots(snapshots, own);
    const unnamed = ours.filter((snapshot) => snapshot.house === undefined);
    const { parts, database } = await compress(store, id, copy, progress);
    const manifest: Manifest = {
      format: 'tapgrid-snapshot-1',
      id,
      house,
      number: nextNumber(ours, await there, own, at),
      ...(unnamed.length > 0 && { unnamed: unnamed.map((snapshot) => snapshot.id) }),
      at,
      version,
      ...described,
      database,
      parts,
      checked: { bets: checked.bets, violations: 0, durationMs: checked.durationMs },
    };
    await expectSame(store, manifest, progress);
    await store.put(manifestKey(id), encodeManifest(manifest));
    return manifest;
  } finally {
    await rm(copy, { force: true });
  }
}

/** What was shipped since the copy was begun is in the books alone. @throws Failure `books_behind` */
async function expectLiveAhead(store: ObjectStore, copier: DatabaseCopier): Promise<void> {
  const live = copier.hold();
  try {
    await expectAhead(store, live);
  } finally {
    live.close();
  }
}

async function compress(
  store: ObjectStore,
  id: string,
  copy: string,
  progress: Progress,
): Promise<Pick<Manifest, 'parts' | 'database'>> {
  const size = (await stat(copy)).size;
  const hash = new Bun.CryptoHasher('sha256');
  let read = 0;
  const reading = Readable.from(
    (async function* () {
      for await (const chunk of createReadStream(copy, { highWaterMark: READ_BYTES })) {
        hash.update(chunk as Buffer);
        read += (chunk as Buffer).length;
        progress('compress', read / size);
        yield chunk as Buffer;
      }
    })(),
  );
  const parts: Part[] = [];
  const compressed = compressor();
  reading.on('error', (error) => compressed.destroy(error));
  for await (const bytes of inParts(reading.pipe(compressed))) {
    const key = partKey(id, parts.length);
    await store.put(key, bytes);
    parts.push({ key, bytes: bytes.length, sha256: sha256(bytes) });
  }
  return { parts, database: { bytes: read, sha256: hash.digest('hex') } };
}

async function* inParts(stream: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let gathered: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    gathered.push(chunk);
    length += chunk.length;
    if (length < PART_BYTES) continue;
    const whole = Buffer.concat(gathered);
    yield whole.subarray(0, PART_BYTES);
    gathered = [whole.subarray(PART_BYTES)];
    length -= PART_BYTES;
  }
  yield Buffer.concat(gathered);
}

async function expectRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes)
    throw new Error(
      `not enough space for a snapshot in ${folder}: it needs ${Math.ceil(bytes / 1e6)} MB, but ` +
        `${Math.floor((bavail * bsize) / 1e6)} MB are free`,
    );
}

/** Copies a snapshot from one store to another, manifest last; existing objects are compared with it. */
export async function shipSnapshot(
  from: ObjectStore,
  to: ObjectStore,
  manifest: Manifest,
  progress: Progress = () => {},
): Promise<void> {
  for (const [index, { key }] of manifest.parts.entries()) {
    await to.put(key, await readPart(from, manifest, index));
    progress('send', (index + 1) / manifest.parts.length);
  }
  await to.put(manifestKey(manifest.id), encodeManifest(manifest));
}
