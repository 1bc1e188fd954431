import type { Bet } from '../game/bet.ts';
import { haircutFor } from '../game/exposure.ts';
import { columnKey, type Cell, type ColumnKey } from '../game/grid.ts';
import { CURRENCIES, payoutOf, type Currency, type Micros, type Multiplier } from '../game/money.ts';

type Counted = Pick<Bet, 'currency' | 'stake' | 'cell'>;

const riskOf = (stake: Micros, multiplier: Multiplier): number => payoutOf(stake, multiplier) - stake;

interface Open {
  bets: number;
  stake: number;
  risk: number;
  /** Risk by column. */
  readonly columns: Map<ColumnKey, number>;
}

/**
 * How much of each column's cap is used, by the acknowledged bets; it sets the haircuts of the next quotes.
 * The ledger's own book decides what is accepted; this one may lag behind it by a commit.
 */
export class ExposureGauge {
  readonly #open: Readonly<Record<Currency, Open>> = { PLAY: nothing(), USD: nothing() };
  #banks: Record<Currency, number> = { PLAY: 0, USD: 0 };

  constructor(private readonly columnShare: number) {}

  setBank(currency: Currency, bank: Micros): void {
    this.#banks[currency] = bank;
  }

  /** Counts an open bet at the multiplier at which it may be paid. */
  hold({ currency, stake, cell }: Counted, multiplier: Multiplier): void {
    this.#shift(currency, cell, 1, stake, riskOf(stake, multiplier));
  }

  /** Counts a bet that is held at another multiplier from now on. */
  reprice({ currency, stake, cell }: Counted, from: Multiplier, to: Multiplier): void {
    this.#shift(currency, cell, 0, 0, riskOf(stake, to) - riskOf(stake, from));
  }

  /** @param multiplier at which it was counted last. */
  release({ currency, stake, cell }: Counted, multiplier: Multiplier): void {
    this.#shift(currency, cell, -1, -stake, -riskOf(stake, multiplier));
  }

  /** The haircut of a column: that of the currency which has used most of its cap. */
  haircutOf(window: Pick<Cell, 'startMs' | 'windowMs'>): number {
    const key = columnKey(window);
    let used = 0;
    for (const currency of CURRENCIES) {
      const cap = this.#banks[currency] * this.columnShare;
      const risk = this.#open[currency].columns.get(key) ?? 0;
      if (risk > 0 && cap > 0) used = Math.max(used, risk / cap);
    }
    return haircutFor(used);
  }

  /**
   * All open bets of a currency, micros: their stakes, and what the house would lose if every one of them
   * won.
   */
  openOf(currency: Currency): Readonly<Pick<Open, 'bets' | 'stake' | 'risk'>> {
    const { bets, stake, risk } = this.#open[currency];
    return { bets, stake, risk };
  }

  #shift(currency: Currency, cell: Cell, bets: number, stake: number, risk: number): void {
    const open = this.#open[currency];
    open.bets += bets;
    open.stake += stake;
    open.risk += risk;
    const key = columnKey(cell);
    const sum = (open.columns.get(key) ?? 0) + risk;
    if (sum === 0) open.columns.delete(key);
    else open.columns.set(key, sum);
  }
}

const nothing = (): Open => ({ bets: 0, stake: 0, risk: 0, columns: new Map() });
