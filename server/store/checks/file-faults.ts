import { Database } from 'bun:sqlite';
import { prepare } from '../database.ts';
import { MIGRATIONS } from '../migrations.ts';
import { migrate } from '../migrator.ts';
import { sha256 } from '../proof/hash.ts';

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

const SCHEMA = `SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'
  ORDER BY type, name`;

/**
 * Tables, indexes and triggers that are missing, strange or changed, against those that the migrations make
 * which the file says it has had; and migrations that are not ours. Later ones that it has not had yet are no
 * fault: a backup may be older than this version.
 */
export function schemaFaults(db: Database): string[] {
  const applied = prepare<{ name: string; hash: string }>(
    db,
    'SELECT name, hash FROM migrations ORDER BY name',
  ).all();
  const known = MIGRATIONS.slice(0, applied.length);
  const wanted = new Map(schemaAfter(known.length));
  const faults: string[] = [];
  for (const { type, name, sql } of prepare<SchemaRow>(db, SCHEMA).all()) {
    const key = `${type} ${name}`;
    if (!wanted.has(key)) faults.push(`${key} is not of this version`);
    else if (wanted.get(key) !== sql) faults.push(`${key} was changed`);
    wanted.delete(key);
  }
  faults.push(...[...wanted.keys()].map((key) => `${key} is missing`));
  for (const [index, { name, hash }] of applied.entries()) {
    const migration = known[index];
    if (migration?.name !== name || sha256(migration.sql) !== hash)
      faults.push(`migration ${name} is not one of this version`);
  }
  return faults;
}

const schemas = new Map<number, ReadonlyMap<string, string | null>>();

/** What the first migrations make: made once for each number of them. */
function schemaAfter(migrations: number): ReadonlyMap<string, string | null> {
  const known = schemas.get(migrations);
  if (known !== undefined) return known;
  const db = new Database(':memory:', { strict: true });
  try {
    migrate(db, MIGRATIONS.slice(0, migrations), 0);
    const schema = new Map(
      db
        .query<SchemaRow, []>(SCHEMA)
        .all()
        .map(({ type, name, sql }) => [`${type} ${name}`, sql]),
    );
    schemas.set(migrations, schema);
    return schema;
  } finally {
    db.close();
  }
}

export const tableNames = (db: Database): string[] =>
  prepare<{ name: string }>(
    db,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  )
    .all()
    .map(({ name }) => name);

/**
 * @param table a name out of {@link tableNames}. @returns SQLite's own sentences, which name tree, page, cell
 * or row.
 */
export function pageFaults(db: Database, table: string, limit: number): string[] {
  const name = table.replaceAll("'", "''");
  const rows = db.query<{ integrity_check: string }, []>(`PRAGMA integrity_check('${name}')`).all();
  return rows
    .map((row) => row.integrity_check)
    .filter((sentence) => sentence !== 'ok')
    .slice(0, limit)
    .map((sentence) => `${table}: ${sentence}`);
}

interface ForeignKeyRow {
  readonly table: string;
  readonly rowid: number | null;
  readonly parent: string;
}

export const foreignKeyFaults = (db: Database, limit: number): string[] =>
  db
    .query<ForeignKeyRow, []>('PRAGMA foreign_key_check')
    .all()
    .slice(0, limit)
    .map(
      ({ table, rowid, parent }) =>
        `${table}${rowid === null ? '' : ` row ${rowid}`} points to no row of ${parent}`,
    );
