import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { House, OrderAnswer } from '../ports/house.ts';
import { shedCode, shedLine, type ShedCode } from '../ports/shed-order.ts';
import { SHED_GATHERED_MS_MAX, SHED_PER_CALL_MAX } from './limits.ts';

/** What an order without room is told. */
export const SHED: Readonly<Record<ShedCode, OrderAnswer>> = {
  busy: { code: 'busy', retryAfterMs: 1_000 },
  unknown: { code: 'unknown', retryAfterMs: 1_000 },
};

/**
 * Refuses orders that an edge has no room for. Whether one was taken before, through this edge or another
 * one, the engine alone knows: it is asked about many at once.
 */
export class Shedding {
  #lines = '';
  #waiting: ((answer: OrderAnswer) => void)[] = [];

  /** @param shed answers fewer letters than it is asked, or none, where it does not know. */
  constructor(private readonly shed: House['shed']) {}

  refuse(order: SignedTaps, { accountId }: Session): Promise<OrderAnswer> {
    return new Promise((answer) => {
      this.#lines += shedLine(order, accountId);
      const waiting = this.#waiting.push(answer);
      if (waiting >= SHED_PER_CALL_MAX) void this.#ask();
      else if (waiting === 1) setTimeout(() => void this.#ask(), SHED_GATHERED_MS_MAX);
    });
  }

  async #ask(): Promise<void> {
    const [lines, waiting] = [this.#lines, this.#waiting];
    [this.#lines, this.#waiting] = ['', []];
    if (waiting.length === 0) return;
    const letters = await this.shed(lines);
    for (const [index, answer] of waiting.entries()) answer(SHED[shedCode(letters, index)]);
  }
}
