import type { Recording } from '../../server/feed/recording.ts';

/**
 * A price that stands still is written once a second, so that what was seen can be told from what was not.
 */
const REPEAT_MS = 1_000;
const FIRST_ROWS = 1 << 16;

interface TapeRow {
  readonly at: number;
  readonly price: number;
}

/** Times (epoch ms) and prices (cents) as they are read, in whatever order. */
export class Tape {
  rows = 0;
  #times = new Float64Array(FIRST_ROWS);
  #prices = new Float64Array(FIRST_ROWS);
  #lastAt = 0;
  /** Steps back in time, and forward. */
  #back = 0;
  #forward = 0;

  add(at: number, price: number): void {
    if (this.rows === this.#times.length) {
      this.#times = grown(this.#times);
      this.#prices = grown(this.#prices);
    }
    if (this.rows > 0) {
      if (at < this.#lastAt) this.#back++;
      else if (at > this.#lastAt) this.#forward++;
    }
    this.#lastAt = at;
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
    const times: number[] = [];
    const prices: number[] = [];
    const write = ({ at, price }: TapeRow, isLast: boolean) => {
      if (!isLast && price === prices.at(-1) && at - (times.at(-1) ?? -Infinity) < REPEAT_MS) return;
      times.push(at);
      prices.push(price);
    };
    let waiting: TapeRow | null = null;
    for (const row of this.#inOrder()) {
      if (waiting !== null && waiting.at !== row.at) write(waiting, false);
      waiting = row;
    }
    if (waiting !== null) write(waiting, true);
    return { file, times: Float64Array.from(times), prices: Float64Array.from(prices) };
  }

  /** Rows by time; those of one ms stay as they came, in a file that is newest first the other way round. */
  *#inOrder(): Generator<TapeRow> {
    const numbers = Uint32Array.from({ length: this.rows }, (_, k) =>
      this.order === 'newest first' ? this.rows - 1 - k : k,
    );
    const timeOf = (number: number): number => this.#times[number] ?? Number.NaN;
    if (this.order === 'mixed') numbers.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
    for (const number of numbers) yield { at: timeOf(number), price: this.#prices[number] ?? Number.NaN };
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
}
