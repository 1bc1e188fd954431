import { randomBytes } from 'node:crypto';
import type { Database } from 'bun:sqlite';
import { firstRow } from './database.ts';
import { sha256 } from './proof/hash.ts';
import { insertInto } from './row-statements.ts';
import { HOUSE } from './rows/house.ts';

const ID_LENGTH = 32;

/**
 * Which house these books are, 32 hex digits: the same in every copy of them.
 * @returns null for books of before houses had ids: the next start of the server gives them theirs.
 */
export function houseIdOf(db: Database): string | null {
  const named = firstRow(db, `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'house'`);
  return named === null
    ? null
    : (firstRow<{ id: string }>(db, 'SELECT id FROM house WHERE one = 1')?.id ?? null);
}

/**
 * Gives books their house id, once and for good. New ones draw it. Books that were there before houses had
 * ids get it from when they were made, in ms: so each copy of them and each old backup that is restored has
 * the same.
 */
export function nameHouse(db: Database): void {
  if (houseIdOf(db) !== null) return;
  const made = firstRow<{ at: number }>(
    db,
    'SELECT applied_at AS at FROM migrations WHERE EXISTS (SELECT 1 FROM batches) ORDER BY name LIMIT 1',
  );
  const id =
    made === null
      ? randomBytes(ID_LENGTH / 2).toString('hex')
      : sha256(`tapgrid house ${made.at}`).slice(0, ID_LENGTH);
  insertInto(db, HOUSE)({ one: 1, id });
}
