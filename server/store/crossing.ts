import { present } from '../game/present.ts';
import { micros, type Micros } from '../game/money.ts';
import type {
  BetLock,
  BetOrder,
  Commit,
  Operation,
  OperationResult,
  Settlement,
  TapResult,
} from '../ports/ledger.ts';

/**
 * A result on its way from the writer's thread. For an order that was fully accepted, and for locks that all
 * succeeded, only the balances cross, one per bet: the rest follows from the operation, and in a full house
 * the text of such answers would cost both threads as much as that of the orders.
 */
export type Crossing = OperationResult | readonly Micros[];

export type CrossingCommit = Omit<Commit, 'results'> & { readonly results: readonly Crossing[] };

export const packed = ({ results, ...head }: Commit, operations: readonly Operation[]): CrossingCommit => ({
  ...head,
  results: results.map((result, index) => pack(present(operations[index], 'operation'), result)),
});

export const unpacked = ({ results, ...head }: CrossingCommit, operations: readonly Operation[]): Commit => ({
  ...head,
  results: results.map((crossing, index) => unpack(present(operations[index], 'operation'), crossing)),
});

/** What is reported of a tap that became a bet; `balance` is what its stake left. */
export const accepted = (
  { betId, shown, lockAt, filled }: BetOrder,
  balance: Micros,
): Extract<TapResult, { status: 'accepted' }> => ({
  status: 'accepted',
  betId,
  multiplier: filled?.multiplier ?? shown,
  lockAt,
  balance,
});

/** What is reported of a bet that was locked as ordered. */
export const locked = (
  { betId, multiplier }: Extract<BetLock, { multiplier: unknown }>,
  balance: Micros,
): Settlement => ({ betId, status: 'locked', multiplier, payout: micros(0), voidReason: null, balance });

const isAccepted = (tap: TapResult): tap is ReturnType<typeof accepted> => tap.status === 'accepted';

function pack(operation: Operation, result: OperationResult): Crossing {
  if (result.kind === 'placed' && !result.replayed && result.results.every(isAccepted))
    return result.results.map(({ balance }) => balance);
  if (
    result.kind === 'settled' &&
    operation.kind === 'lock-bets' &&
    result.bets.length === operation.locks.length &&
    result.bets.every(({ status }) => status === 'locked')
  )
    return result.bets.map(({ balance }) => balance);
  return result;
}

function unpack(operation: Operation, crossing: Crossing): OperationResult {
  if (!('length' in crossing)) return crossing;
  if (operation.kind === 'place-bets')
    return {
      kind: 'placed',
      replayed: false,
      results: crossing.map((balance, index) => accepted(operation.taps[index] as BetOrder, balance)),
      balance: present(crossing.at(-1), 'balance'),
    };
  if (operation.kind === 'lock-bets')
    return {
      kind: 'settled',
      bets: crossing.map((balance, index) =>
        locked(operation.locks[index] as Parameters<typeof locked>[0], balance),
      ),
    };
  throw new Error(`balances alone do not answer ${operation.kind}`);
}
