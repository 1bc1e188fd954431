import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptHeadStarts } from '../ports/head-start.ts';
import { keepHeadStarts } from './kept-head-starts.ts';

const folders: string[] = [];
const emptyFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-head-starts-'));
  folders.push(folder);
  return folder;
};
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const NOON = Date.UTC(2026, 5, 15, 12);
const counted = { sumMs: 300, counts: [[70, 1]] as [number, number][] };
const KEPT: KeptHeadStarts = {
  ...{ oracle: 'kraken 1 100', watchedMs: 5_000, tick: counted, ahead: counted, takenBack: 1, alone: 0 },
  venues: [{ venue: 'kraken', first: 1, missed: 0, behind: { sumMs: 0, counts: [] } }],
};
const engine = (kept: KeptHeadStarts = KEPT) => {
  const restored: KeptHeadStarts[] = [];
  return { restored, kept: () => kept, restore: (one: KeptHeadStarts) => void restored.push(one) };
};

test('what was measured is found again by the next start, for a week', () => {
  const folder = emptyFolder();
  const first = engine();
  keepHeadStarts(first, folder, NOON)(NOON + 10_000);
  expect(first.restored).toEqual([]);
  const next = engine();
  keepHeadStarts(next, folder, NOON + 86_400_000);
  expect(next.restored).toMatchObject([KEPT]);
  const later = engine();
  keepHeadStarts(later, folder, NOON + 8 * 86_400_000);
  expect(later.restored).toEqual([]);
});

test('a file that is damaged counts as none', () => {
  const folder = emptyFolder();
  keepHeadStarts(engine(), folder, NOON)(NOON);
  const [name] = readdirSync(folder);
  const path = join(folder, name!);
  const good = JSON.parse(readFileSync(path, 'utf8'));
  for (const bad of [
    '{',
    JSON.stringify({ ...good, tick: { sumMs: 1, counts: [[1, -1]] } }),
    JSON.stringify({ ...good, venues: [{ venue: 'kraken' }] }),
    JSON.stringify({ ...good, at: undefined }),
  ]) {
    writeFileSync(path, bad);
    const next = engine();
    keepHeadStarts(next, folder, NOON);
    expect(next.restored).toEqual([]);
  }
});
