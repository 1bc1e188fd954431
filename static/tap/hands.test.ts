import { expect, test } from 'bun:test';
import type { Cell } from '../board/cells.js';
import { Bounces } from './bounces.js';
import { Pattern } from './pattern.js';
import { Swipe } from './swipe.js';

const event = (clientX: number, clientY: number, timeStamp: number) =>
  ({ clientX, clientY, timeStamp }) as PointerEvent;

test('a finger that comes down where one has just left has bounced; later, or elsewhere, it taps', () => {
  const bounces = new Bounces(14);
  expect(bounces.has(event(100, 100, 1_000))).toBe(false);
  bounces.lifted(event(100, 100, 1_000));
  bounces.lifted(event(300, 300, 1_030));
  expect([
    bounces.has(event(105, 95, 1_039)),
    bounces.has(event(105, 95, 1_040)),
    bounces.has(event(139, 100, 1_010)),
    bounces.has(event(300, 300, 1_060)),
  ]).toEqual([true, false, false, true]);
});

/** Cells of 40 pixels, named by column and row. */
const cellAt = (x: number, y: number) => `${Math.floor(x / 40)},${Math.floor(y / 40)}` as unknown as Cell;

test('a swipe takes the cells that it crosses, however few events tell of it, but none whose corner it clips', () => {
  const swiped = (takes: (cell: Cell) => boolean, ...points: readonly (readonly [number, number])[]) => {
    const [first, ...others] = points;
    const swipe = new Swipe(cellAt(...first!), ...first!);
    for (const [x, y] of others) swipe.moveTo(x, y, cellAt, takes);
    return [...swipe.cells].map(String);
  };
  const all = () => true;
  expect(swiped(all, [20, 20], [180, 20])).toEqual(['0,0', '1,0', '2,0', '3,0', '4,0']);
  expect(swiped(all, [20, 36], [60, 44], [100, 52])).toEqual(['0,0', '1,1', '2,1']);
  expect(swiped((cell) => String(cell) !== '2,0', [20, 20], [180, 20])).toEqual(['0,0', '1,0', '3,0', '4,0']);
  // Where it ends before it has crossed a cell, that one was not meant.
  expect(swiped(all, [20, 20], [46, 20])).toEqual(['0,0']);
  // A cell that is crossed again is in it once.
  expect(swiped(all, [20, 20], [60, 20], [20, 20], [60, 20])).toEqual(['0,0', '1,0']);
});

/** A board of rows of 10 and windows of 5,000 from 0 on. */
const BOARD = {
  windowMs: 5_000,
  tapsMax: 3,
  columns: new Map([0, 5_000, 10_000, 15_000, 20_000, 25_000].map((start) => [start, { start, band: 10 }])),
  at: ({ start }: { start: number }, low: number) => (low < 200 ? `${start} ${low}` : undefined),
  read: (cell: string) => {
    const [start = 0, low = 0] = cell.split(' ').map(Number);
    return { column: { start, band: 10 }, low };
  },
};

test('a pattern is repeated at the same distance from price and time; what is off the board is left out', () => {
  const pattern = new Pattern(BOARD as never);
  expect([pattern.isEmpty, pattern.cellsAt(105, 1_000)]).toEqual([true, []]);
  const spot = (cell: string, price: number, now: number) => pattern.spotOf(cell as never, price, now)!;
  // At 1,000 the first window that can be tapped begins at 10,000; the price is in the row from 100.
  pattern.add([spot('10000 120', 105, 1_000)], 1_000);
  pattern.add([spot('15000 90', 105, 2_000)], 2_000);
  expect(pattern.cellsAt(105, 4_000)).toEqual(['10000 120', '15000 90'] as never[]);
  expect(pattern.cellsAt(139, 6_000)).toEqual(['15000 150', '20000 120'] as never[]);
  expect(pattern.cellsAt(189, 6_000)).toEqual(['20000 170'] as never[]);
  // After a pause another one begins; an order that repeats one is the pattern itself.
  pattern.add([spot('20000 100', 105, 8_000)], 8_000);
  expect(pattern.cellsAt(105, 8_000)).toEqual(['20000 100'] as never[]);
  pattern.add([spot('20000 100', 105, 8_100), spot('20000 100', 105, 8_100)], 8_100, true);
  expect(pattern.cellsAt(105, 8_100)).toEqual(['20000 100', '20000 100'] as never[]);
  pattern.add([spot('20000 110', 105, 8_200)], 8_200);
  expect(pattern.cellsAt(105, 8_200)).toEqual(['20000 110'] as never[]);
  // No more than one order may have.
  pattern.add(
    Array.from({ length: 4 }, () => spot('20000 110', 105, 8_300)),
    8_300,
  );
  expect(pattern.cellsAt(105, 8_300)).toHaveLength(3);
});
