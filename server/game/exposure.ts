import { columnKey, type CellId, type ColumnKey } from './grid.ts';
import { payoutOf, type Currency, type Micros, type Multiplier } from './money.ts';
import type { RejectionCode } from './rejection.ts';

/** Shares of the house bankroll (0.01 = 1 %) and counts that open bets may reach. */
export interface ExposureCaps {
  readonly cellShare: number;
  readonly columnShare: number;
  readonly totalShare: number;
  readonly accountShare: number;
  readonly openBetsMax: number;
  /** Bets of one account on one cell that were not refunded: the ledger counts them by its rows. */
  readonly betsPerCellMax: number;
}

/**
 * An open bet as the book sees it. `multiplier` is the highest at which it may yet be paid: the cap while
 * held, then the locked one.
 */
export interface Stake {
  readonly betId: string;
  readonly accountId: string;
  readonly currency: Currency;
  readonly cell: CellId;
  /** Start and length of the cell's column. */
  readonly startMs: number;
  readonly windowMs: number;
  readonly stake: Micros;
  readonly multiplier: Multiplier;
}

/** The most that {@link ExposureCaps.betsPerCellMax} may be in any house. */
export const BETS_PER_CELL_BOUND = 20;

/** Share of the column's cap that is used, at which each haircut begins (odds, section 6). */
const HAIRCUT_STEPS: readonly (readonly [used: number, haircut: number])[] = [
  [0.9, 0.1],
  [0.75, 0.05],
  [0.5, 0.02],
];

/** Every haircut that there is, from none on. */
export const HAIRCUTS: readonly number[] = [0, ...HAIRCUT_STEPS.map(([, haircut]) => haircut).reverse()];

export const haircutFor = (used: number): number => HAIRCUT_STEPS.find(([from]) => used >= from)?.[1] ?? 0;

/** What is owed at worst on a cell or a column, beyond the stakes that are held for it. */
interface Risk<Key> {
  readonly key: Key;
  stakes: number;
  sum: number;
}

interface Sums {
  readonly cells: Map<CellId, Risk<CellId>>;
  readonly columns: Map<ColumnKey, Risk<ColumnKey>>;
  total: number;
}

interface Owner {
  readonly accountId: string;
  payout: number;
  bets: number;
}

/** A stake in the book, with the sums that it is part of: who has it need not look for them again. */
export interface Holding {
  readonly currency: Currency;
  readonly stake: Micros;
  readonly owner: Owner;
  readonly cell: Risk<CellId>;
  readonly column: Risk<ColumnKey>;
  payout: number;
}

/**
 * What the house owes at worst: all cells ride one path, and one path can sweep all rows of a column, so the
 * worst case of a column is the sum of the payouts of its open bets less the stakes held for them. O(1) a
 * bet; sums are per currency.
 */
export class ExposureBook {
  readonly #sums: Readonly<Record<Currency, Sums>> = { PLAY: noSums(), USD: noSums() };
  readonly #owners = new Map<string, Owner>();

  constructor(private readonly caps: ExposureCaps) {}

  /**
   * @returns the first limit that the stake would break, or null. `bank` is the house balance of the
   * currency, `payoutMax` what the operator lets the account's open bets pay at most; null for no such limit.
   */
  check(
    { accountId, currency, cell: id, startMs, windowMs, stake, multiplier }: Stake,
    bank: Micros,
    payoutMax: Micros | null = null,
  ): RejectionCode | null {
    const owner = this.#owners.get(accountId);
    const { cells, columns, total } = this.#sums[currency];
    const cell = cells.get(id);
    const payout = payoutOf(stake, multiplier);
    const risk = payout - stake;
    if ((owner?.bets ?? 0) >= this.caps.openBetsMax) return 'too_many_open_bets';
    if (payoutMax !== null && (owner?.payout ?? 0) + payout > payoutMax) return 'account_payout_limit';
    if ((owner?.payout ?? 0) + payout > bank * this.caps.accountShare) return 'exposure_account';
    if ((cell?.sum ?? 0) + risk > bank * this.caps.cellShare) return 'exposure_cell';
    const column = columns.get(columnKey({ startMs, windowMs }));
    if ((column?.sum ?? 0) + risk > bank * this.caps.columnShare) return 'exposure_column';
    if (total + risk > bank * this.caps.totalShare) return 'exposure_total';
    return null;
  }

  /** @param stake one that {@link check} would take. */
  add({ accountId, currency, cell: id, startMs, windowMs, stake, multiplier }: Stake): Holding {
    const { cells, columns } = this.#sums[currency];
    let owner = this.#owners.get(accountId);
    if (owner === undefined) this.#owners.set(accountId, (owner = { accountId, payout: 0, bets: 0 }));
    const holding: Holding = {
      currency,
      stake,
      owner,
      cell: riskAt(cells, id),
      column: riskAt(columns, columnKey({ startMs, windowMs })),
      payout: 0,
    };
    owner.bets += 1;
    holding.cell.stakes += 1;
    holding.column.stakes += 1;
    this.#shift(holding, payoutOf(stake, multiplier), -stake);
    return holding;
  }

  remove(holding: Holding): void {
    const { currency, stake, owner, cell, column, payout } = holding;
    const { cells, columns } = this.#sums[currency];
    if (--owner.bets === 0) this.#owners.delete(owner.accountId);
    if (--cell.stakes === 0) cells.delete(cell.key);
    if (--column.stakes === 0) columns.delete(column.key);
    this.#shift(holding, -payout, stake);
  }

  /** Counts a stake that is in the book at another multiplier from now on. */
  reprice(holding: Holding, multiplier: Multiplier): void {
    this.#shift(holding, payoutOf(holding.stake, multiplier) - holding.payout, 0);
  }

  totalRisk(currency: Currency): number {
    return this.#sums[currency].total;
  }

  /** Worst-case loss of every column with open bets, micro-dollars. */
  columns(currency: Currency): ReadonlyMap<ColumnKey, number> {
    return new Map(Array.from(this.#sums[currency].columns.values(), ({ key, sum }) => [key, sum]));
  }

  /** What the open bets of an account could pay, micro-dollars. */
  openPayout(accountId: string): number {
    return this.#owners.get(accountId)?.payout ?? 0;
  }

  openBets(accountId: string): number {
    return this.#owners.get(accountId)?.bets ?? 0;
  }

  #shift(holding: Holding, payout: number, stake: number): void {
    const risk = payout + stake;
    holding.payout += payout;
    holding.owner.payout += payout;
    holding.cell.sum += risk;
    holding.column.sum += risk;
    this.#sums[holding.currency].total += risk;
  }
}

const noSums = (): Sums => ({ cells: new Map(), columns: new Map(), total: 0 });

function riskAt<Key>(risks: Map<Key, Risk<Key>>, key: Key): Risk<Key> {
  let risk = risks.get(key);
  if (risk === undefined) risks.set(key, (risk = { key, stakes: 0, sum: 0 }));
  return risk;
}
