import { openArchive } from './compose/archive.ts';
import { openBooks } from './compose/books.ts';
import { openEdgeSide } from './compose/edge-side.ts';
import { openEngineSide, stepsOf } from './compose/engine-side.ts';
import { openFetches } from './compose/fetches.ts';
import { frontOf } from './compose/front.ts';
import { watchHouse } from './compose/house-watch.ts';
import { Opened } from './compose/opened.ts';
import { openOperatorSide } from './compose/operator-side.ts';
import { operationsPlace, STATIC_DIR, withKnownPort } from './compose/places.ts';
import { readingsOf } from './compose/readings.ts';
import { openSharedState } from './compose/shared-state.ts';
import type { Config } from './config.ts';
import type { Engine } from './engine/engine.ts';
import { LatencyHistogram } from './ports/latency.ts';
import type { Feed } from './feed/feed.ts';
import { listen } from './http/listen.ts';
import { listenForOperators, operations } from './http/operations.ts';
import { StaticFiles } from './http/pages/static.ts';
import { Traffic } from './http/traffic.ts';
import { Rates } from './identity/rates.ts';
import type { RateRule } from './ports/rates.ts';
import type { Log } from './upkeep/log.ts';
import type { LineWriter } from './upkeep/order-log.ts';

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
  const money = await openBooks(config, now(), opened);
  const shared = openSharedState(config.redisUrl, log, opened);
  const files = await StaticFiles.read(STATIC_DIR);
  const front = frontOf({
    ...{ config, shared, files, now, log, processes: 1 },
    behindSocket: config.listenSocket !== null,
  });

  // What moves, and what strangers meet.
  const { records } = lines;
  const engineSide = await openEngineSide({ config, money, shared, now, log, records, onFailure }, opened);
  const { engine, feed, store } = engineSide;
  const { books } = store;
  const archive = openFetches(now, log, opened);
  const {
    hub,
    watched,
    app: appWith,
  } = openEdgeSide({ config, house: engine, books, shared, archive, front }, opened);

  // The operator's side, and who looks after the house.
  const { sockets } = watched;
  const watch = watchHouse(config, engine, now, opened);
  const ops = await openOperatorSide({ config, watch, ...engineSide, front, sockets }, opened);
  const traffic = new Traffic(() => new LatencyHistogram());
  const app = appWith(traffic, ops);
  const steps = stepsOf(engine, config, log);
  const readings = readingsOf({
    engine,
    feed,
    watch,
    slowConsumers: () => hub.slowConsumers,
    logDropped: lines.dropped,
    walBytes: () => books.walBytes(),
    loopLag: steps.loopLag,
    dataDir: config.dataDir,
    now,
  });
  const looks = new Rates(LOOKS);
  opened.add(
    'operations',
    await listenForOperators(operationsPlace(config), operations({ ...watched, readings, looks }, traffic)),
    (one) => one.stop(),
  );
  openArchive(config, store, engine, log, opened);

  // Open: people come in, and time goes.
  opened.add('app', app, (one) => one.server?.stop(true));
  await listen(app, config);
  watch.begin();
  steps.begin(opened);
  opened.add('visitors', hub, (one) => one.drain());
  return { engine, feed, origin: config.publicOrigin, onStep: steps.onStep };
}
