import { statSync } from 'node:fs';
import { Database, type SQLQueryBindings, type Statement } from 'bun:sqlite';

/** Older versions carry the WAL-reset bug that can corrupt a database. */
const SQLITE_VERSION_MIN = '3.51.3';
/** Pages in the WAL after which a commit also moves them to the database file. */
const WAL_AUTOCHECKPOINT_PAGES = 4000;
const JOURNAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5000;
const CACHE_SIZE_KIB = 64 * 1024;

export interface WriterOptions {
  /**
   * Commits are not flushed to disk: a crash of the machine loses them. Simulations only; never where a bet
   * is acknowledged to anybody.
   */
  readonly simulationWithoutFsync?: boolean;
  /** Makes the file where there is none; left out, it does. */
  readonly mayCreate?: boolean;
}

type Pragma = readonly [name: string, set: string | number, reads: string | number, why: string];

const COMMON: readonly Pragma[] = [
  ['busy_timeout', BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS, 'a checkpoint or a backup may hold a lock for a moment'],
  ['trusted_schema', 'OFF', 0, 'a doctored schema must not call functions with side effects'],
  ['cell_size_check', 'ON', 1, 'a corrupt page is found when it is read, before it is used'],
  [
    'mmap_size',
    0,
    0,
    'an I/O error becomes an error value, not a SIGBUS, and stray writes cannot reach the file',
  ],
  ['temp_store', 'MEMORY', 2, 'sorting writes no files beside the data'],
];

const writerPragmas = (fsync: boolean): readonly Pragma[] => [
  ['journal_mode', 'WAL', 'wal', 'readers never wait for the writer nor the writer for them'],
  ['synchronous', fsync ? 'FULL' : 'OFF', fsync ? 2 : 0, 'what was committed survives a loss of power'],
  ['foreign_keys', 'ON', 1, 'off by default in SQLite'],
  [
    'journal_size_limit',
    JOURNAL_SIZE_LIMIT_BYTES,
    JOURNAL_SIZE_LIMIT_BYTES,
    'a WAL that grew behind a slow reader shrinks again',
  ],
  [
    'wal_autocheckpoint',
    WAL_AUTOCHECKPOINT_PAGES,
    WAL_AUTOCHECKPOINT_PAGES,
    'fewer pages are written twice than with 1000, and a checkpoint stays short',
  ],
  ['cache_size', -CACHE_SIZE_KIB, -CACHE_SIZE_KIB, 'the hot ends of the indexes stay in memory'],
];

const readerPragmas = (cacheKib: number): readonly Pragma[] => [
  ['query_only', 'ON', 1, 'nothing but the writer writes'],
  ['cache_size', -cacheKib, -cacheKib, 'history pages come from memory'],
];

/**
 * A connection that ends with its statements: with one of them left, SQLite would only close it when the
 * garbage collector comes by.
 */
class Connection extends Database {
  readonly #prepared = new Set<Statement>();

  override prepare<Row, Bindings extends SQLQueryBindings | SQLQueryBindings[]>(
    sql: string,
    // biome-ignore lint/suspicious/noExplicitAny: the shape of the method that it takes the place of
  ): Statement<Row, Bindings extends any[] ? Bindings : [Bindings]> {
    const statement = super.prepare<Row, Bindings>(sql);
    this.#prepared.add(statement as Statement);
    const finalize = statement.finalize.bind(statement);
    statement.finalize = () => {
      this.#prepared.delete(statement as Statement);
      finalize();
    };
    return statement;
  }

