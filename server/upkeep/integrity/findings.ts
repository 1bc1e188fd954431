/** What is checked, in the order of the report: name and the sentence that must hold. */
export const CHECKS = {
  pages: 'Every page of the file can be read, and its indexes and constraints agree with its rows.',
  schema: 'Tables, indexes and triggers are those that the migrations make.',
  constraints: 'No row has a value that its table refuses.',
  references: 'No row points to a row that is not there.',
  ledger_chain: 'Each batch has the hash of its rows and names the hash before it.',
  tick_chain: 'Ticks follow each other without gaps, and each batch of them has the hash of all up to it.',
  chain_order:
    'No commit is earlier than the one before; a bet stands before the ticks of its window and near the ' +
    'time at which it was placed, a lock behind its revision, a closing behind its tick.',
  anchors: 'The chain goes through the heads that were noted elsewhere.',
  tick_price: 'A tick is the median of its venues, a revision stands on the price of its tick.',
  conservation: 'The balances of each currency add up to zero.',
  double_entry: 'The movements of each currency add up to zero in every commit.',
  balance: 'A balance is its checkpoint and all movements after it, and what the last of them left.',
  versions: 'The versions of an account have no gaps, in the order of its ledger rows.',
  no_overdraft: "No player's balance and no sum of open stakes was ever below zero.",
  one_order:
    'Each order has bets, each bet one line of one order of its account, and the signed text of that ' +
    'order says what the bet says.',
  bets_per_cell: 'An account has at most as many bets on a cell that were not void as its terms allow.',
  open_stakes: 'The open account of a currency holds the stakes of its open bets.',
  stake_row: 'Each bet has one ledger row of its account that took the stake.',
  one_closing:
    'Each closed bet has exactly one closing row, of its account and outcome; an open bet has none.',
  payout: 'A win pays floor(stake × locked / 100), a void the stake, anything else nothing.',
  returns: 'The published returns and refunds are those of the closed bets.',
  accounts:
    'The house has its id and its accounts, and each account is of the kind and currency that its name says.',
  day_sums: 'What an account staked and got back on its newest day is what its bets of that day say.',
  own_limits:
    'Limits of an account are those of its newest change; none was loosened within a day, no pause was ' +
    'shortened, and no bet was placed in one.',
  restrictions:
    'No bet was placed by an account while an operator had blocked it, or above what one allowed it.',
  maintenance: 'No bet reaches into a maintenance that was announced before it.',
  news: 'A revision is priced around the news that the calendar of its time has, and around no other.',
  sessions:
    'Each order was sent by a session of its account; each bet was within the time, the highest stake ' +
    'and the daily cap of that session.',
  orders: 'An order is of the time of its bets, and says which of its taps became none.',
  checkpoints:
    'The checkpoints of a currency add up to zero, and the ledger of each account continues from its own.',
  archive: 'Each segment of the archive follows the one before, and the books follow the last.',
  operator_actions:
    "Operators' actions are numbered without gaps; each transfer moved its money, and each bet voided by " +
    'an operator was voided in that commit.',
  requote: 'Each bet was shown what its revision offers.',
  relock: 'Each bet was locked, or given back, as the first revision after its hold says.',
  reresolve: 'Each closed bet ended as the ticks say, by the tick that decides it.',
  shadow: 'Each block of the shadow book is what its ticks and revisions say.',
  overdue: 'No bet is open a minute after the tick that decides it.',
  signatures: 'Each order was signed by the key of its session.',
} as const;

export type CheckName = keyof typeof CHECKS;

export interface Violation {
  readonly check: CheckName;
  /** The row, batch, page or account where it does not hold. */
  readonly place: string;
  readonly detail: string;
}

/** Sentences kept of one check: a broken file breaks it everywhere. All are counted. */
export const KEPT_PER_CHECK_MAX = 100;

export class Findings {
  readonly #kept: Violation[] = [];
  readonly #counts = new Map<CheckName, number>();

  add(check: CheckName, place: string, detail: string): void {
    const count = (this.#counts.get(check) ?? 0) + 1;
    this.#counts.set(check, count);
    if (count <= KEPT_PER_CHECK_MAX) this.#kept.push({ check, place, detail });
  }

  /** All that others found. */
  takeOver(others: Findings): void {
    for (const [check, count] of others.#counts) {
      const before = this.count(check);
      this.#counts.set(check, before + count);
      const kept = others.#kept.filter((violation) => violation.check === check);
      this.#kept.push(...kept.slice(0, Math.max(0, KEPT_PER_CHECK_MAX - before)));
    }
  }

  count(check: CheckName): number {
    return this.#counts.get(check) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get kept(): readonly Violation[] {
    return this.#kept;
  }
}
