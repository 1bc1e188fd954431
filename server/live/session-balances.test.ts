import { describe, expect, test } from 'bun:test';
import type { Bet } from '../game/bet.ts';
import { dollars, micros, type Micros } from '../game/money.ts';
import type { Session } from '../game/session.ts';
import type { Books } from '../ports/books.ts';
import { SessionBalances } from './session-balances.ts';

const SESSION = { id: 'session', accountId: 'account', createdAt: 1_000 } as Session;

/** An account and its closed bets, newest first, as the books give them. */
class Account {
  currency: 'USD' | 'PLAY' = 'USD';
  balance = dollars(100);
  openStake = dollars(0);
  readonly closed: Bet[] = [];
  readonly sessionBalances = new SessionBalances(
    {
      account: (id) =>
        ({ id, currency: this.currency, balance: this.balance, openStake: this.openStake }) as ReturnType<
          Books['account']
        >,
      bets: (_, __, cursor, limit) => {
        const from = Number(cursor ?? 0);
        return {
          rows: this.closed.slice(from, from + limit),
          cursor: from + limit < this.closed.length ? String(from + limit) : null,
        };
      },
    },
    () => 10_000,
    dollars(5),
  );

  place(stake: Micros): void {
    this.balance = micros(this.balance - stake);
    this.openStake = micros(this.openStake + stake);
  }

  close(stake: Micros, payout: Micros, closedAt: number): void {
    this.openStake = micros(this.openStake - stake);
    this.balance = micros(this.balance + payout);
    this.closed.unshift({ stake, payout, closedAt } as Bet);
  }

  net = (): number => this.sessionBalances.of(SESSION)!.net / dollars(1);
}

test('play money is spent when it covers no stake and nothing is open; dollars are nobody’s to refill', () => {
  const account = new Account();
  const isSpent = (): boolean => account.sessionBalances.of(SESSION)!.isSpent;
  account.currency = 'PLAY';
  account.balance = dollars(9);
  expect(isSpent()).toBe(false);
  account.place(dollars(5));
  expect(isSpent()).toBe(false);
  account.close(dollars(5), dollars(0), 9_000);
  expect(isSpent()).toBe(true);
  account.currency = 'USD';
  expect(isSpent()).toBe(false);
});

describe('the result of a session', () => {
  test('is what its bets won and lost, open stakes counted as still there', () => {
    const account = new Account();
    expect(account.net()).toBe(0);
    account.place(dollars(10));
    expect(account.net()).toBe(0);
    account.close(dollars(10), dollars(25), 2_000);
    expect(account.net()).toBe(15);
    account.place(dollars(5));
    account.close(dollars(5), dollars(0), 3_000);
    expect(account.net()).toBe(10);
  });

  test('is the same when it is first asked for later, and leaves out what closed before', () => {
    const account = new Account();
    account.place(dollars(10));
    account.close(dollars(10), dollars(90), 900);
    account.place(dollars(10));
    account.close(dollars(10), dollars(25), 2_000);
    account.place(dollars(7));
    expect(account.net()).toBe(15);
  });

  test('counts no stake of an earlier session that is still open', () => {
    const account = new Account();
    account.place(dollars(10));
    expect(account.net()).toBe(0);
    account.close(dollars(10), dollars(0), 2_000);
    expect(account.net()).toBe(-10);
  });

  test('knows no deposit and no withdrawal, before the first look or after it', () => {
    const account = new Account();
    account.place(dollars(10));
    account.close(dollars(10), dollars(25), 2_000);
    account.balance = dollars(1_000);
    expect(account.net()).toBe(15);
    account.balance = dollars(50);
    account.sessionBalances.forget('another');
    expect(account.net()).not.toBe(15);
    account.sessionBalances.forget('account');
    expect(account.net()).toBe(15);
  });

  test('of very many bets is that of the later ones, with the time that they took', () => {
    const account = new Account();
    for (let i = 0; i < 1_500; i++) {
      account.place(dollars(1));
      account.close(dollars(1), dollars(0), 2_000 + i);
      account.balance = dollars(100);
    }
    expect(account.net()).toBe(-1_000);
    expect(account.sessionBalances.of(SESSION)!.sinceMs).toBe(10_000 - 2_500);
  });
});
