import { Database } from 'bun:sqlite';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteWeekFiles } from '../../server/store/archive/week-files.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';

const TABLES = [
  'batches',
  'bets',
  'ledger',
  'intents',
  'ticks',
  'revisions',
  'accounts',
  'ledger_checkpoints',
  'archived_stakes',
  'archive_segments',
];

/** Every row and object that is there. */
export function everything(dataDir: string): {
  readonly tables: Record<string, string>;
  readonly objects: Record<string, string>;
  readonly history: Record<string, string>;
} {
  const db = new Database(join(dataDir, DATABASE_FILE), { readonly: true });
  try {
    const tables = Object.fromEntries(
      TABLES.map((table) => [
        table,
        JSON.stringify(db.query(`SELECT * FROM ${table} ORDER BY 1, 2`).values()).replaceAll(dataDir, ''),
      ]),
    );
    return { tables, objects: objectsIn(dataDir), history: historyIn(dataDir) };
  } finally {
    db.close();
  }
}

function objectsIn(dataDir: string): Record<string, string> {
  const folder = join(dataDir, 'archive');
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true }) as string[];
  return Object.fromEntries(
    names
      .filter((name) => /\.(zst|json)$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );
}

const historyIn = (dataDir: string): Record<string, string> =>
  Object.fromEntries(
    new SqliteWeekFiles(dataDir).files().map(({ name, segments }) => {
      const db = new Database(join(dataDir, 'history', name), { readonly: true });
      const rows = TABLES.slice(0, 6).map((table) =>
        JSON.stringify(db.query(`SELECT * FROM ${table} ORDER BY 1`).values()),
      );
      db.close();
      return [name, `${segments.join()} ${Bun.hash(rows.join())}`];
    }),
  );
