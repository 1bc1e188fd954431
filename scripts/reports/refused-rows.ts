import { messageOf } from '../../server/ports/failure.ts';
import type { OperatorBooks } from '../../server/ports/operator.ts';
import type { RefusalRow } from '../../server/ports/refusals.ts';
import { RefusalDays } from '../../server/upkeep/archive/refusal-days.ts';
import type { ArchiveHouse } from '../archive/house.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure } from '../command-line/failure.ts';
import { isWithin, type Period } from './period.ts';

const DAY_MS = 86_400_000;
const PAGE_ROWS = 200;

export interface RefusalSources {
  readonly books: Pick<OperatorBooks, 'refusals'>;
  readonly house: Pick<ArchiveHouse, 'house' | 'places'>;
}

/**
 * Orders of an account of which nothing was taken, oldest first, a day in memory at a time: out of the books,
 * and of the archive what has left them.
 *
 * @param progress how much is done, 0 to 1.
 * @throws CommandFailure `archive_unreachable`, with exit code 3
 */
export async function* refusalsOf(
  { books, house: { house, places } }: RefusalSources,
  accountId: string,
  period: Period,
  progress: (part: number) => void,
): AsyncGenerator<readonly RefusalRow[]> {
  const stores = await Promise.all(
    [places.store, ...places.earlier].map(async (place) => {
      const days = new RefusalDays(place, house);
      return { days, names: new Set(await reached(() => days.days())) };
    }),
  );
  const live = new Set<string>();
  for (const { at } of inBooks(books, accountId, period)) live.add(dayOf(at));
  const names = [...new Set([...live, ...stores.flatMap((store) => [...store.names])])]
    .filter((name) => startOf(name) + DAY_MS > period.from && startOf(name) < period.to)
    .sort();
  for (const [index, name] of names.entries()) {
    const found = new Map<number, RefusalRow>();
    for (const { days } of stores.filter((store) => store.names.has(name)))
      for (const row of await reached(() => days.rows(name)))
        if (row.accountId === accountId) found.set(row.id, row);
    const day = { from: startOf(name), to: startOf(name) + DAY_MS };
    if (live.has(name)) for (const row of inBooks(books, accountId, day)) found.set(row.id, row);
    yield [...found.values()]
      .filter(({ at }) => isWithin(period, at))
      .sort((a, b) => a.at - b.at || a.id - b.id);
    progress((index + 1) / names.length);
  }
}

/** Newest first. */
function* inBooks(books: RefusalSources['books'], accountId: string, period: Period): Generator<RefusalRow> {
  for (let cursor: string | null = null; ; ) {
    const page = books.refusals({ accountId, ...period }, cursor, PAGE_ROWS);
    yield* page.rows;
    if ((cursor = page.cursor) === null) return;
  }
}

const startOf = (day: string): number => Date.parse(`${day}T00:00Z`);
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

async function reached<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    const why = `The archive of refused orders cannot be read: ${messageOf(cause)}`;
    throw new CommandFailure('archive_unreachable', why, EXIT.undecided, { cause });
  }
}
