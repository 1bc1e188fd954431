import { isLocked, parseCellId, rowOfCell, type Cell } from './grid.ts';
import { isClosedBy, type Maintenance } from './maintenance.ts';
import type { Currency, Micros, Multiplier } from './money.ts';
import type { RejectionCode } from './rejection.ts';
import { isOffered } from './stake.ts';
import { columnAt, type GridRevision, type Pause } from './revision.ts';
import type { Tap } from './tap.ts';

/**
 * From the moment at which an order is judged to the commit that places its bets, at most, ms: what waited
 * longer was judged by prices that are gone.
 */
export const PLACING_MS_MAX = 2_000;

/** What the rules need to know at the moment when a tap is judged. */
export interface MarketView {
  readonly now: number;
  /** Lengths of the windows of its boards, ms. */
  readonly windows: readonly number[];
  readonly rows: number;
  readonly holdMs: number;
  readonly quoteTtlMs: number;
  readonly quoteTickAgeMsMax: number;
  readonly quoteTolerancePercent: number;
  /** Presets; what else may be staked follows from them. */
  readonly stakes: readonly Micros[];
  readonly halted: boolean;
  /** Still to come or under way. */
  readonly maintenance: Maintenance | null;
  readonly simulated: boolean;
  readonly warm: boolean;
  /** Whether it is known how far venues run ahead of the tick, so that the hold can be judged. */
  readonly headStartMeasured: boolean;
  readonly lastTickAt: number;
  /** The newest revision, by which a tap without hold is filled. */
  readonly current: GridRevision | null;
  /** The revision of that number while it is young enough to be remembered. */
  revision(number: number): GridRevision | undefined;
  /** The multiplier at which that revision offers the cell; null when it does not. */
  shown(revision: GridRevision, cell: Cell): Multiplier | null;
}

export interface TapOwner {
  readonly currency: Currency;
  readonly stakeMax: Micros;
  /** By the operator. */
  readonly blocked: boolean;
  /** No bets before then; null without a pause of their own. */
  readonly pausedUntil: number | null;
}

export interface Accepted {
  readonly cell: Cell;
  readonly filled: { readonly multiplier: Multiplier; readonly revision: number } | null;
}

/**
 * A straight flight of guards in the order of the closed list; the ledger checks money and exposure after
 * them.
 */
export function judgeTap(
  tap: Tap,
  owner: TapOwner,
  market: MarketView,
): Accepted | { readonly code: RejectionCode; readonly multiplier?: Multiplier } {
  if (market.halted) return { code: 'halted' };
  if (owner.currency === 'USD' && market.simulated) return { code: 'simulated_prices' };
  if (owner.currency === 'USD' && !market.warm) return { code: 'warming_up' };
  if (owner.currency === 'USD' && !market.headStartMeasured) return { code: 'head_start_unmeasured' };
  if (owner.blocked) return { code: 'account_blocked' };
  if (owner.pausedUntil !== null && market.now < owner.pausedUntil) return { code: 'account_paused' };
  const cell = parseCellId(tap.cell);
  if (cell === null || !market.windows.includes(cell.windowMs)) return { code: 'unknown_cell' };
  if (isLocked(cell.startMs, market.now, cell.windowMs)) return { code: 'column_locked' };
  if (market.maintenance !== null && isClosedBy(market.maintenance, cell, market.now))
    return { code: 'maintenance' };
  // One that is still to come was never shown.
  if (market.current !== null && tap.revision > market.current.revision) return { code: 'quote_mismatch' };
  const revision = market.revision(tap.revision);
  if (
    revision === undefined ||
    !isYoung(revision.at, market.quoteTtlMs, market.now) ||
    !isYoung(market.lastTickAt, market.quoteTickAgeMsMax, market.now)
  )
    return { code: 'quote_expired' };
  const column = columnAt(revision, cell);
  if (column === undefined || rowOfCell(column, market.rows, cell) === -1) return { code: 'unknown_cell' };
  if (revision.pause !== null || pausedNow(market.current) !== null) return { code: 'not_for_sale' };
  const shown = market.shown(revision, cell);
  if (shown === null) return { code: 'not_for_sale' };
  if (shown !== tap.multiplier) return { code: 'quote_mismatch', multiplier: shown };
  const filled = market.holdMs === 0 ? fillNow(cell, shown, tap.revision, market) : null;
  if (filled !== null && 'code' in filled) return filled;
  if (!isOffered(tap.stake, market.stakes)) return { code: 'stake_not_offered' };
  if (tap.stake > owner.stakeMax) return { code: 'stake_over_scope' };
  return { cell, filled };
}

/** A time later than now comes from a clock that has been set back since: its age is unknown. */
const isYoung = (at: number, ageMsMax: number, now: number): boolean => at <= now && now - at <= ageMsMax;

/**
 * Without hold a tap is filled as shown while the price for it has moved by no more than the tolerance in the
 * trader's favour.
 */
function fillNow(
  cell: Cell,
  shown: Multiplier,
  shownIn: number,
  market: MarketView,
): Accepted['filled'] | { readonly code: RejectionCode; readonly multiplier?: Multiplier } {
  const current = market.current!;
  const now = market.shown(current, cell);
  if (now === null) return { code: 'not_for_sale' };
  if (shown * 100 > now * (100 + market.quoteTolerancePercent))
    return { code: 'price_moved', multiplier: now };
  return { multiplier: shown, revision: shownIn };
}

const pausedNow = (current: GridRevision | null): Pause | null => (current === null ? 'thin' : current.pause);
