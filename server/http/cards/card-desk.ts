import { messageOf } from '../../ports/failure.ts';
import type { Limiter } from '../../ports/rates.ts';
import type { Refusal } from '../reply.ts';

/** Cards that wait to be drawn at most, the one that is being drawn included; one more is `busy`. */
export const CARDS_WAITING_MAX = 8;
/** Cards that are kept, by their bytes; the one that was not asked for longest goes first. */
export const CARDS_KEPT_BYTES_MAX = 16 * 1024 * 1024;
/** How long who asks waits for a card; it is drawn all the same, and is there for who asks again. */
const WAIT_MS_MAX = 8_000;
/** When to ask again for a card that had no room, or that could not be drawn. */
const AGAIN_MS = 5_000;
const BUSY: Refusal = { code: 'busy', retryAfterMs: AGAIN_MS };

interface CardParts {
  /** Draws an SVG document as a PNG, anywhere but in this process. */
  readonly draw: (svg: string) => Promise<Uint8Array>;
  /** By address, one a card that has to be drawn. */
  readonly limit: Limiter;
  readonly now: () => number;
  readonly onFault: (fault: string) => void;
}

/**
 * The cards of wins: each is drawn once, one after the other, by somebody else. Whoever asks waits; this
 * process only looks them up.
 */
export class CardDesk {
  /** By their documents, the one that was asked for last at the end. */
  readonly #kept = new Map<string, Uint8Array>();
  readonly #drawing = new Map<string, Promise<Uint8Array | null>>();
  #keptBytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: CardParts,
    private readonly waitMsMax = WAIT_MS_MAX,
  ) {}

  /** @param name of the document: the same for the same one. @param address who asks, as limits count them */
  async card(name: string, svg: string, address: string): Promise<Uint8Array | Refusal> {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return this.#keep(name, kept);
    if (!this.#drawing.has(name)) {
      if (this.#isFull()) return BUSY;
      const { ok, retryAfterMs } = await this.parts.limit.take(address, this.parts.now());
      if (!ok) return { code: 'rate_limited', retryAfterMs };
    }
    // Others may have come meanwhile.
    const drawing = this.#drawing.get(name) ?? (this.#isFull() ? null : this.#begin(name, svg));
    return (drawing && (await this.#waited(drawing))) ?? BUSY;
  }

  #isFull = (): boolean => this.#drawing.size >= CARDS_WAITING_MAX;

  /** @returns null where it takes too long. */
  #waited(drawing: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), this.waitMsMax);
    return Promise.race([drawing, late.promise]).finally(() => clearTimeout(timer));
  }

  #begin(name: string, svg: string): Promise<Uint8Array | null> {
    const drawing = this.#last
      .then(() => this.parts.draw(svg))
      .then(
        (png) => this.#keep(name, png),
        (cause) => {
          this.parts.onFault(messageOf(cause));
          return null;
        },
      )
      .finally(() => this.#drawing.delete(name));
    this.#drawing.set(name, drawing);
    this.#last = drawing;
    return drawing;
  }

  #keep(name: string, png: Uint8Array): Uint8Array {
    if (!this.#kept.delete(name)) this.#keptBytes += png.length;
    this.#kept.set(name, png);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= CARDS_KEPT_BYTES_MAX) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
    return png;
  }
}
