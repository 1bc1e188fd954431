import { isFailure, messageOf } from '../../ports/failure.ts';
import { sha256, type ObjectStore } from './object-store.ts';

/** Highest number of each numbered table. */
export interface Numbers {
  readonly bets: number;
  readonly ledger: number;
  readonly intents: number;
  readonly ticks: number;
  readonly revisions: number;
}

export interface Part {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a snapshot is. It is written last: without its manifest it is no snapshot. */
export interface Manifest {
  readonly format: 'tapgrid-snapshot-1';
  readonly id: string;
  /** Which house it is of; missing in those of before houses had ids. */
  readonly house?: string;
  /**
   * Counts the snapshots of the house: which was taken last, whatever its clock said. Missing in those of
   * before they were counted.
   */
  readonly number?: number;
  /**
   * Snapshots beside it of before houses had ids that were found to be of this house, by their last commits.
   */
  readonly unnamed?: readonly string[];
  /** When the copy was made, UTC epoch ms: nothing that was committed before is missing. */
  readonly at: number;
  readonly version: string;
  /** SHA-256 over names and hashes of the migrations. */
  readonly schema: string;
  readonly ledger: { readonly batch: number; readonly hash: string; readonly at: number };
  readonly ticks: { readonly seq: number; readonly hash: string };
  readonly numbers: Numbers;
  readonly database: { readonly bytes: number; readonly sha256: string };
  /** The database file compressed with zstd and cut: parts one after the other. */
  readonly parts: readonly Part[];
  /** What was checked on the copy before this was written. */
  readonly checked: { readonly bets: number; readonly violations: 0; readonly durationMs: number };
}

const PREFIX = 'snapshots/';
const NAME = 'manifest.json';

const HOUSE_SHOWN = 8;

/** With its house: two of them may stand in one bucket, and have the same second and number. */
export const snapshotId = (at: number, batch: number, house: string): string =>
  `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}-${batch}-${house.slice(0, HOUSE_SHOWN)}`;
export const partKey = (id: string, index: number): string =>
  `${PREFIX}${id}/tapgrid.db.zst.${String(index).padStart(4, '0')}`;
export const manifestKey = (id: string): string => `${PREFIX}${id}/${NAME}`;

/** In the order in which they were taken; those without a number by their times, before the others. */
export const inOrder = (snapshots: readonly Manifest[]): Manifest[] =>
  snapshots.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0) || (a.id < b.id ? -1 : 1));

/** With the hash of all that stands before it as its last field. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const body = JSON.stringify(manifest, null, 2).slice(0, -2);
  return new TextEncoder().encode(`${body},\n  "sha256": "${sha256(body)}"\n}\n`);
}

/** @throws Error that names the object when it is not exactly what {@link encodeManifest} wrote. */
function decodeManifest(bytes: Uint8Array, name: string): Manifest {
  try {
    const { sha256: _, ...manifest } = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    ) as Manifest & { sha256: string };
    if (manifest.format === 'tapgrid-snapshot-1' && Buffer.from(encodeManifest(manifest)).equals(bytes))
      return manifest;
  } catch (cause) {
    throw new Error(`${name} cannot be read`, { cause });
  }
  throw new Error(`${name} is not as written`);
}

/** Snapshots that are whole, oldest first. A manifest that is damaged is given as the error that says so. */
export async function listSnapshots(
  store: ObjectStore,
): Promise<(Manifest | { readonly id: string; readonly damaged: string })[]> {
  const keys = (await store.list(PREFIX)).filter((key) => key.endsWith(`/${NAME}`));
  return Promise.all(
    keys.map(async (key) => {
      const id = key.slice(PREFIX.length, -NAME.length - 1);
      try {
        const manifest = decodeManifest(await store.get(key), `${store.name}/${key}`);
        return manifest.id === id ? manifest : { id, damaged: `${key} is the manifest of ${manifest.id}` };
      } catch (error) {
        return { id, damaged: messageOf(error) };
      }
    }),
  );
}

export const isWhole = (snapshot: Manifest | { readonly damaged: string }): snapshot is Manifest =>
  'format' in snapshot;

/** Parts without a manifest: what a crash left half. */
export async function strayParts(store: ObjectStore): Promise<string[]> {
  const keys = await store.list(PREFIX);
  const whole = new Set(
    keys.filter((key) => key.endsWith(`/${NAME}`)).map((key) => key.slice(0, -NAME.length)),
  );
  return keys.filter((key) => !whole.has(key.slice(0, key.lastIndexOf('/') + 1)));
}

/** A part's bytes. @throws Error that names the part and where in the compressed file it lies. */
export async function readPart(store: ObjectStore, { parts }: Manifest, index: number): Promise<Uint8Array> {
  const { key, bytes: size, sha256: hash } = parts[index]!;
  const from = parts.slice(0, index).reduce((sum, { bytes }) => sum + bytes, 0);
  const bytes = await store.get(key).catch((error: unknown) => {
    if (isFailure(error, 'object_missing'))
      throw new Error(`${key} is missing: bytes ${from} to ${from + size - 1} of the snapshot`, {
        cause: error,
      });
    throw error;
  });
  if (bytes.length !== size || sha256(bytes) !== hash)
    throw new Error(
      `${key} is damaged: bytes ${from} to ${from + size - 1} of the snapshot are not as written`,
    );
  return bytes;
}
