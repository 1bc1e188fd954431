import type { TickSource } from '../game/tick.ts';
import type { VenuePrice } from '../game/venue-price.ts';
import { clockOffWords } from '../ports/clock-off.ts';
import type { Clock } from './clock.ts';
import type { Feed, VenueStatus } from './feed.ts';

/** How long the exchanges have to agree on a price before simulated prices take over. */
export const FALLBACK_AFTER_MS = 5_000;
const LOOK_EVERY_MS = 50;

export interface AutoOptions {
  readonly live: Feed;
  readonly walk: Feed;
  readonly clock: Clock;
  readonly fallbackAfterMs?: number;
  /** Whether these make a price: one venue alone does not. */
  readonly agree: (sources: readonly TickSource[]) => boolean;
  /** Told once, in words, when simulated prices take over. */
  readonly onFallback: (reason: string) => void;
}

/**
 * Live prices if the venues agree on one in time, else the walk for good: the kind of price never changes
 * under open bets.
 */
export class AutoFeed implements Feed {
  private current: Feed;
  private callOff: () => void = () => {};
  private settle: () => void = () => {};

  constructor(private readonly options: AutoOptions) {
    this.current = options.live;
  }

  get name(): Feed['name'] {
    return this.current.name;
  }
  get simulated(): boolean {
    return this.current.simulated;
  }
  get declaredVolatilityBp(): number | undefined {
    return this.current.declaredVolatilityBp;
  }
  get quorum(): number {
    return this.current.quorum;
  }
  get label(): string {
    return this.current.label;
  }

  /** Resolves when it is decided which feed it is. */
  async start(): Promise<void> {
    await this.current.start();
    if (this.current !== this.options.live) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.settle = resolve;
    this.look(this.options.clock.now() + (this.options.fallbackAfterMs ?? FALLBACK_AFTER_MS));
    return promise;
  }

  stop(): void {
    this.callOff();
    this.current.stop();
    this.settle();
  }

  sample(at: number): TickSource[] {
    return this.current.sample(at);
  }

  status(at: number): VenueStatus[] {
    return this.current.status(at);
  }

  onPrice(heard: (price: VenuePrice) => void): void {
    this.options.live.onPrice?.(heard);
  }

  clockOffMs(at: number): number | null {
    return this.current.clockOffMs?.(at) ?? null;
  }

  private look(until: number): void {
    const now = this.options.clock.now();
    if (this.options.agree(this.current.sample(now))) return this.settle();
    if (now < until) {
      this.callOff = this.options.clock.after(Math.min(LOOK_EVERY_MS, until - now), () => this.look(until));
      return;
    }
    void this.fallBack(now);
  }

  private async fallBack(now: number): Promise<void> {
    const { live, walk, onFallback } = this.options;
    const reason = whyNoPrice(live, now);
    live.stop();
    this.current = walk;
    await walk.start();
    onFallback(reason);
    this.settle();
  }
}

function whyNoPrice(live: Feed, now: number): string {
  const venues = live.status(now);
  const counting = venues.filter(({ alive }) => alive).length;
  const clockOffMs = live.clockOffMs?.(now) ?? null;
  const words = venues
    .map(({ venue, alive, note, state }) => `${venue}: ${alive ? 'there' : (note ?? state)}`)
    .join('; ');
  if (clockOffMs !== null) return `${clockOffWords(clockOffMs)} (${words})`;
  if (counting === 0) return `no exchange answered (${words})`;
  return counting < live.quorum
    ? `no_quorum ${counting} of ${live.quorum} (${words})`
    : `the exchanges do not agree on a price (${words})`;
}