  override close(): void {
    for (const statement of [...this.#prepared]) statement.finalize();
    super.close(true);
  }
}

/** @throws Error when the file cannot be opened, or a pragma does not read back as set. */
export function openWriterDatabase(path: string, options: WriterOptions = {}): Database {
  const db = new Connection(path, { create: options.mayCreate ?? true, readwrite: true, strict: true });
  // Only while nothing is in the file; of one that was made otherwise a copy can have it.
  if (isEmpty(path)) db.run(SHRINKABLE);
  return configured(db, [...COMMON, ...writerPragmas(!options.simulationWithoutFsync)]);
}

/** The pages that archived rows leave can be given back to the disk, some at a time. */
export const SHRINKABLE = 'PRAGMA auto_vacuum = INCREMENTAL';
const INCREMENTAL = 2;

export const canShrink = (db: Database): boolean => pragma(db, 'auto_vacuum') === INCREMENTAL;

const isEmpty = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** @throws Error when the file does not exist, or is not in WAL mode. */
export function openReaderDatabase(path: string, cacheKib = CACHE_SIZE_KIB): Database {
  const db = configured(new Connection(path, { readonly: true, strict: true }), [
    ...COMMON,
    ...readerPragmas(cacheKib),
  ]);
  const mode = pragma(db, 'journal_mode');
  if (mode !== 'wal') {
    db.close();
    throw new Error(`${path} is in journal mode ${mode}, not wal: a start of the server makes it so`);
  }
  return db;
}

/** @throws Error when the SQLite that runs is older than {@link SQLITE_VERSION_MIN}. */
export function checkSqliteVersion(version: string): void {
  const [have, need] = [version, SQLITE_VERSION_MIN].map((text) => text.split('.').map(Number)) as [
    number[],
    number[],
  ];
  const first = need.findIndex((part, index) => part !== (have[index] ?? 0));
  if (first !== -1 && !((have[first] ?? 0) > need[first]!))
    throw new Error(`SQLite ${version} is too old: ${SQLITE_VERSION_MIN} or later is needed`);
}

/**
 * A prepared statement. Values are bound by position, so `$1`, `$2`, … must appear first in that order:
 * SQLite numbers such names as it meets them.
 * @throws Error when they do not.
 */
export function prepare<Row = unknown>(db: Database, sql: string): Statement<Row, Binding[]> {
  const names = [...new Set(sql.match(/\$\d+/g) ?? [])];
  if (names.some((name, index) => name !== `$${index + 1}`))
    throw new Error(`parameters out of order: ${names.join(' ')} in ${sql}`);
  return db.prepare<Row, Binding[]>(sql);
}

export type Binding = string | number | null;

/**
 * The first row that answers a question, or null. Its statement ends with the answer: one that is left grows
 * a connection that lives long, so what is asked often is prepared once.
 */
export const firstRow = <Row>(db: Database, sql: string, ...values: Binding[]): Row | null =>
  asked<Row, Row | null>(db, sql, (statement) => statement.get(...values));

/** All rows that answer a question. Its statement ends with the answer, as that of {@link firstRow}. */
export const allRows = <Row>(db: Database, sql: string, ...values: Binding[]): Row[] =>
  asked<Row, Row[]>(db, sql, (statement) => statement.all(...values));

function asked<Row, Answer>(
  db: Database,
  sql: string,
  read: (statement: Statement<Row, Binding[]>) => Answer,
): Answer {
  const statement = prepare<Row>(db, sql);
  try {
    return read(statement);
  } finally {
    statement.finalize();
  }
}

/** The single row of a query that always has one. */
export function one<Row>(db: Database, sql: string, ...values: Binding[]): Row {
  const row = firstRow<Row>(db, sql, ...values);
  if (row === null) throw new Error(`no row: ${sql}`);
  return row;
}

function configured(db: Database, pragmas: readonly Pragma[]): Database {
  try {
    checkSqliteVersion(one<{ version: string }>(db, 'SELECT sqlite_version() AS version').version);
    for (const [name, set, reads, why] of pragmas) {
      db.run(`PRAGMA ${name} = ${set}`);
      const now = pragma(db, name);
      if (now !== reads) throw new Error(`pragma ${name} is ${now}, not ${reads} (${why})`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function pragma(db: Database, name: string): unknown {
  return Object.values(one<Record<string, unknown>>(db, `PRAGMA ${name}`))[0];
}
