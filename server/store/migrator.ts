import type { Database } from 'bun:sqlite';
import { prepare } from './database.ts';
import type { Migration } from './migrations.ts';
import { sha256 } from './proof/hash.ts';
import { messageOf } from '../ports/failure.ts';

const NAME = /^\d{14}_[a-z]+(_[a-z]+)+$/;

/**
 * Applies what has not been applied, forward only, each in a transaction of its own that also records the
 * hash of its text.
 * @returns the names that were applied now.
 * @throws Error when a migration that was applied has changed or is missing, is older than one that was
 *   applied, or fails; what came before it stays.
 */
export function migrate(db: Database, migrations: readonly Migration[], at: number): readonly string[] {
  db.run(
    `CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY NOT NULL, hash text NOT NULL,
    applied_at integer NOT NULL) STRICT`,
  );
  checkNames(migrations);
  const applied = prepare<{ name: string; hash: string }>(
    db,
    'SELECT name, hash FROM migrations ORDER BY name',
  ).all();
  for (const [index, { name, hash }] of applied.entries()) {
    const migration = migrations[index];
    if (migration?.name !== name)
      throw new Error(
        `migration ${name} was applied to this database, but ` +
          (migration ? `${migration.name} is in its place` : 'this version does not have it'),
      );
    if (sha256(migration.sql) !== hash) throw new Error(`migration ${name} was changed after it was applied`);
  }
  const pending = migrations.slice(applied.length);
  for (const migration of pending) apply(db, migration, at);
  return pending.map(({ name }) => name);
}

function checkNames(migrations: readonly Migration[]): void {
  for (const [index, { name }] of migrations.entries()) {
    if (!NAME.test(name)) throw new Error(`a migration is named <14 digits>_<verb>_<noun>, not ${name}`);
    if (index > 0 && name <= migrations[index - 1]!.name)
      throw new Error(`migration ${name} comes after a later one`);
  }
}

function apply(db: Database, { name, sql }: Migration, at: number): void {
  db.run('BEGIN IMMEDIATE');
  try {
    db.run(sql);
    prepare(db, 'INSERT INTO migrations (name, hash, applied_at) VALUES ($1, $2, $3)').run(
      name,
      sha256(sql),
      at,
    );
    db.run('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.run('ROLLBACK');
    throw new Error(`migration ${name} failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
