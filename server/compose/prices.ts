import type { Config } from '../config.ts';
import type { PriceSource } from '../engine/oracle.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from '../feed/consensus.ts';
import type { Feed } from '../feed/feed.ts';
import { openFeed, type FeedOptions } from '../feed/open.ts';
import { proxyRules } from '../feed/proxy.ts';
import { feedOf } from '../game/changeover.ts';
import type { Tick } from '../game/tick.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../upkeep/log.ts';
import type { Opened } from './opened.ts';

/** @param lastTick where a walk continues. @throws Failure `unusable_setting` */
export async function startFeed(
  config: Config,
  lastTick: Tick | null,
  log: Log,
  opened: Opened,
): Promise<Feed> {
  const found = openFeed(config.feed, feedOptions(config, lastTick, log));
  if ('error' in found)
    throw new Failure('unusable_setting', `FEED=${config.feed} cannot be used: ${found.error.message}`);
  if (found.warning !== undefined) log.warn({ feed: config.feed }, found.warning);
  const feed = opened.add('feed', found.ok, (one) => one.stop());
  await feed.start();
  log.info({ feed: feed.name, simulated: feed.simulated }, `prices: ${feed.label}`);
  return feed;
}

/** The feed as the engine takes prices from it; `auto` may become another one while it runs. */
export function priceSource(feed: Feed, lastTick: Tick | null): PriceSource {
  return {
    get simulated() {
      return feed.simulated;
    },
    get label() {
      return feed.label;
    },
    startsAnew: feed.name === 'replay' || (lastTick !== null && feedOf(lastTick) !== feed.name),
    quorum: feed.quorum,
    declaredVolatilityBp: feed.declaredVolatilityBp,
    sample: (at) => feed.sample(at),
    consensus: (sources) => consensusOf(sources, { ...CONSENSUS_DEFAULTS, quorum: feed.quorum }),
    clockOffMs: (at) => feed.clockOffMs?.(at) ?? null,
    hasEnded: (at) => feed.hasEnded?.(at) ?? false,
    ...(feed.onPrice && {
      venues: {
        names: feed.status(Date.now()).map(({ venue }) => venue),
        onPrice: (heard) => feed.onPrice?.(heard),
      },
    }),
  };
}

const feedOptions = (config: Config, lastTick: Tick | null, log: Log): FeedOptions => ({
  quorum: config.quorum,
  urls: config.feedUrls,
  startPrice: lastTick?.price,
  // Every window that could be tapped at the end of a round is over when the next one begins.
  seamMs: (config.columnsAhead + 1) * Math.max(...config.windows),
  proxyOf: proxyRules(config.httpsProxy, config.noProxy),
  onVenue: ({ venue, counts, why }) =>
    counts
      ? log.info({ venue }, `${venue} counts`)
      : log.warn({ venue, why }, `${venue} does not count: ${why}`),
  onFallback: (reason) =>
    log.warn(
      { reason },
      'PRICES ARE SIMULATED: all bets are play money until a restart finds exchanges that agree',
    ),
});
