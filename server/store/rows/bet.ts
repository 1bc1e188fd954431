import type { Bet, BetStatus } from '../../game/bet.ts';
import { parseCellId, type CellId } from '../../game/grid.ts';
import { micros, multiplier, type Currency } from '../../game/money.ts';
import { RULE_VERSIONS, type RuleVersion } from '../../game/path.ts';
import type { VoidReason } from '../../game/rejection.ts';
import { addedLater, bit, integer, orNull, table, text, textOf, type RowOf } from './table.ts';

/** The version of the rule of touch that bets were taken under before there was another. */
const FIRST_RULE = 1;

/** Money in micro-dollars, prices in cents, multipliers in hundredths, times in UTC epoch ms. */
export const BETS = table('bets', {
  /** In the order in which they were placed, from 1. */
  seq: integer,
  id: text,
  /** The signed order that it came from, and its tap in it, from 0. */
  intentId: integer,
  idx: integer,
  /** Commit that placed it. */
  batch: integer,
  accountId: text,
  currency: textOf<Currency>(),
  simulated: bit,
  cell: textOf<CellId>(),
  startMs: integer,
  windowMs: integer,
  low: integer,
  high: integer,
  stake: integer,
  /** The multiplier that the trader saw, and the grid revision that offered it. */
  shown: integer,
  shownRevision: integer,
  guardPercent: integer,
  /** Highest multiplier at which it may yet be paid while it is held. */
  multiplierMax: integer,
  placedAt: integer,
  lockAt: integer,
  /** 1 when it was filled as shown, without a hold. */
  filled: bit,
  locked: orNull(integer),
  lockedRevision: orNull(integer),
  /** Commit that locked a held bet. */
  lockedBatch: orNull(integer),
  status: textOf<BetStatus>(),
  payout: integer,
  closedAt: orNull(integer),
  closedTick: orNull(integer),
  voidReason: orNull(textOf<VoidReason>()),
  /** Ledger rows that took the stake and that closed the bet. */
  stakeEntry: integer,
  closingEntry: orNull(integer),
  rule: addedLater(integer, FIRST_RULE),
});

export type BetRow = RowOf<typeof BETS>;

/** A bet with the nonce of its order; null when the order is not there. */
export type OrderedBet = BetRow & { readonly nonce: string | null };

/** What a bet has in the columns of its closing while it is open. */
export const NOT_CLOSED = {
  payout: 0,
  closedAt: null,
  closedTick: null,
  voidReason: null,
  closingEntry: null,
} as const satisfies Partial<BetRow>;

/** What a bet has in the columns of its lock while it is held. */
const NOT_LOCKED = {
  status: 'placed',
  locked: null,
  lockedRevision: null,
  lockedBatch: null,
} as const satisfies Partial<BetRow>;

/** The bet as it stood after a commit. @param ledgerId highest ledger row of that commit. */
export function asOf(
  bet: BetRow,
  { ledgerId, batch }: { readonly ledgerId: number; readonly batch: number },
): BetRow {
  if (bet.closingEntry === null || bet.closingEntry <= ledgerId) return bet;
  const wasHeld = bet.locked === null || (bet.lockedBatch !== null && bet.lockedBatch > batch);
  return { ...bet, ...NOT_CLOSED, status: 'locked', ...(wasHeld ? NOT_LOCKED : {}) };
}

/**
 * As it was placed; the multiplier and revision of a bet that was filled at once stand with it. The version
 * of the rule stands from version 2 on: lines that were hashed before there was another stay as they are.
 */
export const placedLine = (bet: BetRow, nonce: string | null): string =>
  `bet|${bet.seq}|${bet.id}|${bet.accountId}|${nonce ?? ''}|${bet.idx}|${bet.currency}|${bet.simulated}` +
  `|${bet.cell}|${bet.stake}|${bet.shown}|${bet.shownRevision}|${bet.guardPercent}|${bet.multiplierMax}` +
  `|${bet.placedAt}|${bet.lockAt}` +
  (bet.filled === 1 ? `|${bet.locked ?? ''}|${bet.lockedRevision ?? ''}` : '||') +
  (bet.rule === FIRST_RULE ? '' : `|${bet.rule}`);

/** A held bet that a commit locked. */
export type LockedBet = Pick<BetRow, 'seq' | 'id' | 'locked' | 'lockedRevision'>;
/** Its line in the ledger chain, under the commit that locked it. */
export const lockLine = (bet: LockedBet): string =>
  `lock|${bet.id}|${bet.locked ?? ''}|${bet.lockedRevision ?? ''}`;

/** How the bet stands that a ledger row closed. */
export type ClosedBet = Pick<
  BetRow,
  'id' | 'status' | 'closedAt' | 'closedTick' | 'voidReason' | 'lockedRevision'
>;
/** Its line in the ledger chain, right behind that of the ledger row. */
export const closedLine = (bet: ClosedBet): string =>
  `close|${bet.id}|${bet.status}|${bet.closedAt ?? ''}|${bet.closedTick ?? ''}|${bet.voidReason ?? ''}` +
  `|${bet.lockedRevision ?? ''}`;

/** @throws Error when the row holds what no bet can be: the file was changed by other hands. */
export function betOf(row: BetRow): Bet {
  const cell = parseCellId(row.cell);
  if (cell === null) throw new Error(`bet ${row.id} is on no cell: ${row.cell}`);
  const rule = row.rule as RuleVersion;
  if (!RULE_VERSIONS.includes(rule))
    throw new Error(`bet ${row.id} was taken under rule version ${rule}, which this version does not know`);
  const {
    id,
    accountId,
    currency,
    status,
    placedAt,
    lockAt,
    lockedRevision,
    closedAt,
    closedTick,
    voidReason,
  } = row;
  return {
    id,
    accountId,
    currency,
    simulated: row.simulated === 1,
    rule,
    cell,
    stake: micros(row.stake),
    shown: multiplier(row.shown),
    shownRevision: row.shownRevision,
    guardPercent: row.guardPercent,
    placedAt,
    lockAt,
    locked: row.locked === null ? null : multiplier(row.locked),
    lockedRevision,
    status,
    payout: micros(row.payout),
    closedAt,
    closedTick,
    voidReason,
  };
}
