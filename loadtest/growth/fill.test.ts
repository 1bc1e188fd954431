import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPTIONS } from '../../test/simulation/house-settings.ts';
import { openHistory } from '../../server/store/open-history.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { checkLedger } from '../../server/upkeep/integrity.ts';
import { NOTE_FILE, type Note } from './note.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-fill-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function fill(...words: readonly string[]): Promise<{ readonly code: number; readonly heard: string }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'fill.ts'), ...words], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, error, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, heard: out + error };
}

test('a filled folder is as a house would have it, is gone on with, and is left alone when it holds enough', async () => {
  expect(await fill('--dir', dir, '--bets', '700')).toEqual({
    code: 0,
    heard: expect.stringContaining('holds 700 bets; 70 accounts came'),
  });
  expect(await fill('--dir', dir, '--bets', '1500')).toEqual({
    code: 0,
    heard: expect.stringContaining('holds 1500 bets'),
  });
  expect(await fill('--dir', dir, '--bets', '1500')).toEqual({
    code: 0,
    heard: `${dir} holds 1500 bets already\n`,
  });
  const note = (await Bun.file(join(dir, NOTE_FILE)).json()) as Note;
  const history = openHistory(join(dir, DATABASE_FILE));
  try {
    const report = await checkLedger(
      history,
      { maxGapMs: OPTIONS.maxGapMs, since: null, anchors: new Map(), pages: true, signatures: true },
      { now: Date.now, steady: () => performance.now() },
    );
    expect({ violations: report.violations, complete: report.complete }).toEqual({
      violations: [],
      complete: true,
    });
    // Those of the house are accounts too.
    expect([report.counts.bets, note.accounts, report.counts.accounts]).toEqual([1500, 150, 156]);
    expect(report.counts.reresolved).toBeGreaterThan(1000);
    expect(history.counts().open).toBe(0);
  } finally {
    history.close();
  }
}, 120_000);

test.each([
  [[], 2, 'fill.ts needs --dir <folder>'],
  [['--dir', dir, '--bets', 'many'], 2, '--bets must be a whole number'],
  [['--dir', dir, '--bets', '10', '--accounts', '11'], 2, '--accounts must be at most --bets, 10'],
  [['--help'], 0, 'Usage: '],
])('%j ends with %i', async (words, code, heard) =>
  expect(await fill(...words)).toEqual({ code, heard: expect.stringContaining(heard) }),
);
