import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { BUILD_NAME } from '../ports/build.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { listen, socketName } from '../http/listen.ts';
import { StaticFiles } from '../http/pages/static.ts';
import { Traffic } from '../http/traffic.ts';
import { LINK_VERSION } from '../link/asking.ts';
import { EdgeEnd, type EngineHello } from '../link/edge-end.ts';
import { FIGURES_MS } from '../link/limits.ts';
import type { Dial } from '../link/line.ts';
import { RemoteHouse } from '../link/remote-house.ts';
import { dialAt } from '../link/unix-socket.ts';
import { WholeBooks } from '../store/archive/whole-books.ts';
import { BooksFiles, DATABASE_FILE } from '../store/books-files.ts';
import { FilesWatch } from '../upkeep/files-watch.ts';
import type { Log } from '../upkeep/log.ts';
import { openEdgeSide } from './edge-side.ts';
import { openCards } from './cards.ts';
import { openFetches } from './fetches.ts';
import { frontOf } from './front.ts';
import { Opened } from './opened.ts';
import { orderSignatures } from './order-signatures.ts';
import { linkSocketPath, STATIC_DIR } from './places.ts';
import { openSharedState } from './shared-state.ts';

/** One edge, a process of its own beside an engine. */
export interface EdgeProcess {
  /** Tells everybody to reconnect, and releases what is open. */
  stop(): Promise<void>;
}

const OTHER_ENGINE = 'the engine is of another build, or speaks another version of the link, than this edge';

interface Around {
  readonly log: Log;
  /** Lines of the log that nobody took. */
  readonly dropped: () => number;
  /** Whether the settings have changed since this process read them. */
  readonly hasOtherSettings: () => boolean;
  /** The engine has other books or settings than this process: it must restart. */
  readonly onStale: () => void;
}

/**
 * Waits for the engine, then serves. What strangers send costs this process, and nothing that moves.
 * @throws Failure `not_started`, `not_listening`
 */
export async function composeEdge(
  config: Config,
  edges: number,
  { log, dropped, hasOtherSettings, onStale }: Around,
  opened: Opened = new Opened(),
): Promise<EdgeProcess> {
  const now = Date.now;
  const reach = dialAt(socketName(linkSocketPath(config)));
  let dials = 0;
  const dial: Dial = (take) => {
    dials += 1;
    return reach(take);
  };
  const onEngine = engineHeard(log, () => dials === 1, onStale);
  const end = new EdgeEnd({ name: `edge-${process.pid}`, dial, now, onEngine });
  opened.add('link', end, (one) => one.stop());
  await end.begin();
  const house = new RemoteHouse(end, {
    checkSignature: orderSignatures(config.publicOrigin),
    deadlineMsMax: config.deadlineMsMax,
    now,
  });

  const database = join(config.dataDir, DATABASE_FILE);
  const books = opened.add('books', openBooks(database), (one) => one.close());
  const files = new BooksFiles(config.dataDir);
  house.events.on('resumed', () => {
    const why = files.look() ?? (hasOtherSettings() ? 'the settings have changed' : null);
    // Books that are gone could not be opened anew: what is open here is all that people can still see.
    if (why === null || !existsSync(database)) return;
    log.warn({ why }, 'the engine has other books or settings: this edge restarts');
    onStale();
  });

  const shared = openSharedState(config.redisUrl, log, opened);
  const front = frontOf({
    ...{ config, shared, now, log, processes: edges },
    behindSocket: config.listenSocket !== null,
    files: await StaticFiles.read(STATIC_DIR),
  });
  const archive = openFetches(now, log, opened);
  const cards = openCards(shared, { now, log }, opened);
  const {
    hub,
    watched,
    app: appWith,
  } = openEdgeSide({ config, house, books, shared, archive, cards, front }, opened);
  const traffic = new Traffic(() => new LatencyHistogram());
  const openFiles = opened.add('files', new FilesWatch(), (one) => one.stop());
  const counted = {
    cpuMs: increment(cpuMsUsed),
    slowConsumers: increment(() => hub.slowConsumers),
    logDropped: increment(dropped),
  };
  const has = () => ({
    sockets: watched.sockets(),
    people: hub.people,
    memoryBytes: process.memoryUsage.rss(),
    openFilesShare: openFiles.share,
  });
  const figures = () =>
    end.figures(has(), () => ({
      cpuMs: counted.cpuMs(),
      slowConsumers: counted.slowConsumers(),
      logDropped: counted.logDropped(),
      ...house.takeUnreported(),
      traffic: traffic.handOver(),
    }));
  opened.add('figures', setInterval(figures, FIGURES_MS).unref(), (timer) => clearInterval(timer));
  const app = appWith(traffic);
  opened.add('app', app, (one) => one.server?.stop(true));
  await listen(app, { ...config, isShared: edges > 1 });
  opened.add('visitors', hub, (one) => one.drain());
  return { stop: () => opened.close() };
}

/** Only while a writer has them open can they be opened for reading alone. @throws Failure `not_started` */
function openBooks(database: string): WholeBooks {
  try {
    return new WholeBooks(database);
  } catch (cause) {
    throw new Failure('not_started', `The books in ${database} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/**
 * An engine that starts later than an edge may be of a release that took the place of both: then a restart is
 * of the same build. An edge that starts beside another build stays, and says so once.
 * @param isFirst whether the engine is the one that was there when the edge started.
 */
function engineHeard(log: Log, isFirst: () => boolean, onOther: () => void) {
  let beside: string | null = null;
  return ({ version, build, run }: EngineHello): void => {
    if ((version === LINK_VERSION && build === BUILD_NAME) || run === beside) return;
    log.error({ version, build, own: { version: LINK_VERSION, build: BUILD_NAME } }, OTHER_ENGINE);
    if (isFirst()) beside = run;
    else onOther();
  };
}

/** Time of the processor that this process has used, ms. */
function cpuMsUsed(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1_000);
}

/** By how much a count that only grows has grown since it was last asked for. */
function increment(count: () => number): () => number {
  let before = 0;
  return () => {
    const now = count();
    const more = now - before;
    before = now;
    return more;
  };
}
