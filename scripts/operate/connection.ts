import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { openOperatorBooks, storeOptions } from '../../server/compose/books.ts';
import { aloneLimits, openOperators } from '../../server/compose/operators.ts';
import { operatorSocketPath } from '../../server/compose/places.ts';
import type { Config } from '../../server/config.ts';
import { FillMarks } from '../../server/engine/fill-marks.ts';
import { OperatorDesk } from '../../server/engine/operator-desk.ts';
import type { Operators } from '../../server/identity/operators.ts';
import type { Headline } from '../../server/game/headline.ts';
import type { OperatorOrder } from '../../server/game/operator.ts';
import type { Page } from '../../server/ports/books.ts';
import { Failure, isFailure, messageOf } from '../../server/ports/failure.ts';
import {
  OPERATOR_REFUSALS,
  type AccountFound,
  type OperatorAction,
  type OperatorAnswer,
  type OperatorBooks,
  type SessionFound,
  type WaitingOrder,
  type Who,
} from '../../server/ports/operator.ts';
import type { AccountMarks } from '../../server/ports/readings.ts';
import type { RefusalRow } from '../../server/ports/refusals.ts';
import { readMarks } from '../../server/upkeep/mark-period.ts';
import { hasBooks, openStore, type Store } from '../../server/store/store.ts';

type Restricted = ReturnType<OperatorBooks['restricted']>;

/** The person who types a command: their token, and the name they claim. */
export interface Caller {
  readonly token: string | null;
  readonly claimed: string | null;
}

/** What commands may ask for, whether a server runs or not. */
export interface Connection {
  readonly through: 'server' | 'files';
  act(order: OperatorOrder, caller: Caller): Promise<OperatorAnswer>;
  approve(id: string, caller: Caller): Promise<OperatorAnswer>;
  waiting(): Promise<readonly WaitingOrder[]>;
  accounts(text: string): Promise<readonly AccountFound[]>;
  sessions(accountId: string): Promise<readonly SessionFound[]>;
  restricted(): Promise<Restricted>;
  blockedRanges(): Promise<readonly string[]>;
  /** The news calendar; entries may be over. */
  calendar(): Promise<readonly Headline[]>;
  /** What the marks of accounts say whose ids begin like this, the surest gain first. */
  marks(of: string): Promise<readonly AccountMarks[]>;
  actions(cursor: string | null): Promise<Page<OperatorAction>>;
  /** Orders of which nothing was taken, newest first; of all accounts for ''. */
  refusals(accountId: string, cursor: string | null): Promise<Page<RefusalRow>>;
  close(): Promise<void>;
}

const ASK_MS_MAX = 15_000;
const ROWS = 100;

/**
 * The running server over its socket; where none runs, the files themselves under the lock of the data
 * directory. @throws Failure `not_reached`
 */
export async function connect(config: Config): Promise<Connection> {
  const socket = operatorSocketPath(config);
  if (existsSync(socket) && (await isAnswered(socket))) return new ServerConnection(socket);
  if (!hasBooks(config.dataDir))
    throw new Failure(
      'not_reached',
      `No house in ${config.dataDir} (DATA_DIR), and no server answers on ${socket} (OPERATOR_SOCKET).`,
    );
  return new FilesConnection(config);
}

