import { afterEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HISTORY_FOLDER, historyName } from './history-files.ts';
import { migrateHistory, SqliteWeekFiles } from './week-files.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-weeks-'));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Dies in the middle of making a file, with half of it on the disk. */
const DIES = `
  const db = new (require('bun:sqlite').Database)(process.argv[1]);
  db.run('CREATE TABLE archive_segments (number integer)');
  db.run('PRAGMA cache_size = 1');
  db.run('PRAGMA cache_spill = 1');
  db.run('BEGIN IMMEDIATE');
  for (let n = 0; n < 4000; n++) db.run("INSERT INTO archive_segments VALUES (" + n + ")");
  process.kill(process.pid, 'SIGKILL');
`;

test('a week whose making was killed before its write-ahead log is one that was begun, and can be removed', async () => {
  const folder = join(dataDir, HISTORY_FOLDER);
  mkdirSync(folder);
  const name = historyName('2026-W48', 1);
  const path = join(folder, name);
  const child = Bun.spawn([process.execPath, '-e', DIES, path], { stdout: 'ignore', stderr: 'ignore' });
  await child.exited;
  expect(existsSync(`${path}-journal`)).toBe(true);
  const files = new SqliteWeekFiles(dataDir);
  expect(files.files()).toMatchObject([{ name, segments: [], endedAt: 0 }]);
  expect(() => migrateHistory(dataDir, 0)).not.toThrow();
  files.remove(name);
  expect([existsSync(path), existsSync(`${path}-journal`)]).toEqual([false, false]);
});
