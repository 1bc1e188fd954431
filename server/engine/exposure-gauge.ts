import { haircutFor } from '../game/exposure.ts';
import { CURRENCIES, payoutOf, type Currency, type Micros, type Multiplier } from '../game/money.ts';

interface Held {
  readonly currency: Currency;
  readonly start: number;
  readonly risk: number;
}

/**
 * How much of each column's cap is sold, as the acknowledged bets tell it: what takes haircuts off the next quotes. The ledger's own book decides what is
 * accepted; this one may lag behind it by a commit.
 */
export class ExposureGauge {
  readonly #bets = new Map<string, Held>();
  readonly #columns = new Map<string, number>();
  #banks: Record<Currency, number> = { PLAY: 0, USD: 0 };

  constructor(private readonly columnShare: number) {}

  setBank(currency: Currency, bank: Micros): void {
    this.#banks[currency] = bank;
  }

  /** Counts an open bet at the multiplier at which it may be paid; again with another one replaces it. */
  hold(bet: { readonly id: string; readonly currency: Currency; readonly stake: Micros; readonly startMs: number }, multiplier: Multiplier): void {
    this.release(bet.id);
    const held = { currency: bet.currency, start: bet.startMs, risk: payoutOf(bet.stake, multiplier) - bet.stake };
    this.#bets.set(bet.id, held);
    this.#shift(held, held.risk);
  }

  release(betId: string): void {
    const held = this.#bets.get(betId);
    if (held === undefined) return;
    this.#bets.delete(betId);
    this.#shift(held, -held.risk);
  }

  /** The haircut of the column that starts then: that of the currency which has used most of its cap. */
  haircutOf(start: number): number {
    let used = 0;
    for (const currency of CURRENCIES) {
      const cap = this.#banks[currency] * this.columnShare;
      const risk = this.#columns.get(`${currency}/${start}`) ?? 0;
      if (risk > 0 && cap > 0) used = Math.max(used, risk / cap);
    }
    return haircutFor(used);
  }

  #shift({ currency, start }: Held, by: number): void {
    const key = `${currency}/${start}`;
    const sum = (this.#columns.get(key) ?? 0) + by;
    if (sum === 0) this.#columns.delete(key);
    else this.#columns.set(key, sum);
  }
}
