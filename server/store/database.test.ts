import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSqliteVersion, one, openReaderDatabase, openWriterDatabase, prepare } from './database.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { migrate } from './migrator.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-database-'));
  path = join(root, 'a.db');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a connection', () => {
  test('of the writer flushes each commit to disk, unless it is a simulation', () => {
    for (const [simulationWithoutFsync, level] of [
      [undefined, 2],
      [false, 2],
      [true, 0],
    ] as const) {
      const db = openWriterDatabase(
        path,
        simulationWithoutFsync === undefined ? {} : { simulationWithoutFsync },
      );
      expect([
        one(db, 'PRAGMA synchronous'),
        one(db, 'PRAGMA journal_mode'),
        one(db, 'PRAGMA foreign_keys'),
      ]).toEqual([{ synchronous: level }, { journal_mode: 'wal' }, { foreign_keys: 1 }]);
      db.close();
    }
  });

  test('of a reader cannot write', () => {
    const writer = openWriterDatabase(path);
    writer.run('CREATE TABLE a (b integer) STRICT');
    const reader = openReaderDatabase(path);
    expect(() => reader.run('INSERT INTO a VALUES (1)')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  test('of a reader wants a file in WAL mode', () => {
    expect(() => openReaderDatabase(path)).toThrow();
    const other = new Database(path);
    other.run('CREATE TABLE a (b integer)');
    other.close();
    expect(() => openReaderDatabase(path)).toThrow(/journal mode delete, not wal/);
  });

  for (const [version, fits] of [
    ['3.51.3', true],
    ['3.51.4', true],
    ['3.52.0', true],
    ['4.0', true],
    ['3.51.2', false],
    ['3.51', false],
    ['3.9.9', false],
    ['2.99.99', false],
  ] as const) {
    test(`${fits ? 'takes' : 'refuses'} SQLite ${version}`, () => {
      if (fits) checkSqliteVersion(version);
      else expect(() => checkSqliteVersion(version)).toThrow(/too old/);
    });
  }

  test('binds by position only what is numbered in the order of its first use', () => {
    const db = openWriterDatabase(path);
    expect(prepare(db, 'SELECT $1 AS a, $2 AS b, $1 AS c').get(7, 8)).toEqual({ a: 7, b: 8, c: 7 });
    expect(() => prepare(db, 'SELECT $2, $1')).toThrow(/out of order: \$2 \$1/);
    expect(() => prepare(db, 'SELECT $1, $3')).toThrow(/out of order/);
    db.close();
  });
});

describe('the migrator', () => {
  const first: Migration = {
    name: '20260101000000_create_letters',
    sql: 'CREATE TABLE letters (a integer) STRICT; INSERT INTO letters VALUES (1);',
  };
  const second: Migration = { name: '20260102000000_add_letters', sql: 'INSERT INTO letters VALUES (2);' };
  const broken: Migration = {
    name: '20260103000000_break_letters',
    sql: 'INSERT INTO letters VALUES (3); INSERT INTO absent VALUES (4);',
  };
  let db: Database;
  beforeEach(() => (db = openWriterDatabase(path)));
  afterEach(() => db.close());
  const letters = (): unknown =>
    prepare<{ a: number }>(db, 'SELECT a FROM letters ORDER BY a')
      .all()
      .map(({ a }) => a);

  test('applies each once, in order, and tells which', () => {
    expect([
      migrate(db, [first], 1),
      migrate(db, [first, second], 2),
      migrate(db, [first, second], 3),
    ]).toEqual([[first.name], [second.name], []]);
    expect(letters()).toEqual([1, 2]);
    expect(prepare(db, 'SELECT name, applied_at FROM migrations ORDER BY name').all()).toEqual([
      { name: first.name, applied_at: 1 },
      { name: second.name, applied_at: 2 },
    ]);
  });

  test('keeps what came before a failure, and nothing of the failed one', () => {
    expect(() => migrate(db, [first, second, broken], 1)).toThrow(
      /20260103000000_break_letters failed: no such table: absent/,
    );
    expect(letters()).toEqual([1, 2]);
    expect(migrate(db, [first, second], 2)).toEqual([]);
  });

  const refused: readonly (readonly [string, readonly Migration[], RegExp])[] = [
    [
      'one that was changed after it was applied',
      [{ ...first, sql: `${first.sql} ` }, second],
      /was changed after it was applied/,
    ],
    ['one that was applied and is gone', [first], /this version does not have it/],
    [
      'one that slipped in before one that was applied',
      [first, { name: '20260101120000_slip_in', sql: '' }, second],
      /20260101120000_slip_in is in its place/,
    ],
    ['a wrong order', [second, first], /comes after a later one/],
    ['a name of another shape', [first, second, { name: '3_add', sql: '' }], /is named/],
  ];
  for (const [what, migrations, message] of refused) {
    test(`refuses ${what}`, () => {
      migrate(db, [first, second], 1);
      expect(() => migrate(db, migrations, 2)).toThrow(message);
      expect(letters()).toEqual([1, 2]);
    });
  }

  test('has every file of migrations/', () => {
    const files = readdirSync(join(import.meta.dir, '../../migrations'))
      .filter((name) => name.endsWith('.sql'))
      .sort();
    expect(
      MIGRATIONS.map(({ name }) => `${name}.sql`),
      'each file of migrations/ has its entry in server/store/migrations.ts, in the order of their names',
    ).toEqual(files);
  });
});
