import { pagesBehind } from '../../ports/pages.ts';
import type { Currency } from '../../game/money.ts';
import type { AccountRecord, CheckpointRecord, History } from '../../ports/history.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import type { EntryRow } from '../../store/rows/entry.ts';
import type { Findings } from './findings.ts';

interface RunningBalance {
  balance: number;
  version: number;
  /** Null for an account that has no row. */
  readonly currency: Currency | null;
  readonly mayOwe: boolean;
  /** Begins at a checkpoint, and no row after it was seen yet. */
  resting: boolean;
}

const NOTHING = { balance: 0, version: 0 };
const ACCOUNTS_PER_PAGE = 2_000;

/** Follows every account that has ledger rows; some 200 bytes an account are kept. */
export class Money {
  readonly #running = new Map<string, RunningBalance>();
  readonly #checkpoints: ReadonlyMap<string, CheckpointRecord>;

  /**
   * @param whole false when earlier rows of the books are left out: an account then begins as its first row
   * says, else at its checkpoint or with nothing.
   */
  constructor(
    private readonly history: History,
    private readonly findings: Findings,
    private readonly whole: boolean,
  ) {
    this.#checkpoints = new Map(
      history.checkpoints().map((checkpoint) => [checkpoint.accountId, checkpoint]),
    );
  }

  take(batch: BatchRow, entries: readonly EntryRow[]): void {
    const sums = new Map<Currency, number>();
    for (const entry of entries) {
      const running = this.#runningOf(entry);
      this.#follow(entry, running);
      if (running.currency !== null)
        sums.set(running.currency, (sums.get(running.currency) ?? 0) + entry.amount);
      if (entry.balanceAfter < 0 && !running.mayOwe)
        this.findings.add(
          'no_overdraft',
          `ledger row ${entry.id}`,
          `${entry.accountId} was left ${entry.balanceAfter}`,
        );
    }
    for (const [currency, sum] of sums)
      if (sum !== 0) this.findings.add('double_entry', `batch ${batch.seq}`, `${currency} moved by ${sum}`);
  }

  /**
   * Holds what the rows came to against the account rows.
   * @param openStakes of the bets that are open, by currency.
   * @returns how many accounts there are.
   */
  settle(openStakes: ReadonlyMap<string, number>): number {
    // All players together may have more than a number holds exactly.
    const sums = new Map<Currency, bigint>();
    let accounts = 0;
    const read = (last: string) => this.history.accountsAfter(last, ACCOUNTS_PER_PAGE);
    for (const page of pagesBehind('', read, ({ id }) => id)) {
      accounts += page.length;
      for (const account of page) {
        sums.set(account.currency, (sums.get(account.currency) ?? 0n) + BigInt(account.balance));
        this.#compare(account, openStakes);
      }
    }
    for (const [currency, sum] of sums)
      if (sum !== 0n) this.findings.add('conservation', currency, `all balances add up to ${sum}`);
    return accounts;
  }

  #runningOf({ id, accountId, balanceAfter, amount, version }: EntryRow): RunningBalance {
    const known = this.#running.get(accountId);
    if (known !== undefined) return known;
    const account = this.history.account(accountId);
    if (account === null)
      this.findings.add('balance', `ledger row ${id}`, `is of the unknown account ${accountId}`);
    const checkpoint = this.#checkpoints.get(accountId);
    const begin = this.whole
      ? (checkpoint ?? NOTHING)
      : { balance: balanceAfter - amount, version: version - 1 };
    const running = {
      balance: begin.balance,
      version: begin.version,
      currency: account?.currency ?? null,
      mayOwe: account?.kind === 'house' || account?.kind === 'funding',
      resting: this.whole && checkpoint !== undefined,
    };
    this.#running.set(accountId, running);
    return running;
  }

  #follow({ id, accountId, amount, balanceAfter, version }: EntryRow, running: RunningBalance): void {
    // Rows up to a checkpoint may not be gone yet; they were followed before it was made.
    if (running.resting && version <= running.version) return;
    if (version !== running.version + 1)
      this.findings.add(
        'versions',
        `ledger row ${id}`,
        `${accountId} has version ${version} after ${running.version}`,
      );
    if (balanceAfter !== running.balance + amount)
      this.findings.add(
        'balance',
        `ledger row ${id}`,
        `${accountId} had ${running.balance}, moved ${amount} and was left ${balanceAfter}`,
      );
    running.balance = balanceAfter;
    running.version = version;
    running.resting = false;
  }

  #compare(
    { id, kind, currency, balance, version }: AccountRecord,
    openStakes: ReadonlyMap<string, number>,
  ): void {
    const running =
      this.#running.get(id) ?? (this.whole ? (this.#checkpoints.get(id) ?? NOTHING) : { balance, version });
    if (balance !== running.balance || version !== running.version) {
      this.findings.add(
        'balance',
        `account ${id}`,
        `has ${balance} and version ${version}, its ledger ${running.balance} and version ` +
          `${running.version}`,
      );
    }
    if ((kind === 'player' || kind === 'open') && balance < 0)
      this.findings.add('no_overdraft', `account ${id}`, `has ${balance}`);
    const stakes = openStakes.get(currency) ?? 0;
    if (kind === 'open' && balance !== stakes)
      this.findings.add('open_stakes', `account ${id}`, `has ${balance}, open bets hold ${stakes}`);
  }
}
