import { expect, test } from 'bun:test';
import { RowChoice, rowsFor, shareSold } from './rows.js';

/** So many rows are for sale around the middle. */
const sold = (rows: number) => (inSight: number) => Math.min(1, rows / inSight);

test('what is for sale counts within the window alone', () => {
  // One column: four cells are for sale, one of them half as high, one in part and one out of sight.
  const sold = [0, -3, 3.4, 4].map((away, i) => ({ away, height: i === 0 ? 0.5 : 1 }));
  expect(shareSold(sold, 1, 7)).toBeCloseTo((0.5 + 1 + 0.6) / 7, 9);
});

test.each([
  [13, 13],
  [9, 11],
  [7, 9],
  [5, 5],
  [1, 5],
] as const)('of %d rows for sale, %d are shown', (some, rows) => expect(rowsFor(sold(some))).toBe(rows));

test('no more than there is room for', () => expect(rowsFor(sold(13), 9)).toBe(9));

test('fewer rows come soon, more after a while, and none at a glance', () => {
  const choice = new RowChoice(11);
  const rows: [second: number, rows: number][] = [];
  // For sale, by the second: a dip that is over at once, a lasting one, and what comes after it.
  for (let second = 0; second < 120; second++) {
    const some = second === 5 ? 4 : second >= 20 && second < 40 ? 6 : 11;
    choice.look(sold(some), 11, second * 1000);
    if (rows.at(-1)?.[1] !== choice.rows) rows.push([second, choice.rows]);
  }
  expect(rows).toEqual([
    [0, 11],
    [24, 7],
    [100, 9],
  ]);
});

test('a share that swings around what is enough changes the rows once', () => {
  const choice = new RowChoice(9);
  let changes = 0;
  for (let second = 0; second < 600; second++) {
    const before = choice.rows;
    choice.look(sold(second % 20 < 10 ? 6.5 : 7), 9, second * 1000);
    if (choice.rows !== before) changes++;
  }
  expect(changes).toBe(1);
});
