import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { placedAt } from '../../ports/failure.ts';
import { readPart, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { decompressor } from './zstd.ts';

export type Progress = (stage: string, part: number, detail?: string) => void;

/** The bytes of the database in a snapshot, each part checked against the manifest before it is used. */
function unpack(
  store: ObjectStore,
  manifest: Manifest,
  progress: Progress = () => {},
): AsyncIterable<Buffer> {
  const parts = Readable.from(
    (async function* () {
      for (let index = 0; index < manifest.parts.length; index++) {
        yield await readPart(store, manifest, index);
        progress('read', (index + 1) / manifest.parts.length);
      }
    })(),
  );
  const unpacked = decompressor();
  parts.on('error', (error) => unpacked.destroy(error));
  return parts.pipe(unpacked);
}

/** Reads a snapshot to its end. @throws Error that names what is missing or damaged. */
export async function expectSame(
  store: ObjectStore,
  manifest: Manifest,
  progress: Progress = () => {},
): Promise<void> {
  await consume(store, manifest, progress, async () => {});
}

/**
 * Writes the database of a snapshot to a file that must not be there. @throws Error that names what is
 * missing or damaged.
 */
export async function extract(
  store: ObjectStore,
  manifest: Manifest,
  path: string,
  progress: Progress = () => {},
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await consume(store, manifest, progress, async (chunk) => {
      for (let written = 0; written < chunk.length; )
        written += (await file.write(chunk, written)).bytesWritten;
    });
    await file.sync();
  } catch (cause) {
    throw placedAt(cause, path);
  } finally {
    await file.close();
  }
}

async function consume(
  store: ObjectStore,
  manifest: Manifest,
  progress: Progress,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  const hash = new Bun.CryptoHasher('sha256');
  let bytes = 0;
  for await (const chunk of unpack(store, manifest, progress)) {
    hash.update(chunk);
    bytes += chunk.length;
    if (bytes > manifest.database.bytes)
      throw new Error(`snapshot ${manifest.id} unpacks to more than its manifest says`);
    await take(chunk);
  }
  if (bytes !== manifest.database.bytes || hash.digest('hex') !== manifest.database.sha256)
    throw new Error(`snapshot ${manifest.id} does not unpack to the database that its manifest names`);
}
