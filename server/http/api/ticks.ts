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
  about: 'By time (`from` ≤ at < `to`) or by number (`fromSeq` ≤ seq ≤ `toSeq`), oldest first, at most 1000 at once; without bounds the last minute. A hash stands on the last tick of a batch.',
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
      about: 'Ticks; `next` is the number of the first tick that did not fit, or null',
      schema: Type.Object({ ticks: Type.Array(TickShape), next: orNull(count('Pass it as fromSeq')) }),
      example: { ticks: [{ seq: 96_427, at: 1_781_481_600_000, price: 7_604_185, sources: [{ venue: 'coinbase', price: 7_604_185 }, { venue: 'kraken', price: 7_604_190 }] }], next: null },
    },
  },
  refusals: [],
  run: ({ deps, query, now }) => {
    const byTime = query.from !== undefined || query.to !== undefined;
    const bySeq = query.fromSeq !== undefined || query.toSeq !== undefined;
    if (byTime && bySeq) return { code: 'bad_request', message: 'Give times or numbers, not both.' };
    const limit = query.limit ?? PAGE_TICKS_MAX;
    const found = bySeq ? bySequence(deps.books, query.fromSeq, query.toSeq, limit + 1) : byTimes(deps.books, query.from, query.to, now, limit + 1);
    const page = found.slice(0, limit);
    const final = (query.to !== undefined || query.toSeq !== undefined) && page.length > 0 && page.at(-1)!.at < now - SETTLED_MS && (query.to ?? 0) < now - SETTLED_MS;
    return ok({ ticks: page.map(toJson), next: found[limit]?.seq ?? null }, final ? publicFor(CACHE_SECONDS) : NO_STORE);
  },
});

function byTimes(books: Pick<Books, 'ticks'>, from: number | undefined, to: number | undefined, now: number, limit: number): readonly ChainedTick[] {
  const end = to ?? now + 1;
  const start = from ?? Math.max(0, end - RECENT_MS);
  return start >= end ? [] : books.ticks(start, end, limit);
}

function bySequence(books: Pick<Books, 'ticksBySeq'>, from: number | undefined, to: number | undefined, limit: number): readonly ChainedTick[] {
  const first = from ?? Math.max(1, to! - limit + 2);
  const last = to ?? first + limit - 1;
  return first > last ? [] : books.ticksBySeq(first, last, limit);
}

const toJson = ({ seq, at, price, sources, hash }: ChainedTick) => ({ seq, at, price, sources, ...(hash !== null && { hash }) });
