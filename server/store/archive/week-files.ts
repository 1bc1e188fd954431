import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryFile, WeekFiles, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { openReaderDatabase, openWriterDatabase, prepare } from '../database.ts';
import { pendingMigrations } from '../copy.ts';
import { MIGRATIONS } from '../migrations.ts';
import { migrate } from '../migrator.ts';
import { insertInto } from '../row-statements.ts';
import { SEGMENTS } from '../rows/segment.ts';
import { indexAccounts } from './account-index.ts';
import { readSegments } from './archive-end.ts';
import {
  FETCHED_FOLDER,
  fetchedNames,
  HISTORY_FOLDER,
  historyName,
  historyNames,
  partOf,
} from './history-files.ts';
import { StoredRows } from './stored-rows.ts';
import { fileFaults, segmentFaults } from './week-check.ts';

/** Size from which a week continues in another file, so that old history can be deleted in parts. */
const HISTORY_FILE_BYTES = 4 * 1024 ** 3;
const FAULTS_MAX = 20;
/** Of SQLite, beside a file without a write-ahead log. */
const JOURNAL = '-journal';
/**
 * Indexes by which the ledger finds open bets and refuses what is there already: nobody who reads history
 * asks by them, and a quarter of the work of adding to it is theirs.
 */
const OF_THE_WRITER = [
  'bets_on_cell',
  'bets_open',
  'ledger_one_closing',
  'ledger_grants',
  'operator_actions_halts',
  'operator_actions_terms',
];

/**
 * The folder of archived weeks. Files have the tables of the books, so that whatever reads those reads these;
 * nothing in them is ever changed.
 */
export class SqliteWeekFiles implements WeekFiles {
  readonly #folder: string;

  constructor(
    private readonly dataDir: string,
    private readonly fileBytes = HISTORY_FILE_BYTES,
  ) {
    this.#folder = join(dataDir, HISTORY_FOLDER);
  }

  add(segment: SegmentRange, rows: SegmentRows): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const name = this.#fileOf(segment.number) ?? this.#fileFor(segment.week);
    writeSegment(join(this.#folder, name), segment, rows);
    indexAccounts(this.dataDir, segment.number, rows.accounts);
    return name;
  }

  compare(segment: SegmentRange, rows: SegmentRows): string[] {
    const name = this.#fileOf(segment.number);
    if (name === null) return [`segment ${segment.number} is in no file of ${this.#folder}`];
    const db = openReaderDatabase(join(this.#folder, name));
    try {
      return [...new StoredRows(db).compare(rows, FAULTS_MAX), ...segmentFaults(db, segment, rows)].map(
        (fault) => `${name}: ${fault}`,
      );
    } finally {
      db.close();
    }
  }

  fileFaults(name: string, expected: ReadonlyMap<string, number>): string[] {
    const db = openReaderDatabase(join(this.#folder, name));
    try {
      return fileFaults(db, OF_THE_WRITER, expected).map((fault) => `${name}: ${fault}`);
    } finally {
      db.close();
    }
  }

  files(): HistoryFile[] {
    return historyNames(this.#folder).map((name) => {
      const path = join(this.#folder, name);
      const segments = segmentsIn(path);
      return {
        name,
        bytes: statSync(path).size,
        segments: segments.map(({ number }) => number),
        endedAt: segments.at(-1)?.endedAt ?? 0,
      };
    });
  }

  remove(name: string): void {
    for (const rest of ['', '-wal', '-shm', JOURNAL])
      rmSync(join(this.#folder, `${name}${rest}`), { force: true });
  }

  /** The file that has a segment already. */
  #fileOf(number: number): string | null {
    return this.files().find(({ segments }) => segments.includes(number))?.name ?? null;
  }

  #fileFor(week: string): string {
    const last = historyNames(this.#folder).findLast((name) => name.startsWith(week));
    if (last === undefined) return historyName(week, 1);
    const path = join(this.#folder, last);
    return statSync(path).size < this.fileBytes ? last : historyName(week, partOf(last) + 1);
  }
}

/**
 * Brings the weeks on disk to the schema of this version: whatever reads the books reads them too. Columns
 * that came later have their defaults, rows stay as they are. A file that was begun and not finished is left
 * to the archiver.
 */
export function migrateHistory(dataDir: string, at: number): void {
  const folder = join(dataDir, HISTORY_FOLDER);
  const fetched = fetchedNames(folder).map((name) => join(folder, FETCHED_FOLDER, name));
  for (const path of [...historyNames(folder).map((name) => join(folder, name)), ...fetched]) {
    if (segmentsIn(path).length === 0 || pendingMigrations(path).length === 0) continue;
    const db = openWriterDatabase(path);
    try {
      migrateWeek(db, at);
      db.run('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
  }
}

function migrateWeek(db: Database, at: number): void {
  migrate(db, MIGRATIONS, at);
  for (const index of OF_THE_WRITER) db.run(`DROP INDEX IF EXISTS ${index}`);
}

/**
 * Puts the rows into a file of history, in one transaction; those of a segment that is there already stay as
 * they are.
 */
export function writeSegment(path: string, segment: SegmentRange, rows: SegmentRows): void {
  const db = openWriterDatabase(path);
  try {
    // Sessions and accounts are here only as far as rows name them.
    db.run('PRAGMA foreign_keys = OFF');
    migrateWeek(db, segment.endedAt);
    db.run('BEGIN IMMEDIATE');
    try {
      if (prepare(db, 'SELECT number FROM archive_segments WHERE number = $1').get(segment.number) === null) {
        new StoredRows(db).insert(rows);
        insertInto(
          db,
          SEGMENTS,
        )({
          ...segment,
          bets: rows.bets.length,
          bytes: 0,
          objectKey: '',
          manifestSha256: '',
          place: '',
          sealedAt: 0,
        });
      }
      db.run('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.run('ROLLBACK');
      throw error;
    }
    db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/**
 * A file that was begun and not finished has none. One that was killed before it had its write-ahead log has
 * a rollback journal beside it, which nobody who only reads may roll back.
 */
function segmentsIn(path: string): { readonly number: number; readonly endedAt: number }[] {
  if (!existsSync(path) || existsSync(`${path}${JOURNAL}`)) return [];
  const db = new Database(path, { readonly: true, strict: true });
  try {
    const made = db
      .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE name = 'archive_segments'`)
      .get();
    return made === null ? [] : readSegments(db).map(({ number, endedAt }) => ({ number, endedAt }));
  } finally {
    db.close();
  }
}
