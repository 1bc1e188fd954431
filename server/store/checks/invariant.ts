import type { Database } from 'bun:sqlite';
import { prepare } from '../database.ts';

export interface Invariant {
  readonly name: string;
  readonly sentence: string;
  /** One sentence for each place where it does not hold, at most {@link VIOLATIONS_MAX}. */
  run(db: Database): string[];
}

/** Sentences of one invariant at most: a broken file breaks it everywhere. */
const VIOLATIONS_MAX = 100;

/** An invariant whose queries give one row `detail` for each violation. */
export const queried = (name: string, sentence: string, ...queries: readonly string[]): Invariant => ({
  name,
  sentence,
  run: (db) =>
    queries.flatMap((sql) =>
      prepare<{ detail: string }>(db, `${sql} LIMIT ${VIOLATIONS_MAX}`)
        .all()
        .map(({ detail }) => detail),
    ),
});

/** An invariant that a walk through the rows holds. */
export const walked = (
  name: string,
  sentence: string,
  walk: (db: Database) => Iterator<string> & Iterable<string>,
): Invariant => ({
  name,
  sentence,
  run: (db) => [...Iterator.from(walk(db)).take(VIOLATIONS_MAX)],
});

/**
 * Highest number of a column among the sealed segments: what is up to it may be gone, or wait for its
 * deletion.
 */
export const archived = (column: string): string =>
  `(SELECT COALESCE(MAX(${column}), 0) FROM archive_segments)`;
