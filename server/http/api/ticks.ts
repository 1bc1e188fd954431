import { Type } from '@sinclair/typebox';
import type { Books, ChainedTick } from '../../ports/books.ts';
import { TickShape } from '../../ports/receipt-shape.ts';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok, publicFor } from '../reply.ts';
import { count, orNull, PageSize, time } from '../shape.ts';

const PAGE_TICKS_MAX = 1000;
/** Without bounds: so far back from the newest tick. */
const RECENT_MS = 60_000;
/** Ticks older than this are final, with their hashes. */
const SETTLED_MS = 10_000;
const CACHE_SECONDS = 300;

export const ticks = endpoint({
  method: 'GET',
  path: '/api/v1/ticks',
  title: 'Read the tick log',
  about:
    'By time (`from` ≤ at < `to`) or by number (`fromSeq` ≤ seq ≤ `toSeq`), oldest first, at most 1000 ' +
    'per call; without bounds, the last minute. If there are more, `next` is the first one left out: ' +
    'pass it as `fromSeq` instead of `from` or `fromSeq`, with the same `to` or `toSeq`. The `Link` ' +
    'header has that address with `rel="next"`. The last tick of a batch carries a hash.',
  access: 'open',
  query: Type.Object({
    from: Type.Optional(time('a time')),
    to: Type.Optional(time('a time')),
    fromSeq: Type.Optional(count('the number of a tick')),
    toSeq: Type.Optional(count('the number of a tick')),
    limit: Type.Optional(PageSize(PAGE_TICKS_MAX)),
  }),
  answers: {
    200: {
      about: 'Ticks; `next` is the number of the first tick left out, or null',
      schema: Type.Object({
        ticks: Type.Array(TickShape),
        next: orNull(count('Pass it as fromSeq, with the same to or toSeq')),
      }),
      example: {
        ticks: [
          {
            seq: 96_427,
            at: 1_781_481_600_000,
            price: 7_604_185,
            sources: [
              { venue: 'coinbase', price: 7_604_185 },
              { venue: 'kraken', price: 7_604_190 },
            ],
          },
        ],
        next: null,
      },
    },
  },
  refusals: [],
  run: ({ deps, query, now }) => {
    if (
      (query.from !== undefined && (query.fromSeq ?? query.toSeq) !== undefined) ||
      (query.to !== undefined && query.toSeq !== undefined)
    )
      return {
        code: 'bad_request',
        message: 'Expected bounds of one kind: from and to, fromSeq and toSeq, or fromSeq and to.',
      };
    const limit = query.limit ?? PAGE_TICKS_MAX;
    const found = ticksWithin(deps.books, query, now, limit + 1);
    const page = found.slice(0, limit);
    const next = found[limit]?.seq ?? null;
    const isFinal =
      (query.to !== undefined || query.toSeq !== undefined) &&
      page.length > 0 &&
      page.at(-1)!.at < now - SETTLED_MS &&
      (query.to ?? 0) < now - SETTLED_MS;
    return ok(
      { ticks: page.map(toJson), next },
      {
        ...(isFinal ? publicFor(CACHE_SECONDS) : NO_STORE),
        ...(next !== null && { link: linkTo({ ...query, fromSeq: next }) }),
      },
    );
  },
});

interface Bounds {
  readonly from?: number;
  readonly to?: number;
  readonly fromSeq?: number;
  readonly toSeq?: number;
  readonly limit?: number;
}

function ticksWithin(
  books: Pick<Books, 'ticks' | 'ticksBySeq'>,
  { from, to, fromSeq, toSeq }: Bounds,
  now: number,
  limit: number,
): readonly ChainedTick[] {
  if (fromSeq !== undefined || toSeq !== undefined) {
    const found = bySequence(books, fromSeq, toSeq, limit);
    return to === undefined ? found : found.filter(({ at }) => at < to);
  }
  const end = to ?? now + 1;
  const start = from ?? Math.max(0, end - RECENT_MS);
  return start >= end ? [] : books.ticks(start, end, limit);
}

function bySequence(
  books: Pick<Books, 'ticksBySeq'>,
  from: number | undefined,
  to: number | undefined,
  limit: number,
): readonly ChainedTick[] {
  const first = from ?? Math.max(1, to! - limit + 2);
  const last = to ?? first + limit - 1;
  return first > last ? [] : books.ticksBySeq(first, last, limit);
}

/** The next page, with the bound and the size of this one. */
function linkTo({ to, fromSeq, toSeq, limit }: Bounds): string {
  const asked = Object.entries({ fromSeq, to, toSeq, limit }).filter(([, value]) => value !== undefined);
  return `</api/v1/ticks?${asked.map(([name, value]) => `${name}=${value}`).join('&')}>; rel="next"`;
}

const toJson = ({ seq, at, price, sources, hash }: ChainedTick) => ({
  seq,
  at,
  price,
  sources,
  ...(hash !== null && { hash }),
});
