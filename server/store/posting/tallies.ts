import type { Database } from 'bun:sqlite';
import { micros, type Currency, type Micros, type Multiplier } from '../../game/money.ts';
import type { VoidReason } from '../../game/rejection.ts';
import { insertInto, type Insert } from '../row-statements.ts';
import { RETURNS, VOIDS, type ReturnRow, type VoidRow } from '../rows/tally.ts';

type Writable<Row> = { -readonly [Name in keyof Row]: Row[Name] };

/** What a row of the batch adds to the sums that are there. */
const ADDED = RETURNS.fields
  .filter((field) => !RETURNS.key.includes(field))
  .map(({ name }) => `${name} = multiplier_returns.${name} + excluded.${name}`)
  .join(', ');

/**
 * Running sums of what closed bets returned, by locked multiplier, and of refunds by reason: gathered over a
 * batch and written once.
 */
export class Tallies {
  readonly #returns = new Map<string, Writable<ReturnRow>>();
  readonly #voids = new Map<string, Writable<VoidRow>>();
  readonly #addReturn: Insert<typeof RETURNS>;
  readonly #addVoid: Insert<typeof VOIDS>;

  constructor(db: Database) {
    this.#addReturn = insertInto(db, RETURNS, `ON CONFLICT (currency, multiplier) DO UPDATE SET ${ADDED}`);
    this.#addVoid = insertInto(
      db,
      VOIDS,
      'ON CONFLICT (currency, reason) DO UPDATE SET bets = void_counts.bets + excluded.bets',
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
    for (const sum of this.#returns.values())
      this.#addReturn({ ...sum, staked: micros(sum.staked), paid: micros(sum.paid) });
    for (const sum of this.#voids.values()) this.#addVoid(sum);
    this.#returns.clear();
    this.#voids.clear();
  }
}