/** Asks the server over its socket. @throws Failure `unanswered` when it does not answer. */
export async function post<Answer>(
  socket: string,
  path: '/act' | '/approve' | '/ask',
  body: unknown,
  token: string | null = null,
): Promise<Answer> {
  const near = relative(process.cwd(), socket);
  try {
    const response = await fetch(`http://operator${path}`, {
      unix: near.length < socket.length ? near : socket,
      method: 'POST',
      ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ASK_MS_MAX),
    });
    return (await response.json()) as Answer;
  } catch (cause) {
    throw new Failure('unanswered', `The server does not answer on ${socket}: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

const isAnswered = (socket: string): Promise<boolean> =>
  post(socket, '/ask', { question: 'state' }).then(
    () => true,
    () => false,
  );

/** What the server says to a question. */
type Said<Answer> = { readonly answer: Answer } | { readonly refused: string; readonly message: string };

class ServerConnection implements Connection {
  readonly through = 'server';
  constructor(private readonly socket: string) {}

  act = (order: OperatorOrder, { token, claimed }: Caller): Promise<OperatorAnswer> =>
    post(this.socket, '/act', { ...order, operator: claimed }, token);
  approve = (id: string, { token, claimed }: Caller): Promise<OperatorAnswer> =>
    post(this.socket, '/approve', { id, by: claimed }, token);
  waiting = (): Promise<readonly WaitingOrder[]> => this.#ask('waiting', '');
  accounts = (of: string): Promise<readonly AccountFound[]> => this.#ask('accounts', of);
  sessions = (of: string): Promise<readonly SessionFound[]> => this.#ask('sessions', of);
  restricted = (): Promise<Restricted> => this.#ask('restricted', '');
  blockedRanges = (): Promise<readonly string[]> => this.#ask('ranges', '');
  calendar = (): Promise<readonly Headline[]> => this.#ask('calendar', '');
  marks = (of: string): Promise<readonly AccountMarks[]> => this.#ask('marks', of);
  actions = (cursor: string | null): Promise<Page<OperatorAction>> => this.#ask('actions', '', cursor);
  refusals = (of: string, cursor: string | null): Promise<Page<RefusalRow>> =>
    this.#ask('refusals', of, cursor);
  close = async (): Promise<void> => {};

  async #ask<Answer>(question: string, of: string, cursor: string | null = null): Promise<Answer> {
    const said = await post<Said<Answer>>(this.socket, '/ask', { question, of, cursor });
    if ('refused' in said && said.refused === 'bad_order') throw new Failure('not_understood', said.message);
    if (!('answer' in said))
      throw new Failure('not_reached', `The server refused the request: ${said.message}`);
    return said.answer;
  }
}

/**
 * Reads need no lock; an order takes it for as long as the command runs, so that no server can start
 * meanwhile.
 */
class FilesConnection implements Connection {
  readonly through = 'files';
  readonly #books: OperatorBooks;
  #store: Store | null = null;

  constructor(private readonly config: Config) {
    try {
      this.#books = openOperatorBooks(config.dataDir);
    } catch (cause) {
      throw new Failure(
        'not_reached',
        `The books in ${config.dataDir} cannot be opened: ${messageOf(cause)}`,
        {
          cause,
        },
      );
    }
  }

  act = (order: OperatorOrder, caller: Caller): Promise<OperatorAnswer> =>
    this.#by(caller, (desk, who) => desk.act({ ...order, operator: who.name }, who));

  approve = (id: string, caller: Caller): Promise<OperatorAnswer> =>
    this.#by(caller, (desk, who) => desk.approve(id, who));

  async #by(
    { token, claimed }: Caller,
    give: (desk: OperatorDesk, who: Who) => Promise<OperatorAnswer>,
  ): Promise<OperatorAnswer> {
    const who = this.#operators().identify(token, claimed);
    if (typeof who === 'string') return { refused: who, message: OPERATOR_REFUSALS[who] };
    const store = (this.#store ??= await this.#open());
    const desk = new OperatorDesk({
      alone: aloneLimits(this.config),
      now: Date.now,
      commit: async (operation) => (await store.ledger.commitBatch([operation], Date.now())).results[0]!,
      // Nobody sells anything while no server runs; the next one finds in the books what was ordered.
      isForSale: () => false,
      // Only a server that runs measures, and sells.
      mayDeposit: () => true,
      mayBeDecided: (startMs) => (store.books.lastTick()?.at ?? 0) >= startMs,
      onHalt: () => {},
      onCallingOff: () => {},
      onCalledOff: () => {},
      onRevoked: () => {},
      onTransferred: () => {},
      // What is open now is decided or given back when the server starts.
      maintenanceFrom: (at) => at,
      onMaintenance: () => {},
      onCalendar: () => {},
      onRanges: () => {},
      onRestricted: () => {},
      onUnnamed: () => {},
    });
    return give(desk, who);
  }

  #operators(): Operators {
    try {
      return openOperators(this.config, { info: () => {}, error: () => {} });
    } catch (cause) {
      throw new Failure('not_reached', messageOf(cause), { cause });
    }
  }

  waiting = async (): Promise<readonly WaitingOrder[]> => this.#books.waiting(Date.now());
  accounts = async (text: string): Promise<readonly AccountFound[]> => this.#books.findAccounts(text, ROWS);
  sessions = async (accountId: string): Promise<readonly SessionFound[]> =>
    this.#books.sessionsOf(accountId, ROWS);
  restricted = async (): Promise<Restricted> => this.#books.restricted();
  blockedRanges = async (): Promise<readonly string[]> => this.#books.blockedRanges();
  calendar = async (): Promise<readonly Headline[]> => this.#books.calendar();

  marks = async (of: string): Promise<readonly AccountMarks[]> => {
    const marks = new FillMarks();
    const kept = readMarks(this.config.dataDir);
    if (kept !== null) marks.restore(kept, Date.now());
    return marks
      .readings()
      .filter(({ accountId }) => accountId.startsWith(of))
      .slice(0, ROWS);
  };

  actions = async (cursor: string | null): Promise<Page<OperatorAction>> => this.#books.actions(cursor, ROWS);

  refusals = async (of: string, cursor: string | null): Promise<Page<RefusalRow>> =>
    this.#books.refusals(of === '' ? {} : { accountId: of }, cursor, ROWS);

  async close(): Promise<void> {
    this.#books.close();
    await this.#store?.close();
  }

  async #open(): Promise<Store> {
    const owner = statSync(this.config.dataDir).uid;
    if (process.getuid?.() !== owner)
      throw new Failure(
        'not_reached',
        `The books belong to user ${owner}: run this as that user (sudo ` +
          '-u). Otherwise it would leave files that the server cannot write.',
      );
    try {
      return await openStore({
        ...storeOptions(this.config, Date.now()),
        mayCreate: false,
        inProcess: true,
      });
    } catch (cause) {
      const inUse = isFailure(cause, 'directory_in_use');
      throw new Failure(
        'not_reached',
        inUse
          ? `A process has ${this.config.dataDir} open but does not ` +
              'answer on its socket: check its log, or stop it first.'
          : `The books cannot be opened: ${messageOf(cause)}`,
        { cause },
      );
    }
  }
}
