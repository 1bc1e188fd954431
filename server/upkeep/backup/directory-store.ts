import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure, placedAt, systemCodeOf } from '../../ports/failure.ts';
import { OBJECT_BYTES_MAX, plainKey, type ObjectStore } from './object-store.ts';

/** Names that are not whole yet begin with a dot; no key does. */
const UNFINISHED = '.unfinished-';

/** Objects as files of a folder that only its owner may read. */
export class DirectoryStore implements ObjectStore {
  readonly name: string;
  private readonly root: string;

  /** @param root however it is written: keys are cut off at its length. */
  constructor(root: string) {
    this.root = resolve(root);
    this.name = this.root;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.root, plainKey(key));
    if (existsSync(path)) return this.#expectSame(path, bytes);
    makeDurably(dirname(path));
    const unfinished = join(dirname(path), `${UNFINISHED}${process.pid}`);
    try {
      writeDurably(unfinished, bytes);
      // A link, not a rename: it does not replace what is there.
      linkSync(unfinished, path);
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
      this.#expectSame(path, bytes);
    } finally {
      rmSync(unfinished, { force: true });
    }
    syncDirectory(dirname(path));
  }

  async get(key: string): Promise<Uint8Array> {
    const path = join(this.root, plainKey(key));
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) throw new Failure('object_missing', `${path} is not there`);
    if (size > OBJECT_BYTES_MAX) throw new RangeError(`${path} is larger than any object`);
    return new Uint8Array(readFileSync(path));
  }

  async list(prefix: string): Promise<string[]> {
    const folder = join(this.root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const keys = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1));
    return keys.filter((key) => key.startsWith(prefix)).sort();
  }

  async remove(key: string): Promise<void> {
    const path = join(this.root, plainKey(key));
    rmSync(path, { force: true });
    for (
      let folder = dirname(path);
      folder.length > this.root.length && isEmpty(folder);
      folder = dirname(folder)
    )
      rmSync(folder, { recursive: true });
  }

  /** Removes what a crash left half. Nobody else may be writing below `prefix`. */
  clean(prefix: string): void {
    const folder = join(this.root, prefix);
    if (!existsSync(folder)) return;
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.name.startsWith(UNFINISHED)) rmSync(join(entry.parentPath, entry.name), { force: true });
  }

  #expectSame(path: string, bytes: Uint8Array): void {
    if (!readFileSync(path).equals(bytes))
      throw new Failure('object_differs', `${path} exists with different bytes`);
  }
}

const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length === 0;

/** Makes a folder with those above it, each durable in the one that holds it. */
export function makeDurably(folder: string): void {
  if (existsSync(folder)) return;
  makeDurably(dirname(folder));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  syncDirectory(dirname(folder));
}

export function syncDirectory(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } catch (cause) {
    throw placedAt(cause, path);
  } finally {
    closeSync(file);
  }
}
