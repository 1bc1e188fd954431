import { isOpen, type Bet } from '../../server/game/bet.ts';
import { micros, payoutOf, type Micros } from '../../server/game/money.ts';

/**
 * The bets of a cell that stand for it: those that were not refunded, or the newest of refunded ones.
 * @param bets of one account on one cell, newest first, at least one
 */
export function counted<One extends Bet>(bets: readonly One[]): readonly [One, ...One[]] {
  const [first, ...others] = bets.filter(({ status }) => status !== 'void');
  return first === undefined ? [bets[0]!] : [first, ...others];
}

/** What several bets on one cell come to, by the multipliers that they have so far. */
export interface Together {
  readonly stake: Micros;
  /** What they pay, or have paid. */
  readonly payout: Micros;
  /** Whether one of them has no multiplier for good yet. */
  readonly held: boolean;
  /** What a dollar of all becomes, hundredths, cut down. */
  readonly multiplier: number;
}

export function together(bets: readonly Bet[]): Together {
  const sum = (of: (bet: Bet) => number): Micros => micros(bets.reduce((all, bet) => all + of(bet), 0));
  const stake = sum((bet) => bet.stake);
  const payout = sum((bet) => (isOpen(bet) ? payoutOf(bet.stake, bet.locked ?? bet.shown) : bet.payout));
  return {
    stake,
    payout,
    held: bets.some(({ locked }) => locked === null),
    multiplier: Math.floor((payout * 100) / stake),
  };
}

/** Bets of one cell side by side, in the order in which their cells first come. */
export const byCell = <One extends Bet>(
  bets: readonly One[],
  idOf: (cell: Bet['cell']) => string,
): ReadonlyMap<string, readonly One[]> => Map.groupBy(bets, ({ cell }) => idOf(cell));
