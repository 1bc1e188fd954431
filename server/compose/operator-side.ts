import { randomBytes } from 'node:crypto';
import type { AnyElysia } from 'elysia';
import { shownSettings, type Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { MULTIPLIER_MAX } from '../game/formula.ts';
import { OperatorDesk } from '../engine/operator-desk.ts';
import type { Feed } from '../feed/feed.ts';
import { openCommandSocket } from '../http/ops/command-socket.ts';
import { opsPages } from '../http/ops/ops.ts';
import { OperatorSessions } from '../identity/operator-sessions.ts';
import { Rates } from '../identity/rates.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import type { Store } from '../store/store.ts';
import type { Front } from './front.ts';
import type { HouseWatch } from './house-watch.ts';
import type { Opened } from './opened.ts';
import { aloneLimits, openOperators } from './operators.ts';
import { OperationsWatch, venueState } from './operations-watch.ts';
import { operatorSocketPath, opsOrigins } from './places.ts';

const LOGIN_TRIES = 10;
const LOGIN_WINDOW_MS = 10 * 60_000;

interface Parts {
  readonly config: Config;
  readonly engine: Engine;
  readonly feed: Feed;
  readonly store: Store;
  readonly operatorBooks: OperatorBooks;
  readonly front: Front;
  readonly watch: Pick<HouseWatch, 'machine' | 'afterCrash'>;
  readonly sockets: () => number;
  /** Resolves when what an operator did has had its effect in other processes too. */
  readonly reached?: () => Promise<void>;
}

/**
 * The operator's side of the house: the page, when there is a token for it, and the socket of the commands.
 * @returns the page. @throws Failure `unusable_setting` when the token cannot be read.
 */
export async function openOperatorSide(parts: Parts, opened: Opened): Promise<readonly AnyElysia[]> {
  const { config, engine, feed, store, operatorBooks, front, sockets } = parts;
  const { events, hand } = engine;
  const { now, log } = front;
  const operators = openOperators(config, log);
  const operator = new OperatorDesk({
    alone: aloneLimits(config),
    now,
    commit: (operation) => engine.batcher.priority(operation),
    mayBeDecided: () => false,
    isForSale: (startMs) => engine.isForSale(startMs),
    mayDeposit: () => engine.venueHeadStarts.isMeasured,
    onHalt: (reason) => void (hand.halt = reason),
    onCallingOff: (at) => engine.settlement.decidesAt(at),
    onCalledOff: (bets, at) => engine.settlement.onCalledOff(bets, at),
    onRevoked: (accountId, sessionId) => events.emit('ended', { accountId, sessionId }),
    onTransferred: (accountId) => events.emit('transferred', accountId),
    maintenanceFrom: (at) => at + (config.columnsAhead + 2) * Math.max(...config.windows),
    onMaintenance: () => hand.plan(operatorBooks.maintenance()),
    onCalendar: () => hand.calendar.change(operatorBooks.calendar(), now()),
    ...(parts.reached && { reached: parts.reached }),
    onUnnamed: (accountId) => engine.crowdDesk.renamed(accountId),
    onRanges: () => {
      hand.blockedRanges = operatorBooks.blockedRanges();
      events.emit('blockedRanges', hand.blockedRanges);
    },
    onRestricted: (accountId, restriction) => {
      if (restriction.holdMs !== hand.restrictionOf(accountId).holdMs)
        engine.settlement.marks.forget(accountId);
      hand.restrict(accountId, restriction);
      events.emit('restricted', accountId);
    },
  });
  const watch = opened.add(
    'operations watch',
    new OperationsWatch({
      config,
      engine,
      feed,
      books: store.books,
      operatorBooks,
      multiplierMax: MULTIPLIER_MAX,
      walBytes: () => store.books.walBytes(),
      watch: parts.watch,
      sockets,
      now,
    }),
    (one) => one.stop(),
  );
  const state = () => ({
    health: engine.health(),
    halt: engine.hand.halt,
    maintenance: engine.maintenance(),
    feed: engine.feedLabel,
    simulated: engine.simulated,
    quorum: feed.quorum,
    venues: feed.status(now()).map((venue) => venueState(venue, now())),
    headStarts: engine.headStarts(),
  });
  const socketPath = operatorSocketPath(config);
  if (config.operatorTokenFile !== null)
    log.warn(
      { file: config.operatorTokenFile },
      'the next version drops the shared operator token (OPERATOR_TOKEN): give each operator their own ' +
        '(OPERATORS_FILE)',
    );
  const marks = () => engine.settlement.marks.readings();
  const commands = { operators, operator, operatorBooks, books: store.books, state, marks, now, log };
  const socket = await openCommandSocket(socketPath, commands).catch((cause: unknown) => {
    log.error(
      { err: cause, socket: socketPath },
      'cannot listen on OPERATOR_SOCKET: tapgrid commands will not reach this server',
    );
    return null;
  });
  opened.add('command socket', socket, (one) => one?.stop());
  if (config.operatorsFile === null && config.operatorTokenFile === null) return [];
  return [
    opsPages({
      ...front,
      operator,
      operatorBooks,
      books: store.books,
      look: watch.look,
      sessions: new OperatorSessions(operators, randomBytes),
      origins: opsOrigins(config),
      limits: {
        requests: front.limits.requests,
        logins: new Rates({ limit: LOGIN_TRIES, windowMs: LOGIN_WINDOW_MS }),
      },
      settings: shownSettings,
      newId: () => crypto.randomUUID(),
    }),
  ];
}
