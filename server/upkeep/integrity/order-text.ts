import type { BetRecord } from '../../ports/history.ts';

const FIRST_TAP_LINE = 5;

/** Reads the signed texts of orders; the bets of one order come one after the other. */
export class OrderText {
  #text: string | null = null;
  #lines: readonly string[] = [];

  /** What the order does not say of the bet as the row does; null when all is as it was signed. */
  faultOf(row: BetRecord): string | null {
    if (row.text === null) return `has no order ${row.intentId}`;
    if (row.orderAccountId !== row.accountId)
      return `is of ${row.accountId}, its order ${row.intentId} of ${row.orderAccountId}`;
    if (row.text !== this.#text) {
      this.#text = row.text;
      this.#lines = row.text.split('\n');
    }
    if (this.#lines[0] !== 'tapgrid-tap-v1') return `the text of order ${row.intentId} is not an order`;
    if (this.#lines[2] !== row.sessionId || this.#lines[3] !== row.nonce)
      return `the text of order ${row.intentId} names another session or nonce`;
    const tap = this.#lines[FIRST_TAP_LINE + row.idx];
    const said = `${row.cell} ${row.stake} ${row.shown} ${row.shownRevision}`;
    return tap === said
      ? null
      : `order ${row.intentId} says "${(tap ?? '').slice(0, 120)}" where the bet says "${said}"`;
  }
}
