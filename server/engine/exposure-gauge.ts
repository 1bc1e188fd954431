import { haircutFor } from '../game/exposure.ts';
import { CURRENCIES, payoutOf, type Currency, type Micros, type Multiplier } from '../game/money.ts';

interface Held {
  readonly currency: Currency;
  readonly start: number;
  readonly stake: number;
  readonly risk: number;
}

/**
 * How much of each column's cap is sold, as the acknowledged bets tell it: what takes haircuts off the next quotes. The ledger's own book decides what is
 * accepted; this one may lag behind it by a commit.
 */
export class ExposureGauge {
  readonly #bets = new Map<string, Held>();
  readonly #columns = new Map<string, number>();
  readonly #totals: Record<Currency, { bets: number; stake: number; risk: number }> = { PLAY: { bets: 0, stake: 0, risk: 0 }, USD: { bets: 0, stake: 0, risk: 0 } };
  #banks: Record<Currency, number> = { PLAY: 0, USD: 0 };

  constructor(private readonly columnShare: number) {}

  setBank(currency: Currency, bank: Micros): void {
    this.#banks[currency] = bank;
  }

  /** Counts an open bet at the multiplier at which it may be paid; again with another one replaces it. */
  hold(bet: { readonly id: string; readonly currency: Currency; readonly stake: Micros; readonly startMs: number }, multiplier: Multiplier): void {
    this.release(bet.id);
    const held = { currency: bet.currency, start: bet.startMs, stake: bet.stake, risk: payoutOf(bet.stake, multiplier) - bet.stake };
    this.#bets.set(bet.id, held);
    this.#shift(held, 1);
  }

  release(betId: string): void {
    const held = this.#bets.get(betId);
    if (held === undefined) return;
    this.#bets.delete(betId);
    this.#shift(held, -1);
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

  /** All open bets of a currency, micros: their stakes, and what the house would lose if every one of them won. */
  openOf(currency: Currency): Readonly<{ bets: number; stake: number; risk: number }> {
    return this.#totals[currency];
  }

  #shift({ currency, start, stake, risk }: Held, sign: 1 | -1): void {
    const total = this.#totals[currency];
    total.bets += sign;
    total.stake += sign * stake;
    total.risk += sign * risk;
    const key = `${currency}/${start}`;
    const sum = (this.#columns.get(key) ?? 0) + sign * risk;
    if (sum === 0) this.#columns.delete(key);
    else this.#columns.set(key, sum);
  }
}
