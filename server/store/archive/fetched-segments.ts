import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { openReaderDatabase } from '../database.ts';
import { FETCHED_FOLDER, FETCHED_MAX, fetchedName, fetchedNames, HISTORY_FOLDER } from './history-files.ts';
import { writeSegment } from './week-files.ts';
import { StoredRows } from './stored-rows.ts';

const UNFINISHED = '.unfinished';
const FAULTS_MAX = 20;

/**
 * Segments that were fetched from the archive on request. At most {@link FETCHED_MAX} stay; unlike the weeks,
 * nobody relies on them. One process at a time writes.
 */
export class FetchedSegments {
  readonly #history: string;
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#history = join(dataDir, HISTORY_FOLDER);
    this.#folder = join(this.#history, FETCHED_FOLDER);
  }

  /**
   * Writes a segment, reads it again, and only then shows it. @returns the file's name. @throws Error when it
   * does not read back.
   */
  add(segment: SegmentRange, rows: SegmentRows): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#folder))
      if (name.includes(UNFINISHED)) rmSync(join(this.#folder, name), { force: true });
    const name = fetchedName(segment.number);
    const unfinished = join(this.#folder, `${name}${UNFINISHED}`);
    writeSegment(unfinished, segment, rows);
    const [fault] = faultsOf(unfinished, rows);
    if (fault !== undefined)
      throw new Error(`segment ${segment.number} does not read back from the disk: ${fault}`);
    for (const rest of ['-wal', '-shm']) rmSync(`${unfinished}${rest}`, { force: true });
    this.#makeRoom(name);
    renameSync(unfinished, join(this.#folder, name));
    return `${FETCHED_FOLDER}/${name}`;
  }

  #makeRoom(name: string): void {
    const others = fetchedNames(this.#history)
      .filter((other) => other !== name)
      .sort((a, b) => this.#fetchedAt(a) - this.#fetchedAt(b));
    for (const other of others.slice(0, Math.max(0, others.length - FETCHED_MAX + 1)))
      for (const rest of ['', '-wal', '-shm']) rmSync(join(this.#folder, `${other}${rest}`), { force: true });
  }

  #fetchedAt(name: string): number {
    return statSync(join(this.#folder, name)).mtimeMs;
  }
}

function faultsOf(path: string, rows: SegmentRows): string[] {
  const db = openReaderDatabase(path);
  try {
    return new StoredRows(db).compare(rows, FAULTS_MAX);
  } finally {
    db.close();
  }
}
