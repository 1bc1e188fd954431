import { openArchive, openFetches } from './compose/archive.ts';
import { openBooks, watchedBooks } from './compose/books.ts';
import { edgeOf } from './compose/edge.ts';
import { watchHouse } from './compose/house-watch.ts';
import { openIdentity } from './compose/identity.ts';
import { openEngine } from './compose/moving-parts.ts';
import { Opened } from './compose/opened.ts';
import { openOperatorSide } from './compose/operator-side.ts';
import { operationsPlace, STATIC_DIR, withKnownPort } from './compose/places.ts';
import { startFeed } from './compose/prices.ts';
import { lagMeter, readingsOf } from './compose/readings.ts';
import { openSharedState } from './compose/shared-state.ts';
import { haltWhereBooksLack } from './compose/start-check.ts';
import { publishTerms, termsOf } from './compose/terms.ts';
import type { Config } from './config.ts';
import type { Engine } from './engine/engine.ts';
import { LatencyHistogram } from './engine/latency.ts';
import { startTicker } from './engine/ticker.ts';
import type { Feed } from './feed/feed.ts';
import { createApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import { listenForOperators, operations } from './http/operations.ts';
import { pages } from './http/pages/pages.ts';
import { BlockedAddresses } from './identity/blocked-addresses.ts';
import { StaticFiles } from './http/pages/static.ts';
import { Traffic } from './http/traffic.ts';
import { Rates } from './identity/rates.ts';
import { liveHub } from './live/socket.ts';
import type { RateRule } from './ports/rates.ts';
import type { SessionEnd } from './ports/sessions.ts';
import type { Log } from './upkeep/log.ts';
import { headNotes } from './upkeep/noted-head.ts';
import { OrderLog, type LineWriter } from './upkeep/order-log.ts';

export interface Tapgrid {
  readonly engine: Engine;
  readonly feed: Feed;
  /** The address that people open. */
  readonly origin: string;
  /** Calls back after each step of the oracle's loop. */
  onStep(stepped: () => void): void;
  /**
   * Tells sockets to come back later, takes no new work, ends the commits under way, and lets go of the data
   * directory. Whatever cannot be closed, the rest is.
   */
  stop(): Promise<void>;
}

export interface LogLines {
  readonly records: LineWriter;
  readonly dropped: () => number;
}

/** Of health and metrics, for all who look together. */
const LOOKS: RateRule = { limit: 20, windowMs: 1_000 };

/**
 * Builds every part once, in the order of their needs, and starts them. Of a start that fails nothing stays
 * open.
 * @param onFailure the ledger is in doubt: the process must end with the code for that.
 * @param lines where orders and settlements are written down, the log itself unless told, and how many lines
 *   nobody took.
 * @param opened takes over what is opened.
 * @throws Failure `not_started`, `not_listening`
 */
export async function compose(
  settings: Config,
  log: Log,
  onFailure: (cause: Error) => void,
  lines: LogLines = { records: log, dropped: () => 0 },
  opened: Opened = new Opened(),
): Promise<Tapgrid> {
  try {
    return { ...(await start(settings, { log, onFailure, lines }, opened)), stop: () => opened.close() };
  } catch (cause) {
    await opened.close().catch((fault: unknown) => {
      log.error({ err: fault }, 'something that a start opened before it failed cannot be closed');
    });
    throw cause;
  }
}

interface Around {
  readonly log: Log;
  readonly onFailure: (cause: Error) => void;
  readonly lines: LogLines;
}

async function start(
  settings: Config,
  { log, onFailure, lines }: Around,
  opened: Opened,
): Promise<Omit<Tapgrid, 'stop'>> {
  const now = Date.now;
  const config = withKnownPort(settings);

  // Money.
  const { store, operatorBooks } = await openBooks(config, now(), opened);
  const { books } = store;
  const booksGone = watchedBooks(config, log);
  const published = await publishTerms(store, termsOf(config), now());

  // What moves. Commits under way at the end are still noted and written down.
  const shared = openSharedState(config.redisUrl, log, opened);
  const feed = await startFeed(config, books.lastTick(), log, opened);
  const orderLog = opened.add('order log', new OrderLog(lines.records), (one) => one.flush());
  const notes = opened.add(
    'head notes',
    headNotes(
      config.dataDir,
      books.house(),
      () => books.chain().ledger,
      () => booksGone() === null,
      (cause) => log.warn({ err: cause }, 'the head of the books cannot be noted beside the database'),
    ),
    (one) => one.stop(),
  );
  const { nonces, away: redisAway } = shared;
  const engine = openEngine(
    {
      ...{ config, store, operatorBooks, published, feed, nonces, redisAway, booksGone, orderLog },
      ...{ now, onFailure, log },
    },
    opened,
  );
  await haltWhereBooksLack({ config, engine, operatorBooks, now, log });
  notes.begin();
  shared.publish(engine.events);

  // Who is who, and what they may ask.
  const identity = openIdentity({ config, house: engine, books, shared }, opened);
  const files = await StaticFiles.read(STATIC_DIR);
  const archive = openFetches(now, log, opened);
  const blocked = new BlockedAddresses(operatorBooks.blockedRanges());
  const edge = edgeOf({ config, house: engine, books, shared, identity, archive, blocked, files, now, log });

  // Sockets, pages, API, and the operator's side.
  const { hub, plugin: live } = liveHub(edge);
  opened.add('hub', hub, (one) => one.stop());
  identity.onEnd((end) => hub.endSessions(end));
  const onTransferred = (accountId: string) => hub.transferred(accountId);
  const onRestricted = (accountId: string) => hub.restricted(accountId);
  const onRanges = () => {
    blocked.replace(operatorBooks.blockedRanges());
    hub.closeBlocked();
  };
  const sockets = () => hub.size;
  const site = pages({
    ...edge,
    files,
    chainIds: config.chainIds,
    grant: config.practiceGrantMicros,
    scope: { stakeMax: config.keyStakeMicrosMax, dailyCap: config.keyDailyCapMicros },
    sessionBalanceOf: (session) => hub.sessionBalanceOf(session),
  });
  const onRevoked = (end: SessionEnd) => void edge.sessions.forget(end);
  const watch = watchHouse(config, engine, now, opened);
  const ops = await openOperatorSide(
    {
      config,
      watch,
      engine,
      feed,
      store,
      operatorBooks,
      files,
      edge,
      sockets,
      onRevoked,
      onTransferred,
      onRestricted,
      onRanges,
    },
    opened,
  );
  const traffic = new Traffic(() => new LatencyHistogram());
  const watched = { sockets, draining: () => hub.draining };
  const { login, comeback } = identity;
  const app = createApp(
    { ...edge, ...watched, login, comeback, onGrant: onTransferred, plugins: [live, site, ...ops] },
    traffic,
  );

  // Who looks after it.
  const loopLag = new LatencyHistogram();
  const readings = readingsOf({
    engine,
    feed,
    watch,
    slowConsumers: () => hub.slowConsumers,
    logDropped: lines.dropped,
    walBytes: () => books.walBytes(),
    loopLag,
    dataDir: config.dataDir,
    now,
  });
  const looks = new Rates(LOOKS);
  opened.add(
    'operations',
    await listenForOperators(
      operationsPlace(config),
      operations({ ...edge, ...watched, readings, looks }, traffic),
    ),
    (one) => one.stop(),
  );
  openArchive(config, store, engine, log, opened);

  // Open: people come in, and time goes.
  opened.add('app', app, (one) => one.server?.stop(true));
  await listen(app, config);
  watch.begin();
  const measureLag = lagMeter(config.tickMs, loopLag);
  let stepped = () => {};
  const step = (at: number) => {
    measureLag();
    engine.step(at);
    stepped();
  };
  const onClockStep = (ms: number) => {
    log.warn({ ms }, 'the clock was stepped');
    engine.clockStepped(ms);
  };
  opened.add('ticker', startTicker(config.tickMs, step, onClockStep), (one) => one.stop());
  opened.add('visitors', hub, (one) => one.drain());
  return {
    engine,
    feed,
    origin: config.publicOrigin,
    onStep: (callback) => void (stepped = callback),
  };
}
