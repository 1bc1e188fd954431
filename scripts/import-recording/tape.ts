import type { Recording } from '../../server/feed/recording.ts';

/**
 * A price that stands still is written once a second, so that what was seen can be told from what was not.
 */
const REPEAT_MS = 1_000;
const FIRST_ROWS = 1 << 16;

/** Times (epoch ms) and prices (cents) as they are read, in whatever order. */
export class Tape {
  rows = 0;
  #times = new Float64Array(FIRST_ROWS);
  #prices = new Float64Array(FIRST_ROWS);
  /** Steps back in time, and forward. */
  #back = 0;
  #forward = 0;

  add(at: number, price: number): void {
    if (this.rows === this.#times.length) {
      this.#times = grown(this.#times);
      this.#prices = grown(this.#prices);
    }
    if (this.rows > 0) {
      const before = this.#times[this.rows - 1]!;
      if (at < before) this.#back++;
      else if (at > before) this.#forward++;
    }
    this.#times[this.rows] = at;
    this.#prices[this.rows++] = price;
  }

  get order(): 'oldest first' | 'newest first' | 'mixed' {
    return this.#back === 0 ? 'oldest first' : this.#forward === 0 ? 'newest first' : 'mixed';
  }

  /**
   * Oldest first, one price a ms (the last one of it), and of a price that stands still no more than one row
   * a second.
   */
  recording(file: string): Recording {
    const order = this.#inOrder();
    const times: number[] = [];
    const prices: number[] = [];
    for (let k = 0; k < order.length; k++) {
      const [at, price] = [this.#times[order[k]!]!, this.#prices[order[k]!]!];
      if (k + 1 < order.length && this.#times[order[k + 1]!] === at) continue;
      const isLast = k + 1 === order.length;
      if (!isLast && price === prices.at(-1) && at - times.at(-1)! < REPEAT_MS) continue;
      times.push(at);
      prices.push(price);
    }
    return { file, times: Float64Array.from(times), prices: Float64Array.from(prices) };
  }

  /** Rows by time; those of one ms stay as they came, in a file that is newest first the other way round. */
  #inOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.rows }, (_, k) =>
      this.order === 'newest first' ? this.rows - 1 - k : k,
    );
    return this.order === 'mixed' ? order.sort((a, b) => this.#times[a]! - this.#times[b]! || a - b) : order;
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
}
