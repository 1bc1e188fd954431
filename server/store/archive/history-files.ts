import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteBooks } from '../books-reader.ts';

/** Where the weeks lie, in the data folder. */
export const HISTORY_FOLDER = 'history';
/** Files that are open for reading at most; the newest of them. */
const OPEN_MAX = 16;
const CACHE_KIB = 4_096;

const NAME = /^\d{4}-W\d\d(?:\.\d{1,4})?\.db$/;

/** Names of the files of archived weeks, oldest first. A week that is large goes on in `<week>.2.db`, `<week>.3.db` … */
export function historyNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name)).sort((a, b) => a.slice(0, 8).localeCompare(b.slice(0, 8)) || partOf(a) - partOf(b));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** 1 for `2026-W48.db`, 2 for `2026-W48.2.db`. */
export const partOf = (name: string): number => Number(/\.(\d+)\.db$/.exec(name)?.[1] ?? 1);

export const historyName = (week: string, part: number): string => (part === 1 ? `${week}.db` : `${week}.${part}.db`);

/** Archived weeks on disk, open for reading. Looks at the folder anew at each question: the archiver is another process. */
export class HistoryFiles {
  readonly #open = new Map<string, SqliteBooks>();

  constructor(private readonly folder: string) {}

  oldestFirst(): readonly SqliteBooks[] {
    const names = historyNames(this.folder).slice(-OPEN_MAX);
    for (const [name, books] of this.#open) {
      if (names.includes(name)) continue;
      books.close();
      this.#open.delete(name);
    }
    return names.flatMap((name) => {
      const books = this.#open.get(name) ?? this.#opened(name);
      return books === null ? [] : [books];
    });
  }

  newestFirst(): readonly SqliteBooks[] {
    return this.oldestFirst().toReversed();
  }

  close(): void {
    for (const books of this.#open.values()) books.close();
    this.#open.clear();
  }

  /** A file that cannot be read yet, because it is being made, is passed over: its rows are still among the live ones. */
  #opened(name: string): SqliteBooks | null {
    try {
      const books = new SqliteBooks(join(this.folder, name), CACHE_KIB);
      this.#open.set(name, books);
      return books;
    } catch {
      return null;
    }
  }
}
