import type { CellId } from './grid.ts';
import { payoutOf, type Currency, type Micros, type Multiplier } from './money.ts';
import type { RejectionCode } from './rejection.ts';

/** Shares of the house bankroll (0.01 = 1 %) and counts that open bets may reach. */
export interface ExposureCaps {
  readonly cellShare: number;
  readonly columnShare: number;
  readonly totalShare: number;
  readonly accountShare: number;
  readonly openBetsMax: number;
}

/** An open bet as the book sees it. `multiplier` is the highest at which it may yet be paid: the cap while held, then the locked one. */
export interface Stake {
  readonly betId: string;
  readonly accountId: string;
  readonly currency: Currency;
  readonly cell: CellId;
  /** Start of the cell's column. */
  readonly startMs: number;
  readonly stake: Micros;
  readonly multiplier: Multiplier;
}

/** Share of the column's cap that is used, at which each haircut begins (odds, section 6). */
const HAIRCUT_STEPS: readonly (readonly [used: number, haircut: number])[] = [[0.9, 0.1], [0.75, 0.05], [0.5, 0.02]];

export const haircutFor = (used: number): number => HAIRCUT_STEPS.find(([from]) => used >= from)?.[1] ?? 0;

interface Sums {
  readonly cells: Map<CellId, number>;
  /** By start. */
  readonly columns: Map<number, number>;
  total: number;
}

interface Owner {
  payout: number;
  readonly cells: Set<CellId>;
}

/**
 * What the house owes at worst: all cells ride one path, and one path can sweep all rows of a column, so the worst case of a column is the
 * sum of the payouts of its open bets less the stakes held for them. O(1) a bet; sums are per currency.
 */
export class ExposureBook {
  readonly #sums: Readonly<Record<Currency, Sums>> = { PLAY: noSums(), USD: noSums() };
  readonly #owners = new Map<string, Owner>();

  constructor(private readonly caps: ExposureCaps) {}

  /** @returns the first limit that the stake would break, or null. `bank` is the house balance of the currency. */
  check({ accountId, currency, cell, startMs, stake, multiplier }: Stake, bank: Micros): RejectionCode | null {
    const owner = this.#owners.get(accountId);
    const { cells, columns, total } = this.#sums[currency];
    const payout = payoutOf(stake, multiplier);
    const risk = payout - stake;
    if (owner?.cells.has(cell)) return 'duplicate_cell';
    if ((owner?.cells.size ?? 0) >= this.caps.openBetsMax) return 'too_many_open_bets';
    if ((owner?.payout ?? 0) + payout > bank * this.caps.accountShare) return 'exposure_account';
    if ((cells.get(cell) ?? 0) + risk > bank * this.caps.cellShare) return 'exposure_cell';
    if ((columns.get(startMs) ?? 0) + risk > bank * this.caps.columnShare) return 'exposure_column';
    if (total + risk > bank * this.caps.totalShare) return 'exposure_total';
    return null;
  }

  /** @param stake one that {@link check} would take: one account holds a cell once. */
  add(stake: Stake): void {
    let owner = this.#owners.get(stake.accountId);
    if (owner === undefined) this.#owners.set(stake.accountId, (owner = { payout: 0, cells: new Set() }));
    owner.cells.add(stake.cell);
    const payout = payoutOf(stake.stake, stake.multiplier);
    owner.payout += payout;
    this.#shift(stake, payout - stake.stake);
  }

  /** @param stake with the same multiplier as it was added with. */
  remove(stake: Stake): void {
    const owner = this.#owners.get(stake.accountId)!;
    owner.cells.delete(stake.cell);
    const payout = payoutOf(stake.stake, stake.multiplier);
    owner.payout -= payout;
    if (owner.cells.size === 0) this.#owners.delete(stake.accountId);
    this.#shift(stake, stake.stake - payout);
  }

  /** Counts a stake that is in the book at another multiplier from now on. */
  reprice(stake: Stake, multiplier: Multiplier): void {
    const change = payoutOf(stake.stake, multiplier) - payoutOf(stake.stake, stake.multiplier);
    this.#owners.get(stake.accountId)!.payout += change;
    this.#shift(stake, change);
  }

  columnRisk(currency: Currency, start: number): number {
    return this.#sums[currency].columns.get(start) ?? 0;
  }

  totalRisk(currency: Currency): number {
    return this.#sums[currency].total;
  }

  /** Worst-case loss of every column with open bets, micro-dollars by window start. */
  columns(currency: Currency): ReadonlyMap<number, number> {
    return this.#sums[currency].columns;
  }

  openBets(accountId: string): number {
    return this.#owners.get(accountId)?.cells.size ?? 0;
  }

  #shift({ currency, cell, startMs }: Stake, risk: number): void {
    const sums = this.#sums[currency];
    bump(sums.cells, cell, risk);
    bump(sums.columns, startMs, risk);
    sums.total += risk;
  }
}

const noSums = (): Sums => ({ cells: new Map(), columns: new Map(), total: 0 });

function bump<Key>(sums: Map<Key, number>, key: Key, by: number): void {
  const sum = (sums.get(key) ?? 0) + by;
  if (sum === 0) sums.delete(key);
  else sums.set(key, sum);
}
