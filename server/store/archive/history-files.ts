import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../../ports/failure.ts';
import { SqliteBooks } from '../books-reader.ts';
import type { Versions } from '../rows/revision.ts';

/** Where the weeks lie, in the data folder. */
export const HISTORY_FOLDER = 'history';
/** Weeks that are open for reading at most, the newest of them: what is in older ones counts as archived. */
const OPEN_MAX = 16;
/** Segments that were fetched from the archive, each in a file of its own, below the weeks. */
export const FETCHED_FOLDER = 'fetched';
/** Fetched segments that stay on disk; the one that was fetched longest ago makes room. */
export const FETCHED_MAX = 16;
const CACHE_KIB = 4_096;

const FETCHED_NAME = /^\d{8}\.db$/;
const NAME = /^\d{4}-W\d\d(?:\.\d{1,4})?\.db$/;

/**
 * Names of the files of archived weeks, oldest first. A large week continues in `<week>.2.db`, `<week>.3.db`
 * …
 */
export function historyNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort((a, b) => a.slice(0, 8).localeCompare(b.slice(0, 8)) || partOf(a) - partOf(b));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export const fetchedName = (number: number): string => `${String(number).padStart(8, '0')}.db`;

/** Names of the files of fetched segments, by number. */
export function fetchedNames(folder: string): string[] {
  const fetched = join(folder, FETCHED_FOLDER);
  return existsSync(fetched)
    ? readdirSync(fetched)
        .filter((name) => FETCHED_NAME.test(name))
        .sort()
    : [];
}

/** 1 for `2026-W48.db`, 2 for `2026-W48.2.db`. */
export const partOf = (name: string): number => Number(/\.(\d+)\.db$/.exec(name)?.[1] ?? 1);

export const historyName = (week: string, part: number): string =>
  part === 1 ? `${week}.db` : `${week}.${part}.db`;

/**
 * Archived weeks and fetched segments on disk, open for reading. Rereads the folder at each question, because
 * the archiver is another process.
 */
export class HistoryFiles {
  readonly #open = new Map<string, OpenFile>();

  /** @param versions what was learned by blocks that are not in the file that asks. */
  constructor(
    private readonly folder: string,
    private readonly versions: Versions,
  ) {}

  oldestFirst(): readonly SqliteBooks[] {
    const names = [
      ...historyNames(this.folder).slice(-OPEN_MAX),
      ...fetchedNames(this.folder)
        .slice(0, FETCHED_MAX)
        .map((name) => join(FETCHED_FOLDER, name)),
    ];
    for (const [name, { books }] of this.#open) {
      if (names.includes(name)) continue;
      books.close();
      this.#open.delete(name);
    }
    const files = names
      .map((name) => this.#open.get(name) ?? this.#opened(name))
      .filter((file) => file !== null);
    return files.sort((a, b) => a.first - b.first).map(({ books }) => books);
  }

  newestFirst(): readonly SqliteBooks[] {
    return this.oldestFirst().toReversed();
  }

  /** Numbers of the segments whose rows can be read here. */
  segments(): ReadonlySet<number> {
    return new Set(this.oldestFirst().flatMap((books) => books.segments()));
  }

  close(): void {
    for (const { books } of this.#open.values()) books.close();
    this.#open.clear();
  }

  /**
   * A file that cannot be read yet, because it is being made, is passed over: its rows are still among the
   * live ones.
   */
  #opened(name: string): OpenFile | null {
    try {
      const books = new SqliteBooks(join(this.folder, name), CACHE_KIB, this.versions);
      const file = { books, first: books.segments()[0] ?? Infinity };
      this.#open.set(name, file);
      return file;
    } catch {
      return null;
    }
  }
}

interface OpenFile {
  readonly books: SqliteBooks;
  /**
   * Number of its first segment when it was opened: files are sought in their order. A file without any is
   * the newest, which is being made.
   */
  readonly first: number;
}
