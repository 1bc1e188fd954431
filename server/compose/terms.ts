import { present } from '../game/present.ts';
import type { Bet } from '../game/bet.ts';
import { FIXED_TERMS, termsFor, type PublishedTerms, type Terms } from '../game/terms.ts';
import type { Config } from '../config.ts';
import { DEFAULT_VENUES, parseFeedSpec } from '../feed/spec.ts';
import { termsText } from '../ports/terms-shape.ts';
import type { Store } from '../store/store.ts';

/** What a house with these settings binds itself to. */
export function termsOf(
  config: Pick<
    Config,
    | 'feed'
    | 'windows'
    | 'tickMs'
    | 'quoteEveryTicks'
    | 'maxGapMs'
    | 'holdMs'
    | 'quoteTtlMs'
    | 'quoteTolerancePercent'
    | 'quorum'
    | 'betsPerCellMax'
  >,
): Terms {
  const { windows, tickMs, quoteEveryTicks, maxGapMs, holdMs, quoteTtlMs, quoteTolerancePercent, quorum } =
    config;
  const { betsPerCellMax } = config;
  const feed = parseFeedSpec(config.feed);
  const venues = 'ok' in feed && feed.ok.kind === 'live' ? feed.ok.venues : DEFAULT_VENUES;
  return {
    ...FIXED_TERMS,
    windows,
    tickMs,
    quoteEveryTicks,
    maxGapMs,
    holdMs,
    quoteTtlMs,
    quoteTolerancePercent,
    venues,
    quorum,
    betsPerCellMax,
  };
}

/**
 * The longest time without a tick that is no gap for a bet, ms: of a bet that is open from before these
 * terms, that of the terms that it was placed under.
 * @param published not empty, oldest first.
 */
export function gapsOf(
  books: Pick<Store['books'], 'openBets' | 'commitsOf'>,
  published: readonly PublishedTerms[],
): (bet: Pick<Bet, 'id'>) => number {
  const gapOf = (id: string): number => {
    const { placed } = present(books.commitsOf(id), `commit that placed ${id}`);
    return present(termsFor(placed, published), 'published terms').terms.maxGapMs;
  };
  const earlier = new Map(books.openBets().map(({ id }) => [id, gapOf(id)]));
  const { maxGapMs } = present(published.at(-1), 'published terms').terms;
  return ({ id }) => earlier.get(id) ?? maxGapMs;
}

/**
 * Writes the terms into the ledger chain where they are not those that were written down last. No bet may be
 * placed before.
 * @returns all that were published, oldest first, with these at the end.
 * @throws Error when it is not known whether they are durable.
 */
export async function publishTerms(
  { ledger, books }: Pick<Store, 'ledger' | 'books'>,
  terms: Terms,
  at: number,
): Promise<readonly PublishedTerms[]> {
  const published = books.terms();
  const last = published.at(-1);
  const text = termsText(terms);
  if (last !== undefined && termsText(last.terms) === text) return published;
  const order = {
    id: Bun.randomUUIDv7('hex', at),
    operator: 'house',
    approvedBy: null,
    reason: 'the terms of this start',
    deed: { what: 'publish-terms', terms: text },
  } as const;
  const { results } = await ledger.commitBatch([{ kind: 'operate', order, at }], at);
  if (results[0]?.kind !== 'operated') throw new Error('the ledger did not accept the terms');
  return books.terms();
}
