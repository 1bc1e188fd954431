import type { Cents } from '../price.ts';
import { RETURN_GAP_MS_MAX } from '../volatility.ts';
import { MOVE_MS, type Drift } from './cell-class.ts';

interface Priced {
  readonly at: number;
  readonly price: Cents;
}

/** Which way the price went over the last {@link MOVE_MS}. A function of the ticks in their order. */
export class LastMove {
  /** Of the last {@link MOVE_MS}, and the newest one from before, since the last gap. */
  readonly #recent: Priced[] = [];

  onTick({ at, price }: Priced): void {
    const last = this.#recent.at(-1);
    if (last !== undefined && at - last.at > RETURN_GAP_MS_MAX) this.#recent.length = 0;
    this.#recent.push({ at, price });
    while ((this.#recent[1]?.at ?? Infinity) <= at - MOVE_MS) this.#recent.shift();
  }

  get drift(): Drift {
    const [first, last] = [this.#recent[0], this.#recent.at(-1)];
    if (first === undefined || last === undefined || first.at > last.at - MOVE_MS) return 0;
    return Math.sign(last.price - first.price) as Drift;
  }
}
