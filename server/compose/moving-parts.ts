import type { Config } from '../config.ts';
import { Engine } from '../engine/engine.ts';
import type { EngineOptions } from '../engine/engine-parts.ts';
import type { Feed } from '../feed/feed.ts';
import { MULTIPLIER_MAX } from '../game/formula.ts';
import type { PublishedTerms } from '../game/terms.ts';
import { SessionKeys } from '../identity/session-key.ts';
import type { Nonces } from '../ports/nonces.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import type { Store } from '../store/store.ts';
import { diskUsedShare } from '../upkeep/disk.ts';
import type { Log } from '../upkeep/log.ts';
import type { OrderLog } from '../upkeep/order-log.ts';
import { logSteps } from '../upkeep/step-log.ts';
import type { Opened } from './opened.ts';
import { priceSource } from './prices.ts';
import { gapsOf } from './terms.ts';

const PERCENT = 0.01;

interface Parts {
  readonly config: Config;
  readonly store: Store;
  readonly operatorBooks: OperatorBooks;
  readonly published: readonly PublishedTerms[];
  readonly feed: Feed;
  readonly nonces: Nonces;
  readonly redisAway: () => string | null;
  readonly booksGone: () => string | null;
  readonly orderLog: OrderLog;
  readonly now: () => number;
  readonly onFailure: (cause: Error) => void;
  readonly log: Log;
}

/** Ticker, market, order desk, batcher and what else moves; nothing does before its first step. */
export function openEngine(parts: Parts, opened: Opened): Engine {
  const { config, store, operatorBooks, published, feed, orderLog, now, log } = parts;
  const { books, ledger } = store;
  const keys = new SessionKeys();
  const engine = new Engine(engineOptions(config, feed), {
    feed: priceSource(feed, books.lastTick()),
    ledger,
    books,
    nonces: parts.nonces,
    now,
    newId: (at) => Bun.randomUUIDv7('hex', at),
    verify: (publicKey, text, signature) => keys.verify(publicKey, text, signature),
    walBytes: () => books.walBytes(),
    diskUsedShare: () => diskUsedShare(config.dataDir),
    booksGone: parts.booksGone,
    redisAway: parts.redisAway,
    onFailure: parts.onFailure,
    onAnswered: (answered) => orderLog.answered(answered),
    gapOf: gapsOf(books, published),
    plannedBefore: operatorBooks.maintenance(),
    calendarBefore: operatorBooks.calendar(),
    haltedBefore: operatorBooks.lastHalt()?.reason ?? null,
    rangesBefore: operatorBooks.blockedRanges(),
    restrictedBefore: operatorBooks.restricted(),
  });
  opened.add('engine', engine, (one) => one.close());
  engine.events.on('bets', (updates) => orderLog.changed(updates));
  engine.events.on('health', (health) =>
    log[health.state === 'closed' ? 'info' : 'warn']({ health }, `breaker is ${health.state}`),
  );
  logSteps(engine.events, log);
  if (engine.quietUntil > now())
    log.info(
      { until: new Date(engine.quietUntil).toISOString() },
      'no ticks before then: these prices do not continue the previous ones, so they must not decide bets ' +
        'placed on those',
    );
  return engine;
}

const engineOptions = (config: Config, feed: Feed): EngineOptions => ({
  ...config,
  origin: config.publicOrigin,
  watchFrozen: !feed.simulated,
  isThin: (at) => feed.isThin?.(at) ?? false,
  multiplierMax: MULTIPLIER_MAX,
  hysteresisMs: config.breakerHysteresisMs,
  stakes: config.stakesMicros,
  columnShare: config.exposureColumnPercent * PERCENT,
});
