import { readFileSync } from 'node:fs';
import type { Environment } from '../../server/config.ts';
import { readOperatorOrder, type OperatorDeed, type OperatorOrder } from '../../server/game/operator.ts';
import { Failure, isFailure, messageOf } from '../../server/ports/failure.ts';
import type { OperatorAnswer } from '../../server/ports/operator.ts';
import type { Outcome, Shell } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure, misused } from '../command-line/failure.ts';
import { connect, type Caller, type Connection } from './connection.ts';
import { actionText } from './texts.ts';

/** Who types it. */
export const CALLER_OPTIONS = {
  'token-file': {
    value: '<path>',
    about: 'file with your operator token; default: the environment variable TAPGRID_TOKEN',
  },
  by: {
    value: '<name>',
    about: 'your name, if operators have no tokens; default: the user of this shell',
  },
} as const;

/** What every order takes besides what it is about. */
export const ORDER_OPTIONS = {
  reason: {
    value: '<text>',
    required: true,
    about: 'the reason, 3 to 300 characters; it is recorded permanently',
  },
  ...CALLER_OPTIONS,
  id: { value: '<id>', about: 'makes retries safe: an order with the same id is carried out once' },
} as const;
/** What every question to the house ends with. */
export const QUESTION_EXITS = {
  3: 'neither the server nor its files can be reached',
} as const;
export const ORDER_EXITS = { 1: 'refused; nothing was changed', ...QUESTION_EXITS } as const;

type CallerOptions = Pick<OrderOptions, 'by' | 'token-file'>;

/** @throws CommandFailure when the token cannot be read */
function callerOf({ by, 'token-file': path }: CallerOptions, shell: Shell): Caller {
  const token = path === undefined ? shell.env['TAPGRID_TOKEN']?.trim() || null : tokenIn(path);
  return { token, claimed: by ?? (token === null ? whoAmI(shell.env) : null) };
}

function tokenIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw misused('bad_token_file', `${path} (--token-file) cannot be read: ${messageOf(cause)}`);
  }
}

export interface OrderOptions {
  readonly reason: string;
  readonly by: string | undefined;
  readonly 'token-file': string | undefined;
  readonly id: string | undefined;
}

/** Gives an order for the person who types this, and reports its outcome. */
export async function giveOrder(deed: OperatorDeed, options: OrderOptions, shell: Shell): Promise<Outcome> {
  const order = readOperatorOrder({
    id: options.id ?? crypto.randomUUID(),
    operator: options.by ?? whoAmI(shell.env),
    reason: options.reason,
    deed,
  });
  if (typeof order === 'string') throw misused('bad_order', order);
  return withConnection(shell, async (connection) => {
    const answer = await connection.act(order, callerOf(options, shell)).catch((cause) => {
      throw toBeRetried(cause, againText(order.id, order));
    });
    return outcomeOf(answer, { connection, shell, id: order.id, order });
  });
}

/** Approves an order that waits. */
export const approveOrder = (id: string, options: CallerOptions, shell: Shell): Promise<Outcome> =>
  withConnection(shell, async (connection) => {
    const answer = await connection.approve(id, callerOf(options, shell)).catch((cause) => {
      throw toBeRetried(cause, againText(id, null));
    });
    return outcomeOf(answer, { connection, shell, id, order: null });
  });

/**
 * Asks the house, or gives it an order.
 * @throws CommandFailure when it is not reached or does not understand
 */
export async function withConnection(
  shell: Shell,
  ask: (connection: Connection) => Promise<Outcome>,
): Promise<Outcome> {
  const config = shell.config();
  try {
    const connection = await connect(config);
    try {
      return await ask(connection);
    } finally {
      await connection.close();
    }
  } catch (cause) {
    if (isFailure(cause, 'not_reached', 'unanswered'))
      throw new CommandFailure('not_reached', cause.message, EXIT.undecided, { cause });
    if (isFailure(cause, 'bad_cursor', 'not_understood')) throw misused('not_understood', cause.message);
    throw cause;
  }
}

interface Asked {
  readonly connection: Connection;
  readonly shell: Shell;
  readonly id: string;
  readonly order: OperatorOrder | null;
}

function outcomeOf(answer: OperatorAnswer, { connection, shell, id, order }: Asked): Outcome {
  if ('refused' in answer) {
    const isEmptyWindow = answer.refused === 'not_found' && order?.deed.what === 'void-window';
    const what = isEmptyWindow ? 'There is no open bet in that window.' : answer.message;
    const isOpen = answer.refused === 'unknown' || answer.refused === 'busy';
    const retry = isOpen ? ` ${againText(id, order)}` : '';
    const isNoAccount = answer.refused === 'not_found' && order !== null && 'accountId' in order.deed;
    const lookUp = isNoAccount ? ' An order takes the whole id: tapgrid accounts find looks it up.' : '';
    const waits =
      answer.refused === 'approval_needed'
        ? `\nAnother operator has to approve it: tapgrid approve ${id}`
        : '';
    const message =
      answer.refused === 'unknown' ? `${what}${retry}` : `Not done: ${what}${lookUp}${retry}${waits}`;
    throw new CommandFailure(
      answer.refused,
      message,
      answer.refused === 'unknown' ? EXIT.undecided : EXIT.wrong,
    );
  }
  const { done, replayed, bets } = answer;
  const how = [
    (replayed ? 'Already done earlier' : 'Done') +
      (connection.through === 'files' ? ' in the files; the server is not running' : ''),
    ...(bets > 0 ? [bets === 1 ? '1 bet was refunded' : `${bets} bets were refunded`] : []),
  ];
  const settleSeconds = shell.config().breakerHysteresisMs / 1000;
  const follows =
    done.what === 'resume' && connection.through === 'server'
      ? `Taps are taken again after ${settleSeconds} s of health, unless something else prevents it: ` +
        'tapgrid doctor\n'
      : '';
  return {
    exit: EXIT.ok,
    report: answer,
    text: `${actionText(done)}${how.join('; ')}.\n${follows}`,
  };
}

/** Nobody knows whether it was carried out; what makes it safe to ask again stands behind it. */
const toBeRetried = (cause: unknown, again: string): unknown =>
  isFailure(cause, 'unanswered')
    ? new Failure('not_reached', `${cause.message} It may have been carried out. ${again}`, { cause })
    : cause;

/** An approval has no id of its own: that of the order is enough. */
const againText = (id: string, order: OperatorOrder | null): string =>
  order === null ? `Approve it again: tapgrid approve ${id}` : `Give it again with --id ${id}`;

/** The user behind sudo, or the user of this process. */
function whoAmI(env: Environment): string {
  const named = env['SUDO_USER'] || env['USER'] || env['LOGNAME'];
  return named || Bun.spawnSync(['id', '-un']).stdout.toString().trim() || 'unknown';
}
