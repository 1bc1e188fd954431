import { chmodSync } from 'node:fs';
import { readOperatorOrder } from '../../game/operator.ts';
import type { Announced } from '../../game/maintenance.ts';
import type { Health } from '../../ports/events.ts';
import type { HeadStartFigures } from '../../ports/head-start.ts';
import type { Books } from '../../ports/books.ts';
import { isFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/log.ts';
import { OPERATOR_REFUSALS, type Identify, type Operator, type OperatorBooks } from '../../ports/operator.ts';
import type { AccountMarks } from '../../ports/readings.ts';
import type { VenueState } from '../../ports/operations.ts';
import { BODY_BYTES_MAX, readBytes } from '../body.ts';
import { clearAway, socketName } from '../listen.ts';

export interface CommandDeps {
  readonly operators: { readonly identify: Identify };
  readonly operator: Operator;
  readonly operatorBooks: OperatorBooks;
  readonly books: Pick<Books, 'chain'>;
  readonly state: () => {
    readonly health: Health;
    readonly halt: string | null;
    readonly maintenance: Announced | null;
    readonly feed: string;
    readonly simulated: boolean;
    readonly quorum: number;
    readonly venues: readonly VenueState[];
    readonly headStarts: HeadStartFigures;
  };
  /** What the marks of all accounts say, the surest gain first. */
  readonly marks: () => readonly AccountMarks[];
  readonly now: () => number;
  readonly log: Pick<Log, 'info' | 'error'>;
}

export interface CommandSocket {
  readonly path: string;
  stop(): Promise<void>;
}

const ROWS_MAX = 100;
const OWNER_ALONE = 0o600;

/**
 * Where `tapgrid` sends its orders: a unix socket that only the server's own user may open, so questions need
 * no token. Orders and approvals carry one in `Authorization: Bearer` if operators have tokens of their own.
 * `POST /act` takes an order, `POST /approve` the id of one that waits, `POST /ask` a question; answers are
 * JSON.
 * @throws Error when the socket cannot be had.
 */
export async function openCommandSocket(path: string, deps: CommandDeps): Promise<CommandSocket> {
  const name = socketName(path);
  await clearAway(name);
  const server = Bun.serve({
    unix: name,
    maxRequestBodySize: BODY_BYTES_MAX,
    async fetch(request: Request): Promise<Response> {
      const body = await readBytes(request);
      const value = body instanceof Uint8Array ? parsed(body) : null;
      const { pathname } = new URL(request.url);
      try {
        if (request.method === 'POST' && pathname === '/act')
          return Response.json(await act(deps, value, tokenOf(request)));
        if (request.method === 'POST' && pathname === '/approve')
          return Response.json(await approve(deps, value, tokenOf(request)));
        if (request.method === 'POST' && pathname === '/ask') return Response.json(ask(deps, value));
      } catch (error) {
        if (isFailure(error, 'bad_cursor'))
          return Response.json({
            refused: 'bad_order',
            message: 'That cursor does not belong to this list.',
          });
        deps.log.error({ err: error, pathname }, 'a command failed');
        return Response.json({
          refused: 'failed',
          message: "Internal server error; see the server's log.",
        });
      }
      return Response.json(
        { refused: 'bad_order', message: 'Nothing exists at that address.' },
        { status: 404 },
      );
    },
  });
  chmodSync(name, OWNER_ALONE);
  return { path, stop: () => server.stop(true) };
}

async function act(
  { operators, operator, log }: CommandDeps,
  value: unknown,
  token: string | null,
): Promise<unknown> {
  const fields = fieldsOf(value);
  const who = operators.identify(token, claimedIn(fields['operator']));
  if (typeof who === 'string') return turnedAway(who, log);
  const order = readOperatorOrder({ ...fields, operator: who.name });
  if (typeof order === 'string') return { refused: 'bad_order', message: order };
  const answer = await operator.act(order, who);
  const { id, operator: by, reason, deed } = order;
  log.info(
    {
      operatorOrder: { id, by, proven: who.proven, reason, deed },
      answer: 'done' in answer ? (answer.replayed ? 'replayed' : 'done') : answer.refused,
    },
    'an operator gave an order',
  );
  return answer;
}

async function approve(
  { operators, operator, log }: CommandDeps,
  value: unknown,
  token: string | null,
): Promise<unknown> {
  const { id, by: claimed } = fieldsOf(value);
  if (typeof id !== 'string') return { refused: 'bad_order', message: 'An approval needs an id.' };
  const who = operators.identify(token, claimedIn(claimed));
  if (typeof who === 'string') return turnedAway(who, log);
  const answer = await operator.approve(id, who);
  const by = who.name;
  log.info(
    { approval: { id, by }, answer: 'done' in answer ? 'done' : answer.refused },
    'an operator approved an order',
  );
  return answer;
}

const BEARER = /^Bearer (\S{1,512})$/;
const tokenOf = ({ headers }: Request): string | null =>
  BEARER.exec(headers.get('authorization') ?? '')?.[1] ?? null;
const claimedIn = (name: unknown): string | null => (typeof name === 'string' && name !== '' ? name : null);

function turnedAway(refused: 'no_token' | 'wrong_token' | 'not_you', log: CommandDeps['log']): unknown {
  log.info({ refused }, 'an order came from somebody who is not an operator');
  return { refused, message: OPERATOR_REFUSALS[refused] };
}

type Question = (deps: CommandDeps, of: string, cursor: string | null) => unknown;

/** All that can be asked. */
const QUESTIONS: Readonly<Record<string, Question>> = {
  accounts: ({ operatorBooks }, of) => operatorBooks.findAccounts(of, ROWS_MAX),
  sessions: ({ operatorBooks }, of) => operatorBooks.sessionsOf(of, ROWS_MAX),
  refusals: ({ operatorBooks }, of, cursor) =>
    operatorBooks.refusals(of === '' ? {} : { accountId: of }, cursor, ROWS_MAX),
  restricted: ({ operatorBooks }) => operatorBooks.restricted(),
  ranges: ({ operatorBooks }) => operatorBooks.blockedRanges(),
  calendar: ({ operatorBooks }) => operatorBooks.calendar(),
  marks: ({ marks }, of) =>
    marks()
      .filter(({ accountId }) => accountId.startsWith(of))
      .slice(0, ROWS_MAX),
  waiting: ({ operatorBooks, now }) => operatorBooks.waiting(now()),
  actions: ({ operatorBooks }, _, cursor) => operatorBooks.actions(cursor, ROWS_MAX),
  state: ({ state, books, now }) => ({
    ...state(),
    chain: books.chain(),
    at: now(),
    pid: process.pid,
    bun: Bun.version,
  }),
};

function ask(deps: CommandDeps, value: unknown): unknown {
  const { question, of = '', cursor = null } = fieldsOf(value);
  const answer =
    typeof question === 'string' && Object.hasOwn(QUESTIONS, question) ? QUESTIONS[question] : undefined;
  if (
    answer === undefined ||
    typeof of !== 'string' ||
    of.length > 100 ||
    (cursor !== null && typeof cursor !== 'string')
  )
    return { refused: 'bad_order', message: 'Unknown question.' };
  return { answer: answer(deps, of, cursor) };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}
