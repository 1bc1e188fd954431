import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BooksFiles } from './books-files.ts';
import { DATABASE_FILE } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-books-files-'));
const elsewhere = mkdtempSync('/dev/shm/tapgrid-books-files-');
afterAll(() => {
  for (const folder of [root, elsewhere]) rmSync(folder, { recursive: true, force: true });
});

test('a folder that becomes another file system is told as that', () => {
  expect(statSync(elsewhere).dev).not.toBe(statSync(root).dev);
  const [here, dataDir] = [join(root, 'here'), join(root, 'data')];
  mkdirSync(here);
  for (const folder of [here, elsewhere]) writeFileSync(join(folder, DATABASE_FILE), 'books');
  symlinkSync(here, dataDir);
  const files = new BooksFiles(dataDir);
  expect(files.look()).toBeNull();
  rmSync(dataDir);
  symlinkSync(elsewhere, dataDir);
  expect(files.look()).toBe(`${dataDir} is on another file system now`);
});

test('what is written in the folder and to the books is no change', () => {
  const dataDir = join(root, 'at-work');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, DATABASE_FILE), 'books');
  const files = new BooksFiles(dataDir);
  writeFileSync(join(dataDir, DATABASE_FILE), 'books and more');
  writeFileSync(join(dataDir, 'noted-head.json'), '{}');
  expect(files.look()).toBeNull();
});
