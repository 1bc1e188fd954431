import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violations } from '../../test/simulation/archived-books.ts';
import { spreadOf } from '../../loadtest/bench/spread.ts';
import { World } from '../../test/simulation/world.ts';
import { present } from '../game/present.ts';
import { cellId, cellOfRow, isLocked } from '../game/grid.ts';
import type { BetUpdate, Board } from '../ports/events.ts';

const BOARDS = [2000, 5000, 15_000];
/** A phone shows so many columns, the current one first. */
const COLUMNS_OF_A_PHONE = 5;

const root = mkdtempSync(join(tmpdir(), 'tapgrid-boards-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a house of one board that goes on with three', () => {
  test('decides what was open, takes bets on each, and its books are right', async () => {
    const dataDir = join(root, 'upgrade');
    const world = new World(13, dataDir);
    world.publishes = true;
    await world.open();
    for (let n = 0; n < 4; n++) await world.addTrader();
    for (let step = 0; step < 120; step++) {
      await world.tick();
      if (world.chance.happens(0.6)) await world.order();
    }
    const open = world.store.books.openBets();
    expect(open.length).toBeGreaterThan(3);
    world.windows = BOARDS;
    await world.restart(1_500);
    const heard: Board[] = [];
    const placed: BetUpdate[] = [];
    world.engine.events.on('board', (board) => void heard.push(board));
    world.engine.events.on('bets', (updates) => void placed.push(...updates));
    for (let step = 0; step < 200; step++) {
      await world.tick();
      if (world.chance.happens(0.7)) await world.order();
    }
    // One revision covers all boards, and each of them comes once.
    const byRevision = Map.groupBy(heard, ({ revision }) => revision.revision);
    expect(byRevision.size).toBeGreaterThan(50);
    for (const boards of byRevision.values()) {
      expect(boards.map(({ windowMs }) => windowMs)).toEqual(BOARDS);
      expect(new Set(boards.map(({ revision }) => revision)).size).toBe(1);
      for (const { columns, windowMs } of boards)
        expect(new Set(columns.map(({ start }) => start % windowMs))).toEqual(new Set([0]));
    }
    expect(heard.at(-1)?.revision.columns).toHaveLength(3 * 13);
    expect(world.engine.board()?.windowMs).toBe(5000);
    expect(world.engine.boards().map(({ windowMs }) => windowMs)).toEqual(BOARDS);
    expect(world.engine.board(4000)).toBeNull();
    expect(world.store.books.lastRevision()).toEqual(heard.at(-1)?.revision ?? null);
    expect(new Set(placed.map(({ bet }) => bet.cell.windowMs))).toEqual(new Set(BOARDS));
    for (let step = 0; step < 700; step++) await world.tick();
    for (const { id } of open)
      expect(world.store.books.bet(id)).toMatchObject({ closedAt: expect.any(Number) });
    await world.store.close();
    expect(violations(dataDir)).toEqual([]);
  }, 120_000);
});

describe('the quick board', () => {
  test('has a result within eight seconds of the tap in the median, on any column that a phone shows', async () => {
    const world = new World(17, join(root, 'quick'));
    world.windows = BOARDS;
    world.restarts = 1;
    await world.open();
    const traders = await Promise.all(Array.from({ length: 6 }, () => world.addTrader()));
    const waits: number[] = [];
    world.engine.events.on('bets', (updates) => {
      for (const { bet } of updates)
        if (bet.status === 'won' || bet.status === 'lost') waits.push(world.now - bet.placedAt);
    });
    for (let step = 0; step < 500; step++) {
      await world.tick();
      const board = present(world.engine.board(2000), 'board');
      if (step % 4 !== 0 || step > 380) continue;
      const offers = board.columns
        .slice(0, COLUMNS_OF_A_PHONE)
        .filter(({ start }) => !isLocked(start, world.now, board.windowMs))
        .flatMap((column) =>
          column.multipliers.flatMap((multiplier, row) =>
            multiplier === null ? [] : [{ cell: cellId(cellOfRow(column, row, board.windowMs)), multiplier }],
          ),
        );
      if (offers.length > 0)
        await world.tapAs(world.chance.pick(traders), {
          ...world.chance.pick(offers),
          revision: board.revision.revision,
        });
    }
    expect(waits.length).toBeGreaterThan(60);
    expect(spreadOf(waits).median).toBeLessThanOrEqual(8_000);
  }, 120_000);
});
