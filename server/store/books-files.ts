import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE } from './directory-lock.ts';

export const DATABASE_FILE = 'tapgrid.db';

interface Identity {
  readonly device: number;
  readonly inode: number;
}

/**
 * Which files the open books are. A process that has them open keeps using them when they are deleted or
 * replaced, and nobody would ever find what it writes then.
 */
export class BooksFiles {
  readonly #known: ReadonlyMap<string, Identity>;

  /** @param dataDir whose books were just opened. */
  constructor(dataDir: string) {
    const paths = [
      dataDir,
      // Whose lock is away, in whose folder a second server may start.
      ...[DATABASE_FILE, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`, LOCK_FILE].map((name) =>
        join(dataDir, name),
      ),
    ];
    this.#known = new Map(
      paths.flatMap((path) => {
        const found = identityOf(path);
        return found === null ? [] : [[path, found] as const];
      }),
    );
  }

  /** Why the books are not where they were opened; null while they are. */
  look(): string | null {
    for (const [path, { device, inode }] of this.#known) {
      const now = identityOf(path);
      if (now === null) return `${path} is gone`;
      if (now.device !== device) return `${path} is on another file system now`;
      if (now.inode !== inode) return `${path} has been replaced`;
    }
    return null;
  }
}

function identityOf(path: string): Identity | null {
  try {
    const { dev: device, ino: inode } = statSync(path);
    return { device, inode };
  } catch {
    return null;
  }
}
