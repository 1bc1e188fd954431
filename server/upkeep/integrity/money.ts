import type { Currency } from '../../game/money.ts';
import type { AccountRecord, CheckpointRecord, History } from '../../ports/history.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import type { EntryRow } from '../../store/rows/entry.ts';
import type { Findings } from './findings.ts';

interface Standing {
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
  readonly #standings = new Map<string, Standing>();
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
      const standing = this.#standingOf(entry);
      this.#follow(entry, standing);
      if (standing.currency !== null)
        sums.set(standing.currency, (sums.get(standing.currency) ?? 0) + entry.amount);
      if (entry.balanceAfter < 0 && !standing.mayOwe)
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
    for (
      let page = this.history.accountsAfter('', ACCOUNTS_PER_PAGE);
      page.length > 0;
      page = this.history.accountsAfter(page.at(-1)!.id, ACCOUNTS_PER_PAGE)
    ) {
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

  #standingOf({ id, accountId, balanceAfter, amount, version }: EntryRow): Standing {
    const known = this.#standings.get(accountId);
    if (known !== undefined) return known;
    const account = this.history.account(accountId);
    if (account === null)
      this.findings.add('balance', `ledger row ${id}`, `is of the unknown account ${accountId}`);
    const checkpoint = this.#checkpoints.get(accountId);
    const begin = this.whole
      ? (checkpoint ?? NOTHING)
      : { balance: balanceAfter - amount, version: version - 1 };
    const standing = {
      balance: begin.balance,
      version: begin.version,
      currency: account?.currency ?? null,
      mayOwe: account?.kind === 'house' || account?.kind === 'funding',
      resting: this.whole && checkpoint !== undefined,
    };
    this.#standings.set(accountId, standing);
    return standing;
  }

  #follow({ id, accountId, amount, balanceAfter, version }: EntryRow, standing: Standing): void {
    // Rows up to a checkpoint may not be gone yet; they were followed before it was made.
    if (standing.resting && version <= standing.version) return;
    if (version !== standing.version + 1)
      this.findings.add(
        'versions',
        `ledger row ${id}`,
        `${accountId} has version ${version} after ${standing.version}`,
      );
    if (balanceAfter !== standing.balance + amount)
      this.findings.add(
        'balance',
        `ledger row ${id}`,
        `${accountId} had ${standing.balance}, moved ${amount} and was left ${balanceAfter}`,
      );
    standing.balance = balanceAfter;
    standing.version = version;
    standing.resting = false;
  }

  #compare(
    { id, kind, currency, balance, version }: AccountRecord,
    openStakes: ReadonlyMap<string, number>,
  ): void {
    const standing =
      this.#standings.get(id) ?? (this.whole ? (this.#checkpoints.get(id) ?? NOTHING) : { balance, version });
    if (balance !== standing.balance || version !== standing.version) {
      this.findings.add(
        'balance',
        `account ${id}`,
        `has ${balance} and version ${version}, its ledger ${standing.balance} and version ` +
          `${standing.version}`,
      );
    }
    if ((kind === 'player' || kind === 'open') && balance < 0)
      this.findings.add('no_overdraft', `account ${id}`, `has ${balance}`);
    const stakes = openStakes.get(currency) ?? 0;
    if (kind === 'open' && balance !== stakes)
      this.findings.add('open_stakes', `account ${id}`, `has ${balance}, open bets hold ${stakes}`);
  }
}
