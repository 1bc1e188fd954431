import { isFailure } from '../../ports/failure.ts';
import type { ObjectStore } from './object-store.ts';
import { tailOfKey } from './segment.ts';

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;
/** Work under way when the process is asked to stop gets this long. */
const ENDING_MS_MAX = 5_000;

/**
 * Copies segments of one house to the other store in their order, again and again until it takes them. The
 * folder is the queue, and bounds it: nothing is lost by a crash.
 */
export class Sender {
  readonly #waiting: { readonly key: string; readonly at: number }[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #running: Promise<void> | null = null;
  #ending = false;
  /** The tail whose place is prepared. */
  #prepared: string | null = null;

  constructor(
    private readonly from: ObjectStore,
    private readonly to: ObjectStore,
    /**
     * Lets this house in there, and brings the snapshot from which a tail goes on: without it the segments
     * are of no use. @throws Error where another house is, or it cannot be brought.
     */
    private readonly prepare: (tail: string) => Promise<unknown>,
    private readonly failed: (error: Error) => void,
    /** Told of a segment that is no longer there to be sent. */
    private readonly lost: (error: Error) => void,
  ) {}

  /** Keys of segments that are in the other store; none where it cannot be asked. */
  async sent(): Promise<readonly string[]> {
    return this.to.list('tail/').catch((error: Error) => {
      this.failed(error);
      return [];
    });
  }

  /** Takes up what an earlier run did not send. @param keys of this house. @param sent those there. */
  recall(keys: readonly string[], sent: readonly string[]): void {
    const there = new Set([...sent, ...this.#waiting.map(({ key }) => key)]);
    this.add(keys.filter((key) => !there.has(key)));
  }

  add(keys: readonly string[]): void {
    for (const key of keys) this.#waiting.push({ key, at: Date.now() });
    this.#running ??= this.#run().finally(() => (this.#running = null));
  }

  /** Up to when all has been sent, UTC epoch ms. @param shippedAt up to when all is in the queue. */
  sentUpTo(shippedAt: number): number {
    return Math.min(shippedAt, this.#waiting[0]?.at ?? shippedAt);
  }

  /** Waits a while for what is under way; what is left is found by the next run. */
  async end(): Promise<void> {
    await Promise.race([this.#running, Bun.sleep(ENDING_MS_MAX)]);
    this.#ending = true;
    this.#ended.resolve();
  }

  async #run(): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    while (this.#waiting.length > 0 && !this.#ending) {
      try {
        const { key } = this.#waiting[0]!;
        const tail = tailOfKey(key);
        if (tail !== this.#prepared) await this.prepare(tail);
        this.#prepared = tail;
        const bytes = await this.#read(key);
        if (bytes !== null) await this.to.put(key, bytes);
        this.#waiting.shift();
        retryMs = RETRY_MS_MIN;
      } catch (error) {
        this.failed(error as Error);
        await Promise.race([Bun.sleep(retryMs), this.#ended.promise]);
        retryMs = Math.min(RETRY_MS_MAX, 2 * retryMs);
      }
    }
  }
  /** Null for one that is no longer there, which must not hold up those after it. */
  async #read(key: string): Promise<Uint8Array | null> {
    try {
      return await this.from.get(key);
    } catch (error) {
      if (!isFailure(error, 'object_missing')) throw error;
      this.lost(error);
      return null;
    }
  }
}
