import type { OperatorOrder } from '../game/operator.ts';
import type { WaitingOrder } from '../ports/operator.ts';

export const WAITING_ORDERS_MAX = 100;
/** A day, after which an order has to be given again. */
export const WAITING_MS_MAX = 24 * 3_600_000;

/** Orders that wait for a second person. They live in memory: after a restart they are given again. */
export class WaitingOrders {
  readonly #waiting = new Map<string, WaitingOrder>();

  /**
   * @returns false when another order waits under that id, or too many do: what somebody looks at must not
   * change before he approves it.
   */
  add(order: OperatorOrder, now: number): boolean {
    const known = this.find(order.id, now);
    if (known !== null) return JSON.stringify(known.order) === JSON.stringify(order);
    if (this.all(now).length >= WAITING_ORDERS_MAX) return false;
    this.#waiting.set(order.id, { order, since: now });
    return true;
  }

  find(id: string, now: number): WaitingOrder | null {
    return this.all(now).find(({ order }) => order.id === id) ?? null;
  }

  /** Oldest first. */
  all(now: number): readonly WaitingOrder[] {
    for (const [id, { since }] of this.#waiting) if (now - since > WAITING_MS_MAX) this.#waiting.delete(id);
    return [...this.#waiting.values()];
  }

  drop(id: string): void {
    this.#waiting.delete(id);
  }
}
