import { expect, test } from 'bun:test';
import { boardNamed, boardOf, defaultWindow, namedBoards } from './boards.ts';

test.each([
  [[2000, 5000, 15_000], ['quick', 'normal', 'long'], 5000],
  [[5000], ['5s'], 5000],
  [[2500, 60_000], ['2.5s', '60s'], 2500],
  [[3000, 7000], ['3s', '7s'], 3000],
  [[1000, 2000, 4000, 8000], ['1s', '2s', '4s', '8s'], 4000],
])('boards of %j are called %j, and the default one is %d', (windows, names, usual) => {
  expect(namedBoards(windows).map(({ name }) => name)).toEqual(names);
  expect(defaultWindow(windows)).toBe(usual);
  expect(boardOf(windows.map((windowMs) => ({ windowMs })))).toEqual({ windowMs: usual });
  for (const [rank, windowMs] of windows.entries()) {
    expect(boardNamed(windows, names[rank] ?? '')?.windowMs).toBe(windowMs);
    expect(boardNamed(windows, `${windowMs}`)?.windowMs).toBe(windowMs);
  }
});

test.each(['', 'fast', '02000', '2000.0', 'constructor', '5s'])('%j names none of three', (text) =>
  expect(boardNamed([2000, 5000, 15_000], text)).toBeNull(),
);

test('before the first quotes there is no board', () => {
  expect(boardOf([])).toBeNull();
  expect(boardOf([{ windowMs: 5000 }], 2000)).toBeNull();
});
