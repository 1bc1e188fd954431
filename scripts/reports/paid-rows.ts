import type { BookedEntry } from '../../server/ports/booked.ts';
import { pagesOf } from './pages.ts';
import type { Parts } from './parts.ts';
import type { Period } from './period.ts';

/**
 * What the house paid out in a time, by when it was booked, oldest first, a page in memory at a time.
 *
 * @param progress how much is done, 0 to 1.
 */
export async function* rowsPaid(
  parts: Parts,
  { from, to }: Period,
  progress: (part: number) => void,
): AsyncGenerator<readonly BookedEntry[]> {
  const pages = pagesOf(parts, {
    mayBeIn: ({ beganAt, endedAt }) => endedAt >= from && beganAt < to,
    next: (rows, last, { behind, upTo }, limit) =>
      rows.paid(from, to, { behind: Math.max(behind, last?.id ?? 0), upTo }, limit),
  });
  for await (const page of pages) {
    yield page;
    progress(((page.at(-1)?.bookedAt ?? from) - from) / (to - from));
  }
}
