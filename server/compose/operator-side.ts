import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyElysia } from 'elysia';
import { OperationsWatch, venueState } from './operations-watch.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { OperatorDesk } from '../engine/operator-desk.ts';
import type { Feed } from '../feed/feed.ts';
import type { Multiplier } from '../game/money.ts';
import type { HttpDeps } from '../http/deps.ts';
import { openCommandSocket, type CommandSocket } from '../http/ops/command-socket.ts';
import type { OpsDeps } from '../http/ops/deps.ts';
import { opsPages } from '../http/ops/ops.ts';
import type { StaticFiles } from '../http/pages/static.ts';
import { OperatorSessions } from '../identity/operator-sessions.ts';
import { Rates } from '../identity/rates.ts';
import { checksummedAddress } from '../identity/wallet-address.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import type { SessionEnd } from '../ports/sessions.ts';
import { SqliteOperatorBooks } from '../store/operator-books.ts';
import { DATABASE_FILE, type Store } from '../store/store.ts';
import type { Log } from '../upkeep/log.ts';

export const OPERATOR_SOCKET_FILE = 'operator.sock';
const LOGIN_TRIES = 10;
const LOGIN_WINDOW_MS = 10 * 60_000;

interface Parts {
  readonly config: Config;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly store: Store;
  readonly operatorBooks: OperatorBooks;
  readonly files: StaticFiles;
  readonly multiplierMax: Multiplier;
  readonly cookies: OpsDeps['cookies'];
  readonly edge: Pick<HttpDeps, 'addressOf' | 'turns' | 'refuse' | 'now'> & {
    readonly limits: Pick<HttpDeps['limits'], 'requests'>;
  };
  readonly sockets: () => number;
  readonly onRevoked: (end: SessionEnd) => void;
  readonly onTransferred: (accountId: string) => void;
  readonly log: Log;
}

/**
 * The operator's side of the house: the page, when there is a token for it, and the socket of the commands.
 */
export interface OperatorSide {
  readonly plugins: readonly AnyElysia[];
  stop(): Promise<void>;
}

export const openOperatorBooks = (dataDir: string): OperatorBooks =>
  new SqliteOperatorBooks(join(dataDir, DATABASE_FILE), checksummedAddress);

/** @throws Error when the token cannot be read; the message is for the operator. */
export async function operatorSide({
  config,
  engine,
  feed,
  store,
  operatorBooks,
  files,
  multiplierMax,
  cookies,
  edge,
  sockets,
  onRevoked,
  onTransferred,
  log,
}: Parts): Promise<OperatorSide> {
  const { now } = edge;
  const token = config.operatorTokenFile === null ? null : readToken(config.operatorTokenFile);
  const operator = new OperatorDesk({
    approvalFrom: config.operatorApprovalMicros,
    now,
    commit: (operation) => engine.batcher.house(operation),
    mayBeDecided: () => false,
    isForSale: (startMs) => engine.isForSale(startMs),
    onHalt: (reason) => void (engine.operatorHalt = reason),
    onCallingOff: (at) => engine.settlement.decidesAt(at),
    onCalledOff: (bets, at) => engine.settlement.onCalledOff(bets, at),
    onRevoked: (accountId, sessionId) => onRevoked({ accountId, sessionId }),
    onTransferred,
  });
  const watch = new OperationsWatch({
    config,
    engine,
    feed,
    books: store.books,
    operatorBooks,
    multiplierMax,
    walBytes: () => store.books.walBytes(),
    sockets,
    now,
  });
  const state = () => ({
    health: engine.health(),
    halt: engine.operatorHalt,
    feed: engine.feedLabel,
    simulated: engine.simulated,
    quorum: feed.quorum,
    venues: feed.status(now()).map((venue) => venueState(venue, now())),
  });
  let socket: CommandSocket | null = null;
  try {
    socket = await openCommandSocket(socketPath(config), {
      operator,
      operatorBooks,
      books: store.books,
      state,
      now,
      log,
    });
  } catch (cause) {
    log.error(
      { err: cause, socket: socketPath(config) },
      'the socket of the operator’s commands (OPERATOR_SOCKET) cannot be had: scripts/tapgrid.ts will not reach this server',
    );
  }
  const page =
    token === null
      ? []
      : [
          opsPages({
            operator,
            operatorBooks,
            books: store.books,
            look: watch.look,
            cookies,
            files,
            now,
            log,
            sessions: new OperatorSessions(token, randomBytes),
            origin: config.publicOrigin,
            addressOf: edge.addressOf,
            ...(edge.refuse && { refuse: edge.refuse }),
            turns: edge.turns,
            limits: {
              requests: edge.limits.requests,
              logins: new Rates({ limit: LOGIN_TRIES, windowMs: LOGIN_WINDOW_MS }),
            },
            newId: () => crypto.randomUUID(),
          }),
        ];
  return {
    plugins: page,
    stop: async () => {
      watch.stop();
      await socket?.stop();
    },
  };
}

export const socketPath = (config: Pick<Config, 'operatorSocket' | 'dataDir'>): string =>
  config.operatorSocket ?? join(config.dataDir, OPERATOR_SOCKET_FILE);

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Error(
      `The operator's token cannot be read from ${path} (OPERATOR_TOKEN_FILE): ${(cause as Error).message}`,
      { cause },
    );
  }
}
