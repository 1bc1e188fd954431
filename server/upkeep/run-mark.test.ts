import { afterAll, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FILE, RunMark } from './run-mark.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-run-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(root, 'house-'))));

const run = (end: 'stop' | 'crash' | 'no start'): number => {
  const mark = new RunMark(folder);
  if (end !== 'no start') mark.begin();
  if (end === 'stop') mark.end();
  return mark.crashes;
};

test('a run that ends without a stop is a crash; stops and starts that came to nothing are none', () => {
  const runs = ['stop', 'stop', 'crash', 'no start', 'crash', 'stop', 'no start', 'stop'] as const;
  expect(runs.map(run)).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
});

test.each(['', '[]', 'null', '{"runs":1,"crashes":"many"}', '{"runs":false,"crashes":-3}'])(
  'what cannot be read is no crash: %s',
  (text) => {
    writeFileSync(join(folder, RUN_FILE), text);
    expect(run('stop')).toBe(0);
  },
);

test('without a folder to write into a house runs all the same', () => {
  const mark = new RunMark(join(folder, 'gone'));
  mark.begin();
  mark.end();
  expect(mark.crashes).toBe(0);
});
