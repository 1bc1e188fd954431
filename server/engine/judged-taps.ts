import { judgeTap, type MarketView, type TapOwner } from '../game/acceptance.ts';
import type { Bet } from '../game/bet.ts';
import type { Cell } from '../game/grid.ts';
import type { Multiplier } from '../game/money.ts';
import type { RejectionCode } from '../game/rejection.ts';
import type { Tap } from '../game/tap.ts';
import type { BetUpdate } from '../ports/events.ts';
import type { BetOrder, PlaceBets, TapResult } from '../ports/ledger.ts';

/** A tap that passed the rules, as the ledger takes it; or why it did not, with the multiplier on offer. */
export type JudgedTap =
  | { readonly order: BetOrder }
  | { readonly code: RejectionCode; readonly multiplier?: Multiplier };

/** What a bet begins with besides its tap. `multiplierMax` is what exposure counts until it is locked. */
export interface BetBeginnings {
  readonly holdMsOf: (cell: Cell) => number;
  readonly multiplierMax: Multiplier;
  readonly guardPercent: number;
  readonly newId: (at: number) => string;
}

/** Judges each tap by the rules, at the moment of the desk. */
export const judgeTaps = (
  taps: readonly Tap[],
  owner: TapOwner,
  market: MarketView,
  { holdMsOf, multiplierMax, guardPercent, newId }: BetBeginnings,
): JudgedTap[] =>
  taps.map((tap) => {
    const judged = judgeTap(tap, owner, market);
    if ('code' in judged) return judged;
    const { cell, filled } = judged;
    return {
      order: {
        betId: newId(market.now),
        cell,
        stake: tap.stake,
        shown: tap.multiplier,
        shownRevision: tap.revision,
        guardPercent,
        lockAt: market.now + holdMsOf(cell),
        filled,
        multiplierMax: filled?.multiplier ?? multiplierMax,
      },
    };
  });

/** The bets that the commit of an order made durable, each with the balance after it. */
export function placedBets(operation: PlaceBets, results: readonly TapResult[]): BetUpdate[] {
  const placed: BetUpdate[] = [];
  results.forEach((result, index) => {
    const order = operation.taps[index];
    if (result.status === 'accepted' && typeof order === 'object')
      placed.push({ bet: betOf(operation, order), balance: result.balance });
  });
  return placed;
}

/** The bet as the ledger has it right after it was placed. */
export const betOf = (operation: PlaceBets, order: BetOrder): Bet => ({
  id: order.betId,
  accountId: operation.accountId,
  currency: operation.currency,
  simulated: operation.simulated,
  rule: operation.rule,
  cell: order.cell,
  stake: order.stake,
  shown: order.shown,
  shownRevision: order.shownRevision,
  guardPercent: order.guardPercent,
  placedAt: operation.at,
  lockAt: order.lockAt,
  locked: order.filled?.multiplier ?? null,
  lockedRevision: order.filled?.revision ?? null,
  status: order.filled === null ? 'placed' : 'locked',
  payout: 0 as Bet['payout'],
  closedAt: null,
  closedTick: null,
  voidReason: null,
});
