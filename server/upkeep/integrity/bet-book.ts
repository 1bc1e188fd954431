import { present } from '../../game/present.ts';
import type { BetRecord, History } from '../../ports/history.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import type { EntryRow } from '../../store/rows/entry.ts';
import type { ChainOrder } from './chain-order.ts';
import type { Columns } from './columns.ts';
import type { Findings } from './findings.ts';
import { OrderSequence } from './order-sequence.ts';
import type { Quotes } from './quotes.ts';
import { Returns } from './returns.ts';

/**
 * A bet that is open where the walk stands. `row` is as it was last read, maybe closed already by what comes
 * later.
 */
interface OpenBet {
  row: BetRecord;
  staked: boolean;
  /** A batch that the walk has come by locked it. */
  locked: boolean;
}

const OUTCOMES: Readonly<Record<string, string>> = { payout: 'won', loss: 'lost', refund: 'void' };
const isOpen = (row: BetRecord): boolean => row.status === 'placed' || row.status === 'locked';

/**
 * Follows every bet from its stake to its closing. What it keeps grows with the bets that are open at one
 * time.
 */
export class BetBook {
  readonly returns = new Returns();
  readonly #open = new Map<string, OpenBet>();
  readonly #unsettled = new Set<string>();
  readonly #locks = new Map<number, OpenBet[]>();
  readonly #orders: OrderSequence;
  placed = 0;

  constructor(
    private readonly history: History,
    private readonly findings: Findings,
    private readonly quotes: Quotes,
    private readonly columns: Columns,
    private readonly order: ChainOrder,
  ) {
    this.#orders = new OrderSequence(findings);
  }

  /** Orders that the placed bets came from. */
  get orders(): number {
    return this.#orders.orders;
  }

  /** Bets that were open where a walk begins that leaves out what is before. */
  recall(rows: readonly BetRecord[], firstBatch: number): void {
    for (const row of rows) {
      this.#orders.takeAlone(row);
      this.quotes.checkRecalled(row);
      const bet = this.#add(row);
      bet.staked = true;
      if (row.filled === 0 && row.lockedBatch !== null && row.lockedBatch < firstBatch) bet.locked = true;
      else this.#expectLock(bet);
    }
  }

