import { Database } from 'bun:sqlite';
import type { Fault } from '../../ports/history.ts';
import { prepare } from '../database.ts';
import { MIGRATIONS } from '../migrations.ts';
import { migrate } from '../migrator.ts';

/** A condition of a table on each of its rows, in the words of its migration. */
interface Constraint {
  readonly table: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly condition: string;
}

/**
 * Rows with values that their table refuses. SQLite's own check passes over conditions where a file was
 * opened to be read, and a row that was written with `ignore_check_constraints` stays as it is.
 * @returns the row and the condition that it breaks.
 */
export function constraintFaults(db: Database, table: string, limit: number): Fault[] {
  return CONSTRAINTS.filter((constraint) => constraint.table === table).flatMap(({ key, condition }) =>
    prepare<{ row: string }>(
      db,
      `SELECT ${key.map((column) => `"${column}"`).join(` || ' ' || `)} AS row FROM "${table}"
      WHERE NOT (${condition}) LIMIT ${limit}`,
    )
      .all()
      .map(({ row }) => ({ place: `row ${row} of ${table}`, detail: `breaks ${condition}` })),
  );
}

/** Those that the migrations make. */
export const CONSTRAINTS: readonly Constraint[] = madeByMigrations();

function madeByMigrations(): Constraint[] {
  const db = new Database(':memory:', { strict: true });
  try {
    migrate(db, MIGRATIONS, 0);
    const tables = db
      .query<{ name: string; sql: string }, []>(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
      )
      .all();
    return tables.flatMap(({ name, sql }) => {
      const columns = db.query<{ name: string; pk: number }, []>(`PRAGMA table_info('${name}')`).all();
      const key = columns
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((column) => column.name);
      return [...conditionsOf(sql)].map((condition) => ({ table: name, key, condition }));
    });
  } finally {
    db.close();
  }
}

/**
 * What stands in the parentheses of each CHECK. Comments go first: they may hold parentheses of their own; no
 * text in a condition holds one.
 */
function* conditionsOf(sql: string): Generator<string> {
  const plain = sql.replace(/--.*$/gm, '');
  for (const { index, 0: opening } of plain.matchAll(/\bCHECK\s*\(/g)) {
    const from = index + opening.length;
    let depth = 1;
    let to = from;
    for (; depth > 0; to++) depth += plain[to] === '(' ? 1 : plain[to] === ')' ? -1 : 0;
    yield plain
      .slice(from, to - 1)
      .replace(/\s+/g, ' ')
      .trim();
  }
}
