import type { Standing } from '../../views/wallet/balance.tsx';
import { micros, type Micros } from '../game/money.ts';
import type { Account, Session } from '../game/session.ts';
import type { Books, LedgerKind } from '../ports/books.ts';

const SESSIONS_KEPT_MAX = 20_000;
const ROWS_PER_LOOK = 200;
const LOOKS_MAX = 5;
/** Entries that come from playing; the others move money in or out. */
const PLAYED: readonly LedgerKind[] = ['stake', 'payout', 'refund', 'loss'];

interface Start {
  /** Balance and open stakes at which the result is zero. */
  readonly worth: number;
  readonly at: number;
}

/** What a session has won or lost so far. The start is worked out once a session from its ledger rows and kept. */
export class Standings {
  readonly #starts = new Map<string, Start>();

  constructor(
    private readonly books: Pick<Books, 'account' | 'statement'>,
    private readonly now: () => number,
  ) {}

  /** @returns null when the account is not there. */
  of(session: Session): Standing | null {
    const account = this.books.account(session.accountId);
    if (account === null) return null;
    const start = this.#starts.get(session.id) ?? this.#begin(session, account);
    const worth = account.balance + account.openStake;
    return { currency: account.currency, balance: account.balance, net: micros(worth - start.worth), sinceMs: this.now() - start.at };
  }

  #begin(session: Session, account: Account): Start {
    const { net, from } = this.#playedSince(account, session.createdAt);
    const start = { worth: account.balance - net, at: from };
    this.#starts.set(session.id, start);
    if (this.#starts.size > SESSIONS_KEPT_MAX) this.#starts.delete(this.#starts.keys().next().value!);
    return start;
  }

  /** Sum of the played entries since `at`; a session with very many is counted from its later part. */
  #playedSince(account: Account, at: number): { net: Micros; from: number } {
    let net = 0;
    let cursor: string | null = null;
    let oldest = at;
    for (let look = 0; look < LOOKS_MAX; look++) {
      const { rows, cursor: next } = this.books.statement(account.id, cursor, ROWS_PER_LOOK);
      for (const row of rows) {
        if (row.at < at) return { net: micros(net), from: at };
        if (PLAYED.includes(row.kind)) net += row.amount;
        oldest = row.at;
      }
      if (next === null) return { net: micros(net), from: at };
      cursor = next;
    }
    return { net: micros(net), from: oldest };
  }
}
