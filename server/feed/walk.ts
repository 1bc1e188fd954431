import { createHash } from 'node:crypto';
import { cents, type Cents } from '../game/price.ts';
import type { TickSource } from '../game/tick.ts';
import { noCounts, type Feed, type VenueStatus } from './feed.ts';

export const WALK_STEP_MS = 100;
const WALK_VOLATILITY_BP = 1;
export const WALK_START_PRICE = cents(7_600_000);
/** Volatilities that a walk may declare, in bp per √s. */
export const WALK_VOLATILITY_BP_MIN = 0.01;
export const WALK_VOLATILITY_BP_MAX = 50;
/** The walk turns round at these prices, so that a year of it stays a price. */
const WALK_PRICE_MIN = cents(100_000);
export const WALK_PRICE_MAX = cents(100_000_000);
/** After a longer sleep of the machine (one day) the walk continues where it was. */
export const WALK_CATCH_UP_STEPS_MAX = 864_000;

export interface WalkOptions {
  readonly seed: string;
  /** Declared volatility in bp per √s. */
  readonly volatilityBp?: number;
  /** Continue near the last price after a restart. */
  readonly startPrice?: Cents;
  readonly now?: () => number;
}

/**
 * Steps of a geometric walk without drift, one every {@link WALK_STEP_MS}: the n-th price is a function of
 * seed, volatility and start price alone. A step is a bell of variance 1 whose scale is 2 in one step of ten
 * and √(2/3) in the others: 0.1·2² + 0.9·2/3 = 1, so the declared volatility holds at every horizon while
 * single steps have fat tails. Only +, −, ×, / on doubles: the same on every machine.
 */
export class Walk {
  private readonly chance: () => number;
  private readonly stepShare: number;
  private value: number;

  constructor({
    seed,
    volatilityBp = WALK_VOLATILITY_BP,
    startPrice = WALK_START_PRICE,
  }: Omit<WalkOptions, 'now'>) {
    this.chance = chanceOf(seed);
    this.stepShare = volatilityBp * 1e-4 * Math.sqrt(WALK_STEP_MS / 1000);
    this.value = Math.min(Math.max(startPrice, WALK_PRICE_MIN), WALK_PRICE_MAX);
  }

  get price(): Cents {
    return cents(Math.round(this.value));
  }

  step(): Cents {
    const scale = this.chance() < 0.1 ? 2 : CALM_SCALE;
    const change = this.stepShare * scale * bell(this.chance);
    const next = this.value * (1 + change);
    this.value = next < WALK_PRICE_MIN || next > WALK_PRICE_MAX ? this.value * (1 - change) : next;
    return this.price;
  }
}

/** Synthetic prices of known volatility as a feed with one venue that is always alive. */
export class WalkFeed implements Feed {
  readonly name = 'walk';
  readonly simulated = true;
  readonly quorum = 1;
  readonly label = 'simulated prices';
  readonly declaredVolatilityBp: number;
  private readonly walk: Walk;
  private readonly now: () => number;
  /** Time of step 0, null while stopped. */
  private startAt: number | null = null;
  private steps = 0;
  private quoteAt: number | null = null;

  constructor(options: WalkOptions) {
    this.declaredVolatilityBp = options.volatilityBp ?? WALK_VOLATILITY_BP;
    this.walk = new Walk(options);
    this.now = options.now ?? Date.now;
  }

  async start(): Promise<void> {
    this.startAt ??= this.now() - this.steps * WALK_STEP_MS;
  }

  stop(): void {
    this.startAt = null;
  }

  sample(at: number): TickSource[] {
    if (this.startAt === null || at < this.startAt) return [];
    const due = Math.floor((at - this.startAt) / WALK_STEP_MS);
    if (due - this.steps > WALK_CATCH_UP_STEPS_MAX) this.startAt = at - this.steps * WALK_STEP_MS;
    else for (; this.steps < due; this.steps++) this.walk.step();
    this.quoteAt = at;
    return [{ venue: 'walk', price: this.walk.price }];
  }

  status(at: number): VenueStatus[] {
    const alive = this.startAt !== null && at >= this.startAt;
    const price = alive ? this.walk.price : null;
    return [
      {
        venue: 'walk',
        state: this.startAt === null ? 'stopped' : 'open',
        alive,
        price,
        quoteAt: this.quoteAt,
        signAt: this.quoteAt,
        note: null,
        counters: noCounts(),
      },
    ];
  }
}

const CALM_SCALE = Math.sqrt(2 / 3);

/**
 * Twelve uniforms less six: mean 0, variance 1, no logarithm or cosine that machines could round differently.
 */
function bell(chance: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += chance();
  return sum;
}

/**
 * sfc32 (Chris Doty-Humphrey's small fast counting generator) seeded by the SHA-256 of the text. @returns
 * uniforms in [0, 1).
 */
function chanceOf(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, counter] = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
