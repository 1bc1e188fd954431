import type { SessionBalance } from '../../views/wallet/balance.tsx';
import { micros } from '../game/money.ts';
import type { Account, Session } from '../game/session.ts';
import type { Books } from '../ports/books.ts';

const SESSIONS_KEPT_MAX = 20_000;
const BETS_PER_LOOK = 200;
const LOOKS_MAX = 5;

interface Start {
  readonly accountId: string;
  /** Balance and open stakes at which the result is zero. */
  readonly worth: number;
  readonly at: number;
}

/**
 * What a session has won or lost so far. The start is worked out once a session from the bets that closed in
 * it, and kept.
 */
export class SessionBalances {
  readonly #starts = new Map<string, Start>();

  constructor(
    private readonly books: Pick<Books, 'account' | 'bets'>,
    private readonly now: () => number,
    private readonly stakeMin: number,
  ) {}

  /** @returns null when the account is not there. */
  of(session: Session): SessionBalance | null {
    const account = this.books.account(session.accountId);
    if (account === null) return null;
    const start = this.#starts.get(session.id) ?? this.#begin(session, account);
    return {
      currency: account.currency,
      balance: account.balance,
      net: micros(worthOf(account) - start.worth),
      sinceMs: this.now() - start.at,
      isSpent: account.currency === 'PLAY' && worthOf(account) < this.stakeMin,
    };
  }

  /**
   * Recomputes the start of the account's sessions: its balance has changed for another reason than play.
   */
  forget(accountId: string): void {
    for (const [sessionId, start] of this.#starts)
      if (start.accountId === accountId) this.#starts.delete(sessionId);
  }

  #begin(session: Session, account: Account): Start {
    const { net, from } = this.#resultSince(account.id, session.createdAt);
    const start = { accountId: account.id, worth: worthOf(account) - net, at: from };
    this.#starts.set(session.id, start);
    const [oldest] = this.#starts.keys();
    if (oldest !== undefined && this.#starts.size > SESSIONS_KEPT_MAX) this.#starts.delete(oldest);
    return start;
  }

  /**
   * Payouts less stakes of the bets that closed since `at`, whenever they were placed; of very many only the
   * later part is counted.
   */
  #resultSince(accountId: string, at: number): { net: number; from: number } {
    let net = 0;
    let cursor: string | null = null;
    let oldest = at;
    for (let look = 0; look < LOOKS_MAX; look++) {
      const { rows, cursor: next } = this.books.bets(accountId, 'closed', cursor, BETS_PER_LOOK);
      for (const { closedAt, payout, stake } of rows) {
        if (closedAt === null) continue;
        if (closedAt < at) return { net, from: at };
        net += payout - stake;
        oldest = closedAt;
      }
      if (next === null) return { net, from: at };
      cursor = next;
    }
    return { net, from: oldest };
  }
}

/** A tap moves a stake from one to the other, so only what closes a bet changes their sum. */
const worthOf = ({ balance, openStake }: Account): number => balance + openStake;
