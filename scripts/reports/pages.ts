import type { SealedSegment } from '../../server/ports/archive.ts';
import type { BookedEntry, BookedRows, Stretch } from '../../server/ports/booked.ts';
import type { Parts } from './parts.ts';

const PAGE_ROWS = 500;

/** What is looked for in the parts of the books. */
export interface Search {
  /** Whether a segment may have some of it. */
  mayBeIn(segment: SealedSegment): boolean;
  /** What comes next in a part. @param last what was found before, in this part or an earlier one. */
  next(rows: BookedRows, last: BookedEntry | null, stretch: Stretch, limit: number): readonly BookedEntry[];
}

/**
 * Goes through the books part by part, oldest first, a page in memory at a time. The house may trade and
 * archive meanwhile: what leaves the live books after a look at them is found in the segments that took it.
 */
export async function* pagesOf(
  parts: Pick<Parts, 'segments' | 'open' | 'live'>,
  search: Search,
): AsyncGenerator<readonly BookedEntry[]> {
  let done: Pick<SealedSegment, 'number' | 'ledgerId'> = { number: 0, ledgerId: 0 };
  let last: BookedEntry | null = null;
  const read = (rows: BookedRows, upTo: number): readonly BookedEntry[] =>
    search.next(rows, last, { behind: done.ledgerId, upTo }, PAGE_ROWS);
  for (;;) {
    for (const segment of parts.segments().filter(({ number }) => number > done.number)) {
      if (search.mayBeIn(segment)) {
        const rows = await parts.open(segment);
        try {
          for (
            let page = read(rows, segment.ledgerId);
            page.length > 0;
            page = read(rows, segment.ledgerId)
          ) {
            last = page.at(-1) ?? last;
            yield page;
          }
        } finally {
          rows.close();
        }
      }
      done = segment;
    }
    const page = read(parts.live, Number.MAX_SAFE_INTEGER);
    // Sealed meanwhile, rows may have gone before they were read: the segment has all of them.
    if ((parts.segments().at(-1)?.number ?? 0) !== done.number) continue;
    if (page.length === 0) return;
    last = page.at(-1) ?? last;
    yield page;
  }
}
