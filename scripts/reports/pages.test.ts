import { expect, test } from 'bun:test';
import type { BookedEntry, BookedRows } from '../../server/ports/booked.ts';
import type { SealedSegment } from '../../server/ports/archive.ts';
import { pagesOf } from './pages.ts';

const ENTRIES = 40;
const ENDS = [6, 12, 13, 30, 34];

const entry = (id: number) => ({ id, version: id }) as BookedEntry;
const segment = (number: number) => ({ number, ledgerId: ENDS[number - 1]! }) as SealedSegment;
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Rows of which as many as are held may be gone, and pages of few rows. */
const rowsOf = (ids: () => readonly number[], opened: { count: number }): BookedRows => ({
  ofAccount: (_, version, { behind, upTo }) =>
    ids()
      .filter((id) => id > Math.max(behind, version) && id <= upTo)
      .slice(0, 4)
      .map(entry),
  paid: () => [],
  close: () => void opened.count--,
});

/** An archiver that seals, and deletes what is sealed, before a given look at the live rows. */
function house(sealedAtLook: readonly number[]) {
  let looks = 0;
  const sealed = () => sealedAtLook.filter((look) => look <= looks).length;
  const opened = { count: 0 };
  const live = rowsOf(() => numbers((ENDS[sealed() - 1] ?? 0) + 1, ENTRIES), { count: 1 });
  return {
    opened,
    parts: {
      segments: () => numbers(1, sealed()).map(segment),
      open: async ({ number }: SealedSegment) => {
        opened.count++;
        return rowsOf(() => numbers((ENDS[number - 2] ?? 0) + 1, ENDS[number - 1]!), opened);
      },
      live: {
        ...live,
        ofAccount: (...asked: Parameters<BookedRows['ofAccount']>) => {
          looks++;
          return live.ofAccount(...asked);
        },
      },
    },
  };
}

test.each([
  [[]],
  [[0, 0, 0]],
  [[1]],
  [[1, 1, 1, 1, 1]],
  [[1, 2, 3, 4, 5]],
  [[0, 3, 3, 9, 11]],
  [[0, 0, 5, 5, 5]],
])('while segments are sealed before looks %j each row comes once, in order', async (sealedAtLook) => {
  const { parts, opened } = house(sealedAtLook);
  const found: number[] = [];
  const pages = pagesOf(parts, {
    mayBeIn: () => true,
    next: (rows, last, stretch, limit) => rows.ofAccount('ada', last?.version ?? 0, stretch, limit),
  });
  for await (const page of pages) found.push(...page.map(({ id }) => id));
  expect(found).toEqual(numbers(1, ENTRIES));
  expect(opened.count).toBe(0);
});

test('a reader that has enough leaves nothing open', async () => {
  const { parts, opened } = house([0, 0, 0]);
  for await (const _ of pagesOf(parts, {
    mayBeIn: () => true,
    next: (rows, last, stretch, limit) => rows.ofAccount('ada', last?.version ?? 0, stretch, limit),
  }))
    break;
  expect(opened.count).toBe(0);
});
