import { cellId } from '../../game/grid.ts';
import { multiplier } from '../../game/money.ts';
import type { BetOrder, PlaceBets } from '../../ports/ledger.ts';
import { NOT_CLOSED, type BetRow } from '../rows/bet.ts';
import { plainId } from '../rows/line.ts';

/** Where a bet stands in the books. */
export interface BetPlace {
  /** Number of the bet, of its order, and of its tap in the order. */
  readonly seq: number;
  readonly intentId: number;
  readonly idx: number;
  readonly batch: number;
  /** Number of the ledger row that takes its stake. */
  readonly stakeEntry: number;
}

/**
 * The row of a bet that an order places: filled at once, or held.
 * @throws RangeError for what no order can hold: a bug.
 */
export function newBet(order: PlaceBets, tap: BetOrder, place: BetPlace): BetRow {
  const { cell, filled } = tap;
  return {
    seq: place.seq,
    id: plainId(tap.betId),
    intentId: place.intentId,
    idx: place.idx,
    batch: place.batch,
    accountId: order.accountId,
    currency: order.currency,
    simulated: Number(order.simulated),
    cell: cellId(cell),
    startMs: cell.startMs,
    windowMs: cell.windowMs,
    low: cell.low,
    high: cell.high,
    stake: tap.stake,
    shown: multiplier(tap.shown),
    shownRevision: tap.shownRevision,
    guardPercent: tap.guardPercent,
    multiplierMax: multiplier(tap.multiplierMax),
    placedAt: order.at,
    lockAt: tap.lockAt,
    filled: Number(filled !== null),
    locked: filled?.multiplier ?? null,
    lockedRevision: filled?.revision ?? null,
    lockedBatch: null,
    status: filled === null ? 'placed' : 'locked',
    payout: NOT_CLOSED.payout,
    closedAt: NOT_CLOSED.closedAt,
    closedTick: NOT_CLOSED.closedTick,
    voidReason: NOT_CLOSED.voidReason,
    stakeEntry: place.stakeEntry,
    closingEntry: NOT_CLOSED.closingEntry,
    rule: order.rule,
  };
}
