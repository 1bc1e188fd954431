import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../../scripts/replay-market/chance.ts';
import { seedOf } from '../../test/stage/seed.ts';
import { SHADOW_OPTIONS, shadowRun, wandering } from '../../test/stage/shadow-run.ts';
import { cellOfRow } from '../game/grid.ts';
import type { ShadowBlock } from '../game/learned/shadow-watch.ts';
import { shownQuote, type GridRevision } from '../game/revision.ts';
import { resolve } from '../game/resolution.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-shadow-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const ticks = wandering(new Chance(seedOf('SHADOW_SEED')), 6_000);
let blocks: readonly ShadowBlock[] = [];
let revisions: readonly GridRevision[] = [];

beforeAll(async () => {
  ({ blocks, revisions } = await shadowRun(join(dir, 'whole'), ticks));
});

const total = (sums: readonly { readonly cells: number }[]): number =>
  sums.reduce((cells, sum) => cells + sum.cells, 0);

describe('the shadow book', () => {
  test('adds up every cell of the first revision of each eight seconds, decided as bets are', () => {
    const { rows, maxGapMs } = SHADOW_OPTIONS;
    const [windowMs] = SHADOW_OPTIONS.windows;
    const { since } = blocks[0]!;
    const expected = new Map<number, { cells: number; touched: number; expected: number; offers: number }>();
    const slots = new Set<number>();
    for (const revision of revisions) {
      const slot = Math.floor(revision.at / 8_000);
      if (revision.at < since || slots.has(slot)) continue;
      slots.add(slot);
      for (const column of revision.columns) {
        if (column.start - revision.at < windowMs) continue;
        const decidedIn = Math.floor((column.start + windowMs - 1) / 300_000);
        const cells = Array.from({ length: rows }, (_, row) => cellOfRow(column, row, windowMs));
        const near = ticks.filter(
          ({ at }) => at >= column.start - 10_000 && at <= column.start + windowMs + 10_000,
        );
        const outcomes = cells.map((cell) => resolve(cell, near, { version: 2, maxGapMs }, Infinity).outcome);
        const far = { startMs: column.start, windowMs, low: 1, high: 2 } as (typeof cells)[number];
        if (resolve(far, near, { version: 2, maxGapMs }, near.at(-1)?.at ?? 0).outcome !== 'lost') continue;
        const sums = expected.get(decidedIn) ?? { cells: 0, touched: 0, expected: 0, offers: 0 };
        cells.forEach((cell, row) => {
          const { probability, multiplier } = shownQuote(revision, cell);
          sums.cells++;
          sums.touched += outcomes[row] === 'won' ? 1 : 0;
          sums.expected += Math.floor(probability * 1e3 + 0.5);
          sums.offers += multiplier !== null && revision.pause === null ? 1 : 0;
        });
        expected.set(decidedIn, sums);
      }
    }
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    for (const { block, classes, offers } of blocks)
      expect({
        cells: total(classes),
        touched: classes.reduce((sum, { touched }) => sum + touched, 0),
        expected: classes.reduce((sum, one) => sum + one.expected, 0),
        offers: total(offers),
      }).toEqual(expected.get(block)!);
    expect(blocks.every(({ classes }) => total(classes) > 300)).toBe(true);
    expect(blocks.some(({ offers }) => total(offers) > 0)).toBe(true);
  });

  test('is the same over restarts, wherever they come', async () => {
    const first = blocks[0]!.block;
    const behind = ticks.findIndex(({ at }) => at > (first + 1) * 300_000 + 1_000);
    // A new process re-quotes at its first tick, this one at every second: so the revisions stay the same.
    const restartsAt = [behind, behind + 2, behind + 334, behind + 1_490, behind + 1_530].map(
      (index) => ticks[index - (index % 2)]!.seq,
    );
    const again = await shadowRun(join(dir, 'restarted'), ticks, restartsAt);
    expect(again.revisions).toEqual(revisions);
    expect(again.blocks).toEqual(blocks);
  });

  test('begins anew when the price is of another kind, and does not go back', async () => {
    const changed = ticks.find(({ at }) => at > (blocks[0]!.block + 1) * 300_000 + 100_000)!;
    const run = await shadowRun(join(dir, 'changed'), ticks, [changed.seq], changed.seq);
    const live = run.blocks.filter(({ simulated }) => !simulated);
    expect(run.blocks.filter(({ simulated }) => simulated)).toEqual([blocks[0]!]);
    expect(live.length).toBeGreaterThan(0);
    for (const { since } of live) expect(since).toBeGreaterThan(changed.at + 8_000 - 1);
    expect(run.blocks.map(({ block }) => block)).toEqual([...new Set(run.blocks.map(({ block }) => block))]);
  });
});
