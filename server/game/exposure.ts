import { cellId, type Cell } from './grid.ts';
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
  readonly cell: Cell;
  readonly stake: Micros;
  readonly multiplier: Multiplier;
}

/** Share of the column's cap that is used, at which each haircut begins (odds, section 6). */
const HAIRCUT_STEPS: readonly (readonly [used: number, haircut: number])[] = [[0.9, 0.1], [0.75, 0.05], [0.5, 0.02]];

export const haircutFor = (used: number): number => HAIRCUT_STEPS.find(([from]) => used >= from)?.[1] ?? 0;

/**
 * What the house owes at worst: all cells ride one path, and one path can sweep all rows of a column, so the worst case of a column is the
 * sum of the payouts of its open bets less the stakes held for them. O(1) a bet; sums are per currency.
 */
export class ExposureBook {
  readonly #cells = new Map<string, number>();
  readonly #columns = new Map<string, number>();
  readonly #totals = new Map<Currency, number>();
  readonly #accounts = new Map<string, { open: number; payout: number; cells: Set<string> }>();

  constructor(private readonly caps: ExposureCaps) {}

  /** @returns the first limit that the stake would break, or null. `bank` is the house balance of the currency. */
  check(stake: Stake, bank: Micros): RejectionCode | null {
    const account = this.#accounts.get(stake.accountId);
    const cell = cellId(stake.cell);
    const payout = payoutOf(stake.stake, stake.multiplier);
    const risk = payout - stake.stake;
    if (account?.cells.has(cell)) return 'duplicate_cell';
    if ((account?.open ?? 0) >= this.caps.openBetsMax) return 'too_many_open_bets';
    if ((account?.payout ?? 0) + payout > bank * this.caps.accountShare) return 'exposure_account';
    if ((this.#cells.get(keyOf(stake.currency, cell)) ?? 0) + risk > bank * this.caps.cellShare) return 'exposure_cell';
    if (this.columnRisk(stake.currency, stake.cell.startMs) + risk > bank * this.caps.columnShare) return 'exposure_column';
    if (this.totalRisk(stake.currency) + risk > bank * this.caps.totalShare) return 'exposure_total';
    return null;
  }

  add(stake: Stake): void {
    this.#shift(stake, 1);
  }

  /** @param stake with the same multiplier as it was added with. */
  remove(stake: Stake): void {
    this.#shift(stake, -1);
  }

  /** Counts a stake that is in the book at another multiplier. @returns the stake as it is counted from now on. */
  reprice<Held extends Stake>(stake: Held, multiplier: Multiplier): Held {
    const change = payoutOf(stake.stake, multiplier) - payoutOf(stake.stake, stake.multiplier);
    this.#sums(stake, cellId(stake.cell), change);
    this.#accounts.get(stake.accountId)!.payout += change;
    return { ...stake, multiplier };
  }

  columnRisk(currency: Currency, start: number): number {
    return this.#columns.get(keyOf(currency, start)) ?? 0;
  }

  totalRisk(currency: Currency): number {
    return this.#totals.get(currency) ?? 0;
  }

  /** Worst-case loss of every column with open bets, micro-dollars by window start. */
  columns(currency: Currency): Map<number, number> {
    const prefix = `${currency}/`;
    return new Map([...this.#columns].filter(([key]) => key.startsWith(prefix)).map(([key, risk]) => [Number(key.slice(prefix.length)), risk]));
  }

  openBets(accountId: string): number {
    return this.#accounts.get(accountId)?.open ?? 0;
  }

  #shift(stake: Stake, direction: 1 | -1): void {
    const cell = cellId(stake.cell);
    const payout = payoutOf(stake.stake, stake.multiplier);
    this.#sums(stake, cell, (payout - stake.stake) * direction);
    const account = this.#accounts.get(stake.accountId) ?? { open: 0, payout: 0, cells: new Set<string>() };
    account.open += direction;
    account.payout += payout * direction;
    if (direction === 1) account.cells.add(cell);
    else account.cells.delete(cell);
    if (account.open === 0) this.#accounts.delete(stake.accountId);
    else this.#accounts.set(stake.accountId, account);
  }

  #sums({ currency, cell: { startMs } }: Stake, cell: string, risk: number): void {
    bump(this.#cells, keyOf(currency, cell), risk);
    bump(this.#columns, keyOf(currency, startMs), risk);
    bump(this.#totals, currency, risk);
  }
}

const keyOf = (currency: Currency, part: string | number): string => `${currency}/${part}`;

function bump<Key>(sums: Map<Key, number>, key: Key, by: number): void {
  const sum = (sums.get(key) ?? 0) + by;
  if (sum === 0) sums.delete(key);
  else sums.set(key, sum);
}
