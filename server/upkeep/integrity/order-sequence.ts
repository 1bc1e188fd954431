import type { BetRecord } from '../../ports/history.ts';
import type { Findings } from './findings.ts';
import { OrderText } from './order-text.ts';

/**
 * Holds the bets, as they come, against their orders: each is one line of one order, and these follow each
 * other.
 */
export class OrderSequence {
  readonly #texts = new OrderText();
  #last = { intentId: 0, idx: -1 };
  /** Orders that bets came from. */
  orders = 0;

  constructor(private readonly findings: Findings) {}

  /** The next bet of all. */
  take(row: BetRecord): void {
    const place = `bet ${row.id}`;
    if (row.intentId !== this.#last.intentId) {
      if (row.intentId < this.#last.intentId)
        this.findings.add(
          'one_order',
          place,
          `is of order ${row.intentId}, after order ${this.#last.intentId}`,
        );
      this.#last = { intentId: row.intentId, idx: -1 };
      this.orders += 1;
    }
    if (row.idx <= this.#last.idx)
      this.findings.add(
        'one_order',
        place,
        `is tap ${row.idx} after tap ${this.#last.idx} of order ${row.intentId}`,
      );
    this.#last.idx = row.idx;
    this.takeAlone(row);
  }

  /** A bet from before the part that is walked, without those before it. */
  takeAlone(row: BetRecord): void {
    const fault = this.#texts.faultOf(row);
    if (fault !== null) this.findings.add('one_order', `bet ${row.id}`, fault);
  }
}
