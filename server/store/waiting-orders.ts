import type { Database } from 'bun:sqlite';
import { readOperatorOrder, type OperatorOrder } from '../game/operator.ts';
import { WAITING_MS_MAX, type OperatorAction, type WaitingOrder } from '../ports/operator.ts';
import { prepare } from './database.ts';
import { selected } from './row-statements.ts';
import { ACTIONS } from './rows/action.ts';

const ASKED = "(o.what = 'request' OR o.what = 'dismiss')";

/**
 * Requests for a second person that nobody has answered, oldest first: neither carried out nor dismissed, and
 * not too old at `now`.
 */
export function waitingRequests(db: Database): (now: number) => readonly OperatorAction[] {
  const requests = prepare<OperatorAction>(
    db,
    `SELECT ${selected(ACTIONS, 'o')} FROM operator_actions o
    WHERE ${ASKED} AND o.what = 'request' AND o.at > $1
    AND NOT EXISTS (SELECT 1 FROM operator_actions d WHERE d.id = o.target)
    AND NOT EXISTS (SELECT 1 FROM operator_actions n
      WHERE (n.what = 'request' OR n.what = 'dismiss') AND n.target = o.target AND n.seq > o.seq)
    ORDER BY o.seq`,
  );
  return (now) => requests.all(now - WAITING_MS_MAX);
}

/** The order that a request asks a second person for; null where other hands have been at the row. */
export function requestedOrder({ target, operator, reason, detail }: OperatorAction): OperatorOrder | null {
  try {
    const order = readOperatorOrder({ id: target, operator, reason, deed: JSON.parse(detail) });
    return typeof order === 'string' ? null : order;
  } catch {
    return null;
  }
}

export const waitingOrders = (requests: readonly OperatorAction[]): WaitingOrder[] =>
  requests.flatMap((request) => {
    const order = requestedOrder(request);
    return order === null ? [] : [{ order, since: request.at, until: request.at + WAITING_MS_MAX }];
  });
