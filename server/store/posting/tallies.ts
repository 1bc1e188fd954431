import type { Database, Statement } from 'bun:sqlite';
import { micros, type Currency, type Micros, type Multiplier } from '../../game/money.ts';
import type { VoidReason } from '../../game/rejection.ts';
import { prepare } from '../database.ts';

interface Return {
  bets: number;
  staked: number;
  paid: number;
  returns: number;
  returnSquares: number;
}

/**
 * Running sums of what closed bets returned, by locked multiplier, and of refunds by reason: gathered over a
 * batch and written once.
 */
export class Tallies {
  readonly #returns = new Map<
    string,
    Return & { readonly currency: Currency; readonly multiplier: Multiplier }
  >();
  readonly #voids = new Map<
    string,
    { readonly currency: Currency; readonly reason: VoidReason; bets: number }
  >();
  readonly #addReturn: Statement;
  readonly #addVoid: Statement;

  constructor(db: Database) {
    this.#addReturn = prepare(
      db,
      `INSERT INTO multiplier_returns (currency, multiplier, bets, staked, paid, returns, return_squares) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (currency, multiplier) DO UPDATE SET bets = multiplier_returns.bets + excluded.bets, staked = multiplier_returns.staked + excluded.staked,
      paid = multiplier_returns.paid + excluded.paid, returns = multiplier_returns.returns + excluded.returns,
      return_squares = multiplier_returns.return_squares + excluded.return_squares`,
    );
    this.#addVoid = prepare(
      db,
      `INSERT INTO void_counts (currency, reason, bets) VALUES ($1, $2, $3)
      ON CONFLICT (currency, reason) DO UPDATE SET bets = void_counts.bets + excluded.bets`,
    );
  }

  close(currency: Currency, multiplier: Multiplier, stake: Micros, payout: Micros): void {
    const key = `${currency}/${multiplier}`;
    const sum = this.#returns.get(key) ?? {
      currency,
      multiplier,
      bets: 0,
      staked: 0,
      paid: 0,
      returns: 0,
      returnSquares: 0,
    };
    const share = payout / stake;
    sum.bets += 1;
    sum.staked += stake;
    sum.paid += payout;
    sum.returns += share;
    sum.returnSquares += share * share;
    this.#returns.set(key, sum);
  }

  void(currency: Currency, reason: VoidReason): void {
    const key = `${currency}/${reason}`;
    const sum = this.#voids.get(key) ?? { currency, reason, bets: 0 };
    sum.bets += 1;
    this.#voids.set(key, sum);
  }

  write(): void {
    for (const {
      currency,
      multiplier,
      bets,
      staked,
      paid,
      returns,
      returnSquares,
    } of this.#returns.values()) {
      this.#addReturn.run(currency, multiplier, bets, micros(staked), micros(paid), returns, returnSquares);
    }
    for (const { currency, reason, bets } of this.#voids.values()) this.#addVoid.run(currency, reason, bets);
    this.#returns.clear();
    this.#voids.clear();
  }
}
