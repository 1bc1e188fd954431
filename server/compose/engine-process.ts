import { chmodSync } from 'node:fs';
import type { Config } from '../config.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { clearAway, listen, placeOf, socketName } from '../http/listen.ts';
import { opsApp } from '../http/ops/app.ts';
import { StaticFiles } from '../http/pages/static.ts';
import { Traffic } from '../http/traffic.ts';
import { EngineEnd } from '../link/engine-end.ts';
import { listenForEdges } from '../link/unix-socket.ts';
import type { Counted } from '../ports/counted.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import type { Log } from '../upkeep/log.ts';
import type { LineWriter } from '../upkeep/order-log.ts';
import { openBooks } from './books.ts';
import { openEngineSide, type EngineSide, type Steps } from './engine-side.ts';
import { frontOf } from './front.ts';
import { Opened } from './opened.ts';
import { linkSocketPath, opsPlace, STATIC_DIR } from './places.ts';
import { openSharedState } from './shared-state.ts';
import { openUpkeepSide } from './upkeep-side.ts';

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
 * Prices, bets and books. It listens to edges, operators and health checks.
 * @throws Failure `not_started`, `unusable_setting`, `not_listening`, `house_elsewhere`
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
  const { engine, feed } = engineSide;
  const traffic = new Traffic(() => new LatencyHistogram());
  const ofEdges = { cpuMs: 0, slowConsumers: 0, logDropped: 0 };
  const onCounted = (counted: Counted) => {
    ofEdges.cpuMs += counted.cpuMs;
    ofEdges.slowConsumers += counted.slowConsumers;
    ofEdges.logDropped += counted.logDropped;
    engine.countRefused('rate_limited', counted.turnedAway);
    engine.countRefused('busy', counted.shed);
    traffic.add(counted.traffic);
  };
  const end = opened.add('link', new EngineEnd(engine, log, onCounted), (one) => one.stop());
  engine.crowdDesk.countPeople(() => end.people);

  // Who looks after it.
  const opsAt = placeOf(opsPlace(config));
  const front = frontOf({
    ...{ config, shared, now, log, processes: 1 },
    files: await StaticFiles.read(STATIC_DIR),
    behindSocket: opsAt.listenSocket !== null,
  });
  const upkeep = await openUpkeepSide(
    {
      ...{ config, ...engineSide, front, traffic },
      sockets: () => end.sockets,
      link: () => ({ ...end.readings(), cpuSeconds: ofEdges.cpuMs / 1000 }),
      reached: () => end.taken(),
      slowConsumers: () => ofEdges.slowConsumers,
      logDropped: () => dropped() + ofEdges.logDropped,
      draining: () => false,
    },
    opened,
  );
  if (upkeep.ops.length > 0) {
    const app = opened.add('ops', opsApp(front, upkeep.ops), (one) => one.server?.stop(true));
    await listen(app, opsAt, { port: 'OPS_LISTEN', socket: 'OPS_LISTEN' });
  }

  // Open: edges come in, and time goes.
  opened.add('edges', await listenOnLink(linkSocketPath(config), end), (one) => one.stop());
  upkeep.begin();
  return { engine, feed, onStep: upkeep.onStep, stop: () => opened.close() };
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
