import { chmodSync } from 'node:fs';
import type { Config } from '../config.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { clearAway, listen, placeOf, socketName } from '../http/listen.ts';
import { listenForOperators, operations } from '../http/operations.ts';
import { opsApp } from '../http/ops/app.ts';
import { StaticFiles } from '../http/pages/static.ts';
import { Traffic } from '../http/traffic.ts';
import { Rates } from '../identity/rates.ts';
import { EngineEnd } from '../link/engine-end.ts';
import { listenForEdges } from '../link/unix-socket.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import type { RateRule } from '../ports/rates.ts';
import type { Log } from '../upkeep/log.ts';
import type { LineWriter } from '../upkeep/order-log.ts';
import { openArchive } from './archive.ts';
import { openBooks } from './books.ts';
import { openEngineSide, stepsOf, type EngineSide, type Steps } from './engine-side.ts';
import { frontOf } from './front.ts';
import { watchHouse } from './house-watch.ts';
import { Opened } from './opened.ts';
import { openOperatorSide } from './operator-side.ts';
import { linkSocketPath, operationsPlace, opsPlace, STATIC_DIR } from './places.ts';
import { readingsOf } from './readings.ts';
import { openSharedState } from './shared-state.ts';

/** Of health and metrics, for all who look together. */
const LOOKS: RateRule = { limit: 20, windowMs: 1_000 };
/** Only this user's edges. */
const LINK_MODE = 0o600;

/** The engine, a process of its own beside its edges. */
export interface EngineProcess extends Pick<EngineSide, 'engine' | 'feed'>, Pick<Steps, 'onStep'> {
  stop(): Promise<void>;
}

interface Around {
  readonly log: Log;
  readonly records: LineWriter;
  readonly dropped: () => number;
  /** The ledger is in doubt: the process must end with the code for that. */
  readonly onFailure: (cause: Error) => void;
}

/**
 * Prices, bets and books. What it listens to are edges, operators, and whoever looks at its health.
 * @throws Failure `not_started`, `not_listening`, `house_elsewhere`
 */
export async function composeEngine(
  config: Config,
  { log, records, dropped, onFailure }: Around,
  opened: Opened = new Opened(),
): Promise<EngineProcess> {
  const now = Date.now;
  const money = await openBooks(config, now(), opened);
  const shared = openSharedState(config.redisUrl, log, opened);
  const engineSide = await openEngineSide({ config, money, shared, now, log, records, onFailure }, opened);
  const { engine, feed, store } = engineSide;
  const { books } = store;
  const end = opened.add('link', new EngineEnd(engine, log), (one) => one.stop());

  // The operator's side, and who looks after the house.
  const watch = watchHouse(config, engine, now, opened);
  const files = await StaticFiles.read(STATIC_DIR);
  const opsAt = placeOf(opsPlace(config));
  const behindSocket = opsAt.listenSocket !== null;
  const front = frontOf({ config, shared, files, now, log, processes: 1, behindSocket });
  const sockets = () => end.figures.sockets;
  const ops = await openOperatorSide({ config, watch, ...engineSide, front, sockets }, opened);
  if (ops.length > 0) {
    const app = opened.add('ops', opsApp(front, ops), (one) => one.server?.stop(true));
    await listen(app, opsAt, { port: 'OPS_LISTEN', socket: 'OPS_LISTEN' });
  }
  const steps = stepsOf(engine, config, log);
  const readings = readingsOf({
    engine,
    feed,
    watch,
    slowConsumers: () => end.figures.slowConsumers,
    logDropped: () => dropped() + end.figures.logDropped,
    walBytes: () => books.walBytes(),
    loopLag: steps.loopLag,
    dataDir: config.dataDir,
    now,
  });
  const traffic = new Traffic(() => new LatencyHistogram());
  const looked = {
    house: engine,
    books,
    now,
    sockets,
    draining: () => false,
    readings,
    looks: new Rates(LOOKS),
  };
  opened.add(
    'operations',
    await listenForOperators(operationsPlace(config), operations(looked, traffic)),
    (one) => one.stop(),
  );
  openArchive(config, store, engine, log, opened);

  // Open: edges come in, and time goes.
  opened.add('edges', await listenOnLink(linkSocketPath(config), end), (one) => one.stop());
  watch.begin();
  steps.begin(opened);
  return { engine, feed, onStep: steps.onStep, stop: () => opened.close() };
}

async function listenOnLink(path: string, end: EngineEnd): Promise<{ stop(): void }> {
  try {
    const name = socketName(path);
    await clearAway(name);
    const listener = listenForEdges(name, end.take);
    chmodSync(name, LINK_MODE);
    return listener;
  } catch (cause) {
    throw new Failure('not_listening', `Cannot listen on ${path} (LINK_SOCKET): ${messageOf(cause)}`, {
      cause,
    });
  }
}
