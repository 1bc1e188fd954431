import type { TakesTurns } from '../ports/turns.ts';

/**
 * Of the loop's time, what work that anybody may ask for gets on the whole; the rest is for prices, bets and
 * the network.
 */
const SHARE = 0.5;
/** What it gets in a row, ms: nothing else waits for longer than this and one piece of work. */
const IN_A_ROW_MS = 4;
/** Pieces that wait, of all callers. */
const TURNS_WAITING_MAX = 30_000;

type Piece = () => void;

/**
 * Work that anybody may ask for as often as his limits allow: pages, answers, snapshots. As long as there is
 * time it is done at once. When there is not, it waits for its turn, one piece of each caller after the
 * other, so that a flood makes its own sender wait and nobody else for long; the loop comes round in between,
 * and no tick is late.
 */
export class Turns implements TakesTurns {
  readonly #waiting = new Map<string, Piece[]>();
  #count = 0;
  #timer: Timer | null = null;
  /** Time that may be used now, ms; below zero after a long piece. */
  #credit = IN_A_ROW_MS;
  #at: number;

  constructor(
    private readonly steadyMs: () => number = () => performance.now(),
    private readonly waitingMax = TURNS_WAITING_MAX,
  ) {
    this.#at = steadyMs();
  }

  /** Pieces that wait. */
  get waiting(): number {
    return this.#count;
  }

  /**
   * @param caller whose turn it takes, as limits count callers.
   * @param refuse what is answered instead when too much waits already.
   * @returns what the work returns: at once when there is time for it, else once its turn has come. What the
   *   work throws is thrown, or rejected with.
   */
  take<T>(caller: string, work: () => T, refuse: () => T): T | Promise<Awaited<T>> {
    this.#earn();
    if (this.#count === 0 && this.#credit > 0) return this.#timed(work);
    if (this.#count >= this.waitingMax) return refuse();
    return new Promise<Awaited<T>>((resolve, reject) => {
      this.#queue(caller, () => {
        try {
          resolve(work() as Awaited<T>);
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #timed<T>(work: () => T): T {
    const began = this.steadyMs();
    try {
      return work();
    } finally {
      this.#credit -= this.steadyMs() - began;
    }
  }

  #queue(caller: string, piece: Piece): void {
    const mine = this.#waiting.get(caller);
    if (mine === undefined) this.#waiting.set(caller, [piece]);
    else mine.push(piece);
    this.#count++;
    this.#plan();
  }

  #plan(): void {
    this.#timer ??= setTimeout(() => this.#work(), Math.max(1, Math.ceil((1 - this.#credit) / SHARE)));
  }

  #work(): void {
    this.#timer = null;
    this.#earn();
    for (const [caller, pieces] of this.#waiting) {
      if (this.#credit <= 0) break;
      // Behind the others, if more of his wait.
      this.#waiting.delete(caller);
      const piece = pieces.shift()!;
      if (pieces.length > 0) this.#waiting.set(caller, pieces);
      this.#count--;
      this.#timed(piece);
    }
    if (this.#count > 0) this.#plan();
  }

  #earn(): void {
    const at = this.steadyMs();
    this.#credit = Math.min(IN_A_ROW_MS, this.#credit + (at - this.#at) * SHARE);
    this.#at = at;
  }
}
