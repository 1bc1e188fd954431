import type { AccountsBefore, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import type { AccountEndRow } from '../rows/account.ts';

interface RunningBalance {
  readonly account: AccountEndRow;
  readonly mayOwe: boolean;
  balance: number;
  version: number;
  /** Of the account's last row so far; null before the first. */
  entry: number | null;
}

/**
 * Follows every account through the ledger rows of a segment. Each begins as the segments before left it,
 * moves without holes, is never overdrawn, and ends as the segment says; the movements of each commit add up
 * to zero.
 */
export function* moneyFaults(
  range: SegmentRange,
  { accounts, ledger }: SegmentRows,
  before: AccountsBefore | null,
): Generator<string> {
  const runningBalances = new Map(
    accounts.map((account): [string, RunningBalance] => [
      account.id,
      {
        account,
        mayOwe: account.kind === 'house' || account.kind === 'funding',
        balance: 0,
        version: 0,
        entry: null,
      },
    ]),
  );
  let sums = new Map<string, number>();
  let batch = 0;
  for (const row of ledger) {
    const { accountId: id, amount, balanceAfter: balance, version } = row;
    if (row.batch !== batch) {
      yield* unbalanced(batch, sums);
      batch = row.batch;
      sums = new Map();
    }
    const running = runningBalances.get(id);
    if (running === undefined) {
      yield `balance: ledger row ${row.id} is of the unknown account ${id}`;
      continue;
    }
    const currency = running.account.currency;
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
    if (running.entry === null) {
      const left =
        before === null
          ? { balance: balance - amount, version: version - 1 }
          : (before.get(id) ?? { balance: 0, version: 0 });
      if (left.balance !== balance - amount || left.version !== version - 1)
        yield `${id} begins segment ${range.number} with ${balance - amount} and version ${version - 1}; ` +
          `it was left ${left.balance} and version ${left.version}`;
    } else {
      if (version !== running.version + 1)
        yield `versions: ${id} has version ${version} after ${running.version}`;
      if (balance !== running.balance + amount)
        yield `balance: ${id} was left ${balance} by version ${version}, which moved ${amount} on ` +
          `${running.balance}`;
    }
    if (balance < 0 && !running.mayOwe) yield `no_overdraft: ${id} was left ${balance}`;
    running.balance = balance;
    running.version = version;
    running.entry = row.id;
  }
  yield* unbalanced(batch, sums);
  for (const { account, balance, version, entry } of runningBalances.values()) {
    if (account.balance === balance && account.version === version && account.ledgerId === entry) continue;
    const { id, ledgerId } = account;
    yield `balance: ${id} has ${account.balance} and version ${account.version} by ledger row ` +
      `${ledgerId}, its ledger ${balance} and version ${version} by ledger row ${entry}`;
  }
}

function* unbalanced(batch: number, sums: ReadonlyMap<string, number>): Generator<string> {
  for (const [currency, sum] of sums)
    if (sum !== 0) yield `double_entry: batch ${batch} moves ${currency} by ${sum}`;
}
