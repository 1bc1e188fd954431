import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { openArchive, openFetches } from './compose/archive.ts';
import { openOperatorBooks, operatorSide } from './compose/operator-side.ts';
import { storeOptions } from './compose/books.ts';
import { gapsOf, publishTerms, termsOf } from './compose/terms.ts';
import { lagMeter, readingsOf } from './compose/readings.ts';
import { haltWhereBooksLack } from './compose/start-check.ts';
import { withPort, type Config } from './config.ts';
import { Engine, type EngineOptions } from './engine/engine.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from './feed/consensus.ts';
import type { Feed } from './feed/feed.ts';
import { openFeed } from './feed/open.ts';
import { proxyRules } from './feed/proxy.ts';
import { FIRST_WEEKS, ORDINARY } from './game/odds.ts';
import { createApp } from './http/app.ts';
import { pages } from './http/pages/pages.ts';
import { refusals } from './http/pages/refusal.tsx';
import { StaticFiles } from './http/pages/static.ts';
import { listen } from './http/listen.ts';
import { listenForOperators, operations } from './http/operations.ts';
import { Traffic } from './http/traffic.ts';
import { Challenges } from './identity/challenges.ts';
import { limitKeys, LOCAL_PEER } from './identity/client-address.ts';
import { PracticeComeback } from './identity/comeback.ts';
import { Cookies } from './identity/cookies.ts';
import { Login } from './identity/login.ts';
import { NonceBook } from './identity/nonces.ts';
import { isOwnAddress, provenanceOf } from './identity/origin.ts';
import { Rates } from './identity/rates.ts';
import { SessionKeys } from './identity/session-key.ts';
import { SessionBook } from './identity/sessions.ts';
import { WalletVerifier } from './identity/wallet-verifier.ts';
import { LatencyHistogram } from './engine/latency.ts';
import { startTicker } from './engine/ticker.ts';
import { liveHub } from './live/socket.ts';
import { feedOf } from './game/changeover.ts';
import { Failure } from './ports/failure.ts';
import type { OrderAnswer } from './ports/house.ts';
import type { RateRule } from './ports/rates.ts';
import { receiptDesk } from './receipt/receipt.ts';
import { FanOut } from './redis/fan-out.ts';
import { RedisLink } from './redis/link.ts';
import { SharedNonces } from './redis/nonces.ts';
import { SharedRates } from './redis/rates.ts';
import { SharedSessions } from './redis/sessions.ts';
import { openStore, type Store } from './store/store.ts';
import { diskUsedShare } from './upkeep/disk.ts';
import type { Log } from './upkeep/log.ts';
import { Turns } from './upkeep/turns.ts';
import { noteHeads } from './upkeep/noted-head.ts';
import { OrderLog, type LineWriter } from './upkeep/order-log.ts';

export interface Tapgrid {
  readonly engine: Engine;
  readonly feed: Feed;
  /** The address that people open. */
  readonly origin: string;
  /** Calls back after each step of the oracle's loop. */
  onStep(stepped: () => void): void;
  /**
   * Refuses new work, tells sockets to come back later, ends the commits under way, and lets go of the data
   * directory.
   */
  stop(): Promise<void>;
}

