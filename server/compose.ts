import { openBooks } from './compose/books.ts';
import { openEdgeSide } from './compose/edge-side.ts';
import { openEngineSide } from './compose/engine-side.ts';
import { openCards } from './compose/cards.ts';
import { openFetches } from './compose/fetches.ts';
import { frontOf } from './compose/front.ts';
import { Opened } from './compose/opened.ts';
import { STATIC_DIR, withKnownPort } from './compose/places.ts';
import { openSharedState } from './compose/shared-state.ts';
import { openUpkeepSide } from './compose/upkeep-side.ts';
import type { Config } from './config.ts';
import type { Engine } from './engine/engine.ts';
import { LatencyHistogram } from './ports/latency.ts';
import type { Feed } from './feed/feed.ts';
import { listen } from './http/listen.ts';
import { StaticFiles } from './http/pages/static.ts';
import { Traffic } from './http/traffic.ts';
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
   * Tells sockets to reconnect later, accepts no new work, finishes the commits under way, and releases the
   * data folder. If one part cannot be closed, the others still are.
   */
  stop(): Promise<void>;
}

export interface LogLines {
  readonly records: LineWriter;
  readonly dropped: () => number;
}

/**
 * Builds every part once, in the order of their needs, and starts them. Of a start that fails nothing stays
 * open.
 * @param onFailure the ledger is in doubt: the process must end with the code for that.
 * @param lines where orders and settlements are written down, the log itself unless told, and how many lines
 *   nobody took.
 * @param opened takes over what is opened.
 * @throws Failure `not_started`, `unusable_setting`, `not_listening`
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
      log.error({ err: fault }, 'cannot close what the failed start had opened');
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
  const { engine, feed } = engineSide;
  const { books } = engineSide.store;
  const archive = openFetches(now, log, opened);
  const cards = openCards(shared, { now, log }, opened);
  const {
    hub,
    watched,
    app: appWith,
  } = openEdgeSide({ config, house: engine, books, shared, archive, cards, front }, opened);

  engine.crowdDesk.countPeople(() => hub.people);

  // Who looks after the house.
  const traffic = new Traffic(() => new LatencyHistogram());
  const upkeep = await openUpkeepSide(
    {
      ...{ config, ...engineSide, front, traffic, ...watched },
      slowConsumers: () => hub.slowConsumers,
      logDropped: lines.dropped,
    },
    opened,
  );
  const app = appWith(traffic, upkeep.ops);

  // Open: people come in, and time goes.
  opened.add('app', app, (one) => one.server?.stop(true));
  await listen(app, config);
  upkeep.begin();
  opened.add('visitors', hub, (one) => one.drain());
  return { engine, feed, origin: config.publicOrigin, onStep: upkeep.onStep };
}
