import { REFUSALS_KEPT_DAYS } from '../../server/engine/refusal-desk.ts';
import { Failure } from '../../server/ports/failure.ts';
import type { OperatorBooks } from '../../server/ports/operator.ts';
import type { RefusalRow } from '../../server/ports/refusals.ts';
import { RefusalDays } from '../../server/upkeep/archive/refusal-days.ts';
import { SegmentStore } from '../../server/upkeep/archive/segment-store.ts';
import type { ArchiveHouse } from '../archive/house.ts';
import { fromArchive } from '../archive/reached.ts';
import { isWithin, type Period } from './period.ts';

const DAY_MS = 86_400_000;
const PAGE_ROWS = 200;
const LACKING = 'The archive of refused orders cannot be read: ';

export interface RefusalSources {
  readonly books: Pick<OperatorBooks, 'refusals'>;
  readonly house: Pick<ArchiveHouse, 'house' | 'places' | 'source'>;
  /** UTC epoch ms. */
  readonly now: number;
}

/**
 * Orders of an account of which nothing was taken, oldest first, a day in memory at a time: out of the books,
 * and of the archive what has left them.
 *
 * @param progress how much is done, 0 to 1.
 * @throws CommandFailure `archive_unreachable`, with exit code 3: what has left the books may lack
 */
export async function* refusalsOf(
  { books, house: archive, now }: RefusalSources,
  accountId: string,
  period: Period,
  progress: (part: number) => void,
): AsyncGenerator<readonly RefusalRow[]> {
  const { house, places } = archive;
  if (hasLeftBooks(archive, period, now)) await fromArchive(() => expectArchive(archive), LACKING);
  const stores = await Promise.all(
    [places.store, ...places.earlier].map(async (place) => {
      const days = new RefusalDays(place, house);
      return { days, names: new Set(await fromArchive(() => days.days(), LACKING)) };
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
      for (const row of await fromArchive(() => days.rows(name), LACKING))
        if (row.accountId === accountId) found.set(row.id, row);
    const day = { from: startOf(name), to: startOf(name) + DAY_MS };
    if (live.has(name)) for (const row of inBooks(books, accountId, day)) found.set(row.id, row);
    yield [...found.values()]
      .filter(({ at }) => isWithin(period, at))
      .sort((a, b) => a.at - b.at || a.id - b.id);
    progress((index + 1) / names.length);
  }
}

/** Whether rows of that time may be in the archive alone. */
function hasLeftBooks({ source }: RefusalSources['house'], { from, to }: Period, now: number): boolean {
  const [first] = source.segments();
  const kept = now - REFUSALS_KEPT_DAYS * DAY_MS;
  return first !== undefined && first.beganAt < Math.min(to, kept) && from < kept;
}

/**
 * A folder that is not mounted looks like one where no order was refused: the newest segment that the books
 * name must be in one of the places.
 */
async function expectArchive({ source, house, places }: RefusalSources['house']): Promise<void> {
  const newest = source.segments().at(-1)!;
  const stores = [places.store, ...places.earlier];
  for (const store of stores)
    if ((await new SegmentStore(store, house).manifest(newest.objectKey)) !== null) return;
  const names = stores.map(({ name }) => name).join(', ');
  throw new Failure('object_missing', `segment ${newest.number} is in none of ${names}`);
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