export interface LogLines {
  readonly records: LineWriter;
  readonly dropped: () => number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Of health and metrics, for all who look together. */
const LOOKS: RateRule = { limit: 20, windowMs: SECOND_MS };
const OPERATIONS_SOCKET_FILE = 'operations.sock';
const PERCENT = 0.01;
/** Inside a compiled executable there is nothing but code: its files stand beside it. */
const HOME = import.meta.dir.startsWith('/$bunfs/') ? dirname(process.execPath) : join(import.meta.dir, '..');
const ARCHIVE_SCRIPT = join(HOME, 'scripts/archive.ts');
const STATIC_DIR = join(HOME, 'static');

/**
 * Builds every part once, in the order of their needs, and starts them.
 * @param onFailure the ledger is in doubt: the process must end with the code for that.
 * @param lines where orders and settlements are written down, the log itself unless told, and how many lines
 *   nobody took.
 * @throws Failure `not_started`, `not_listening`
 */
export async function compose(
  settings: Config,
  log: Log,
  onFailure: (cause: Error) => void,
  lines: LogLines = { records: log, dropped: () => 0 },
): Promise<Tapgrid> {
  const now = Date.now;
  const config = settings.port === 0 ? withPort(settings, freePort(settings.host)) : settings;
  const store = await openBooks(config, now());
  const operatorBooks = openOperatorBooks(config.dataDir);
  const redis = config.redisUrl === null ? null : new RedisLink(config.redisUrl, log);
  try {
    const published = await publishTerms(store, termsOf(config), now());
    const feed = await startFeed(config, store, log);
    const lastTick = store.books.lastTick();
    const keys = new SessionKeys();
    const nonces = new NonceBook<OrderAnswer>();
    const options = engineOptions(config, feed);
    const orderLog = new OrderLog(lines.records);
    const engine = new Engine(options, {
      feed: {
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
      },
      ledger: store.ledger,
      books: store.books,
      nonces: redis === null ? nonces : new SharedNonces(redis, nonces),
      now,
      newId: (at) => Bun.randomUUIDv7('hex', at),
      verify: (publicKey, text, signature) => keys.verify(publicKey, text, signature),
      walBytes: () => store.books.walBytes(),
      diskUsedShare: () => diskUsedShare(config.dataDir),
      redisAway: () => redis?.away ?? null,
      onFailure,
      onAnswered: (answered) => orderLog.answered(answered),
      gapOf: gapsOf(store.books, published),
      haltedBefore: operatorBooks.lastHalt()?.reason ?? null,
    });
    if (engine.quietUntil > now())
      log.info(
        { until: new Date(engine.quietUntil).toISOString() },
        'no ticks before then: these prices do not go on from those before, and decide no bet that was taken on another kind',
      );
    engine.events.on('bets', (updates) => orderLog.changed(updates));
    await haltWhereBooksLack({ config, engine, operatorBooks, now, log });
    engine.events.on('health', (health) =>
      log[health.state === 'closed' ? 'info' : 'warn']({ health }, `breaker is ${health.state}`),
    );

    if (redis !== null) new FanOut(redis).listen(engine.events);

    const idleMs = config.sessionIdleMinutes * MINUTE_MS;
    const sessions = new SessionBook(engine, store.books, idleMs);
    const ratesOf = (name: string, rule: RateRule) =>
      redis === null ? new Rates(rule) : new SharedRates(redis, name, rule, new Rates(rule));
    const wallets = new WalletVerifier();
    const signInRules = {
      origin: config.publicOrigin,
      chainIds: config.chainIds,
      practiceGrant: config.practiceGrantMicros,
      stakeMax: config.keyStakeMicrosMax,
      dailyCap: config.keyDailyCapMicros,
      sessionMs: config.sessionHours * HOUR_MS,
    };
    const challenges = new Challenges(
      { lifeMs: config.challengeMinutes * MINUTE_MS, triesMax: config.challengeTries },
      randomBytes,
    );
    const signInParts = {
      house: engine,
      books: store.books,
      challenges,
      wallets,
      random: randomBytes,
      newId: (at: number) => Bun.randomUUIDv7('hex', at),
    };
    const keyOf = limitKeys(config.trustedProxies);
    const files = await StaticFiles.read(STATIC_DIR);
    const fetches = openFetches(ARCHIVE_SCRIPT, now, log);
    const edge = {
      house: engine,
      books: store.books,
      receiptOf: receiptDesk(store.books),
      archive: fetches.desk,
      sessions: redis === null ? sessions : new SharedSessions(redis, sessions, idleMs),
      cookies: new Cookies(config.publicOrigin),
      origins: {
        cameFrom: provenanceOf(config.publicOrigin),
        isOwnAddress: isOwnAddress(config.publicOrigin),
      },
      // Without an address on a port the caller has gone already, and nothing that it forwarded is believed.
      addressOf: (peer: string | null, headers: Headers) =>
        peer === null && config.listenSocket === null ? LOCAL_PEER : keyOf(peer, headers),
      limits: {
        requests: ratesOf('requests', { limit: config.requestsPerSecondMax * 2, windowMs: 2 * SECOND_MS }),
        practice: ratesOf('practice', { limit: config.practicePerHourMax, windowMs: HOUR_MS }),
        taps: ratesOf('taps', { limit: config.tapsPerSecondMax * 2, windowMs: 2 * SECOND_MS }),
        socketsMax: config.socketsMax,
        socketsPerAddressMax: config.socketsPerAddressMax,
      },
      turns: new Turns(),
      rules: {
        stakes: config.stakesMicros,
        windowMs: config.windowMs,
        holdMs: config.holdMs,
        quoteTtlMs: config.quoteTtlMs,
        deadlineMsMax: config.deadlineMsMax,
        tapsPerSignatureMax: config.tapsPerSignatureMax,
        maxGapMs: config.maxGapMs,
        guardPercent: config.guardPercent,
        practiceGrant: config.practiceGrantMicros,
      },
      refuse: refusals(files),
      terms: config,
      origin: config.publicOrigin,
      now,
      log,
    };
    const { hub, plugin: live } = liveHub(edge);
    sessions.onEnd((end) => hub.endSessions(end));
    const site = pages({
      ...edge,
      files,
      chainIds: config.chainIds,
      grant: config.practiceGrantMicros,
      scope: { stakeMax: config.keyStakeMicrosMax, dailyCap: config.keyDailyCapMicros },
      standingOf: (session) => hub.standingOf(session),
    });
    const loopLag = new LatencyHistogram();
    const measureLag = lagMeter(config.tickMs, loopLag);
    const readings = readingsOf({
      engine,
      feed,
      slowConsumers: () => hub.slowConsumers,
      logDropped: lines.dropped,
      walBytes: () => store.books.walBytes(),
      loopLag,
      dataDir: config.dataDir,
      now,
    });
    const operator = await operatorSide({
      config,
      engine,
      feed,
      store,
      operatorBooks,
      files,
      multiplierMax: options.multiplierMax,
      cookies: edge.cookies,
      edge,
      sockets: () => hub.size,
      onRevoked: (end) => void edge.sessions.forget(end),
      onTransferred: (accountId) => hub.transferred(accountId),
      log,
    }).catch((cause) => {
      throw new Failure('not_started', wordsOf(cause), { cause });
    });
    const traffic = new Traffic();
    const watched = { sockets: () => hub.size, draining: () => hub.draining };
    const app = createApp(
      {
        ...edge,
        login: new Login(signInRules, signInParts),
        comeback: new PracticeComeback(signInRules, { ...signInParts, sessions }),
        onGrant: (accountId) => hub.transferred(accountId),
        ...watched,
        plugins: [live, site, ...operator.plugins],
      },
      traffic,
    );
    const lookout = await listenForOperators(
      operationsPlace(config),
      operations({ ...edge, ...watched, readings, looks: new Rates(LOOKS) }, traffic),
    );
    await listen(app, config);
    // From here on nothing keeps the house from starting, and whoever stops it ends this too.
    const stopNoting = noteHeads(
      config.dataDir,
      () => store.books.chain().ledger,
      (cause) => log.warn({ err: cause }, 'the head of the books cannot be noted beside the database'),
    );
    let stepped = () => {};
    const step = (at: number) => {
      measureLag();
      engine.step(at);
      stepped();
    };
    const archive = openArchive(config, store, engine, ARCHIVE_SCRIPT, log);
    const ticker = startTicker(config.tickMs, step, (ms) => {
      log.warn({ ms }, 'the clock was stepped');
      engine.clockStepped(ms);
    });
    return {
      engine,
      feed,
      origin: config.publicOrigin,
      onStep: (callback) => void (stepped = callback),
      stop: async () => {
        hub.drain();
        await operator.stop();
        ticker.stop();
        await archive.close();
        fetches.stop();
        feed.stop();
        await app.server?.stop(true);
        await lookout.stop();
        await engine.close();
        stopNoting();
        orderLog.flush();
        wallets.close();
        await redis?.close();
        operatorBooks.close();
        await store.close();
      },
    };
  } catch (error) {
    await redis?.close();
    operatorBooks.close();
    await store.close();
    throw error;
  }
}

/** Where health and metrics are answered. */
export const operationsPlace = ({
  operationsListen,
  dataDir,
}: Pick<Config, 'operationsListen' | 'dataDir'>): string =>
  operationsListen ?? join(dataDir, OPERATIONS_SOCKET_FILE);

function engineOptions(config: Config, feed: Feed): EngineOptions {
  return {
    ...config,
    stage: config.modelStage,
    origin: config.publicOrigin,
    watchFrozen: !feed.simulated,
    isThin: (at) => feed.isThin?.(at) ?? false,
    multiplierMax: (config.modelStage === 'first-weeks' ? FIRST_WEEKS : ORDINARY).capHundredths,
    hysteresisMs: config.breakerHysteresisMs,
    stakes: config.stakesMicros,
    columnShare: config.exposureColumnPercent * PERCENT,
  };
}

async function openBooks(config: Config, at: number): Promise<Store> {
  try {
    return await openStore(storeOptions(config, at));
  } catch (cause) {
    throw new Failure(
      'not_started',
      `The data folder ${config.dataDir} (DATA_DIR) cannot be used: ${wordsOf(cause)}`,
      {
        cause,
      },
    );
  }
}

async function startFeed(config: Config, store: Store, log: Log): Promise<Feed> {
  const opened = openFeed(config.feed, {
    quorum: config.quorum,
    urls: config.feedUrls,
    startPrice: store.books.lastTick()?.price,
    // Every window that could be tapped at the end of a round is over when the next one begins.
    seamMs: (config.columnsAhead + 1) * config.windowMs,
    proxyOf: proxyRules(config.httpsProxy, config.noProxy),
    onVenue: ({ venue, counts, why }) =>
      counts
        ? log.info({ venue }, `${venue} counts`)
        : log.warn({ venue, why }, `${venue} does not count: ${why}`),
    onFallback: (reason) =>
      log.warn(
        { reason },
        'PRICES ARE SIMULATED: every bet is play money until a restart finds exchanges that agree',
      ),
  });
  if ('error' in opened)
    throw new Failure('not_started', `FEED=${config.feed} cannot be used: ${opened.error.message}`);
  if (opened.warning !== undefined) log.warn({ feed: config.feed }, opened.warning);
  await opened.ok.start();
  log.info({ feed: opened.ok.name, simulated: opened.ok.simulated }, `prices: ${opened.ok.label}`);
  return opened.ok;
}

/** Sign-in texts and origin checks are made from the port, so it must be known before anything is built. */
function freePort(hostname: string): number {
  const probe = Bun.listen({ hostname, port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