  /** Reads again what was open when it was read: a new snapshot may know more. */
  refresh(): void {
    for (const id of this.#unsettled) {
      const bet = present(this.#open.get(id), 'open bet');
      const row = this.history.bet(bet.row.seq);
      if (row === null) continue;
      const knewLock = bet.row.lockedBatch !== null;
      bet.row = row;
      if (!knewLock) this.#expectLock(bet);
      if (!isOpen(row)) this.#unsettled.delete(id);
    }
  }

  /** Takes the bets that a batch placed. @param row may have been read in an earlier snapshot. */
  place(rows: readonly BetRecord[], batch: BatchRow): void {
    for (const row of rows) {
      this.placed += 1;
      this.#orders.take(row);
      this.quotes.checkShown(row);
      this.order.placed(row, batch);
      this.#expectLock(this.#add(row));
    }
  }

  /** Bets that the batch locked, in the order of their lines. */
  lock(batch: number): BetRecord[] {
    const locks = (this.#locks.get(batch) ?? []).sort((a, b) => a.row.seq - b.row.seq);
    this.#locks.delete(batch);
    for (const bet of locks) {
      bet.locked = true;
      this.quotes.checkLock(bet.row);
      this.order.locked(bet.row);
    }
    return locks.map(({ row }) => row);
  }

  /** @returns the bet that a ledger row closes, null for all others. */
  post(entry: EntryRow): BetRecord | null {
    if (entry.betId === null) return null;
    const bet = this.#open.get(entry.betId);
    if (entry.kind === 'stake') {
      this.#stake(entry, bet);
      return null;
    }
    if (bet === undefined) {
      this.findings.add(
        'one_closing',
        `ledger row ${entry.id}`,
        `is a ${entry.kind} of the bet ${entry.betId}, which is not open there`,
      );
      return null;
    }
    this.#close(entry, bet);
    return bet.row;
  }

  /**
   * Holds the bets that are open at the end against what the file says of them. @returns their stakes by
   * currency.
   */
  settle(headAt: number, openRows: number): ReadonlyMap<string, number> {
    const stakes = new Map<string, number>();
    const rows = [...this.#open.values()].map(({ row }) => row);
    this.columns.settle(rows);
    for (const { row, staked } of this.#open.values()) {
      stakes.set(row.currency, (stakes.get(row.currency) ?? 0) + row.stake);
      if (!staked) this.findings.add('stake_row', `bet ${row.id}`, 'has no ledger row of its stake');
      if (!isOpen(row))
        this.findings.add('one_closing', `bet ${row.id}`, `is ${row.status} and has no closing row`);
      else this.#checkOpen(row);
    }
    if (openRows !== this.#open.size)
      this.findings.add(
        'one_closing',
        'bets',
        `${openRows} are open, by their ledger rows ${this.#open.size}`,
      );
    for (const { id, since } of this.columns.overdue(headAt, rows))
      this.findings.add(
        'overdue',
        `bet ${id}`,
        `is open, the ticks decided it at ${new Date(since).toISOString()}`,
      );
    return stakes;
  }

  /** What an open bet can have no value of yet. */
  #checkOpen({
    id,
    status,
    filled,
    payout,
    locked,
    lockedRevision,
    lockedBatch,
    closedAt,
    closedTick,
    voidReason,
  }: BetRecord): void {
    const place = `bet ${id}`;
    if (payout !== 0) this.findings.add('payout', place, `is ${status} and paid ${payout}`);
    if (closedAt !== null || closedTick !== null || voidReason !== null)
      this.findings.add('one_closing', place, `is ${status} and says how it was closed`);
    const isLocked = locked !== null && lockedRevision !== null && (lockedBatch === null) === (filled === 1);
    const isHeld = locked === null && lockedRevision === null && lockedBatch === null && filled === 0;
    if (!(status === 'placed' ? isHeld : isLocked))
      this.findings.add(
        'relock',
        place,
        `is ${status} at ${locked ?? 'no multiplier'} by revision ${lockedRevision ?? 'none'} and batch ` +
          `${lockedBatch ?? 'none'}`,
      );
  }

  #add(row: BetRecord): OpenBet {
    if (this.#open.has(row.id)) this.findings.add('one_order', `bet ${row.id}`, 'is there twice');
    // The signed text has done its part, and is the largest field.
    const bet = { row: { ...row, text: null }, staked: false, locked: row.filled === 1 };
    this.#open.set(row.id, bet);
    if (isOpen(row)) this.#unsettled.add(row.id);
    this.columns.place(row);
    return bet;
  }

  #expectLock(bet: OpenBet): void {
    const { lockedBatch } = bet.row;
    if (lockedBatch === null) return;
    const known = this.#locks.get(lockedBatch);
    if (known === undefined) this.#locks.set(lockedBatch, [bet]);
    else known.push(bet);
  }

  #stake({ id, batch, accountId, amount, betId }: EntryRow, bet: OpenBet | undefined): void {
    const place = `ledger row ${id}`;
    if (bet === undefined)
      return this.findings.add('stake_row', place, `is a stake of the bet ${betId}, which is not there`);
    const { row } = bet;
    if (bet.staked) this.findings.add('stake_row', place, `takes the stake of the bet ${row.id} again`);
    bet.staked = true;
    if (
      row.stakeEntry !== id ||
      row.batch !== batch ||
      row.accountId !== accountId ||
      amount !== -row.stake
    ) {
      this.findings.add(
        'stake_row',
        place,
        `moves ${amount} of ${accountId} in batch ${batch}; bet ${row.id} staked ${row.stake} of ` +
          `${row.accountId} in batch ${row.batch} by row ${row.stakeEntry}`,
      );
    }
  }

  #close(entry: EntryRow, bet: OpenBet): void {
    const { row } = bet;
    const place = `bet ${row.id}`;
    this.#open.delete(row.id);
    this.#unsettled.delete(row.id);
    if (!bet.staked) this.findings.add('stake_row', place, 'is closed and has no ledger row of its stake');
    if (
      row.closingEntry !== entry.id ||
      row.accountId !== entry.accountId ||
      row.payout !== entry.amount ||
      row.status !== OUTCOMES[entry.kind]
    ) {
      this.findings.add(
        'one_closing',
        place,
        `is ${row.status}, paid ${row.payout} by row ${row.closingEntry}; ledger row ${entry.id} is a ` +
          `${entry.kind} of ${entry.amount} for ${entry.accountId}`,
      );
    }
    const due =
      row.status === 'won'
        ? Math.floor((row.stake * (row.locked ?? 0)) / 100)
        : row.status === 'void'
          ? row.stake
          : 0;
    if (row.payout !== due)
      this.findings.add(
        'payout',
        place,
        `is ${row.status}, staked ${row.stake} at ${row.locked ?? 'no multiplier'} and paid ` +
          `${row.payout}, not ${due}`,
      );
    if (row.locked !== null && !bet.locked)
      this.findings.add('relock', place, `is locked at ${row.locked} by no batch before it was closed`);
    this.returns.take(row);
    this.quotes.checkRefund(row);
    this.order.closed(row);
    this.columns.close(row, entry.at);
  }
}
