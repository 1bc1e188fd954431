import { CURRENCIES, type Currency } from '../game/money.ts';
import type { BankrollPoint } from '../ports/operations.ts';
import type { OperatorBooks } from '../ports/operator.ts';

const STEP_MS = 3 * 3_600_000;
const STEPS = 56;

/**
 * What the house had every three hours of the last week. The past does not change, so each of its moments is
 * read once.
 */
export class BankrollHistory {
  readonly #known: Readonly<Record<Currency, Map<number, number>>> = Object.fromEntries(
    CURRENCIES.map((currency) => [currency, new Map()]),
  ) as never;

  constructor(private readonly books: Pick<OperatorBooks, 'bankrollAt'>) {}

  /** Oldest first, `now` not among them. */
  until(currency: Currency, now: number): readonly BankrollPoint[] {
    const known = this.#known[currency];
    const newest = now - 1 - ((now - 1) % STEP_MS);
    const points = Array.from({ length: STEPS }, (_, index) => {
      const at = newest - (STEPS - 1 - index) * STEP_MS;
      const bankroll = known.get(at) ?? this.books.bankrollAt(currency, at);
      return { at, bankroll };
    });
    known.clear();
    for (const { at, bankroll } of points) known.set(at, bankroll);
    return points;
  }
}
