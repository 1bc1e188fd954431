import { micros } from '../game/money.ts';
import type { Books } from '../ports/books.ts';
import type { Away } from '../ports/sign-in.ts';

/** Closed bets that are looked at; more than an account may have open when it leaves. */
const BETS_MAX = 500;

/** What became of an account's bets between two moments, UTC epoch ms. */
export function awayFrom(books: Pick<Books, 'bets'>, accountId: string, since: number, until: number): Away {
  const closed = books
    .bets(accountId, 'closed', null, BETS_MAX)
    .rows.filter(({ closedAt }) => closedAt! > since);
  const count = (status: string): number => closed.filter((bet) => bet.status === status).length;
  const sum = (field: 'stake' | 'payout') => micros(closed.reduce((total, bet) => total + bet[field], 0));
  return {
    since,
    until,
    won: count('won'),
    lost: count('lost'),
    void: count('void'),
    staked: sum('stake'),
    paid: sum('payout'),
  };
}
