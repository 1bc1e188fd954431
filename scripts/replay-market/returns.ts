import { present } from '../../server/game/present.ts';
import { Chance } from './chance.ts';

/**
 * Locked multipliers in hundredths, `[from, to)` each: a fill below 1.05 (a lock goes down to 1.01) belongs
 * to the first.
 */
export const BUCKETS = [
  { label: '1.05–1.5', from: 0, to: 150 },
  { label: '1.5–2.5', from: 150, to: 250 },
  { label: '2.5–5', from: 250, to: 500 },
  { label: '5–10', from: 500, to: 1000 },
  { label: '10–25', from: 1000, to: Infinity },
] as const;
export const BLOCK_MS = 300_000;
/** Fewer blocks than this do not tell how much they differ. */
export const BLOCKS_MIN = 6;
const RESAMPLES = 1_000;

/**
 * Return per unit staked, each bet counted alike whatever its stake; null where there is no bet, the interval
 * also where there are too few blocks.
 */
export interface BucketReturn {
  readonly label: string;
  readonly bets: number;
  readonly won: number;
  /** Mean of locked multiplier × probability quoted at the lock. */
  readonly quoted: number | null;
  /** Mean of payout / stake. */
  readonly realised: number | null;
  /** 2.5th and 97.5th percentile of the realised return over resampled blocks. */
  readonly interval: readonly [low: number, high: number] | null;
}

interface Sums {
  bets: number;
  won: number;
  quoted: number;
  paid: number;
}

/**
 * What one trader's decided bets returned, by multiplier and by block of placement time. Refunded stakes are
 * not in it.
 */
export class Returns {
  readonly #blocks = new Map<number, Sums[]>();

  /** @param paid payout / stake; @param quoted locked multiplier × its probability. */
  add(placedAt: number, lockedHundredths: number, paid: number, quoted: number): void {
    const block = Math.floor(placedAt / BLOCK_MS);
    const sums = this.#blocks.get(block) ?? BUCKETS.map(() => ({ bets: 0, won: 0, quoted: 0, paid: 0 }));
    this.#blocks.set(block, sums);
    const sum = present(sums[BUCKETS.findIndex(({ to }) => lockedHundredths < to)], 'bucket');
    sum.bets += 1;
    sum.won += Number(paid > 0);
    sum.quoted += quoted;
    sum.paid += paid;
  }

  byBucket(seed: number): BucketReturn[] {
    return BUCKETS.map(({ label }, bucket) =>
      this.#returnOf(label, (sums) => sums.slice(bucket, bucket + 1), seed),
    );
  }

  overall(seed: number): BucketReturn {
    return this.#returnOf('all', (sums) => sums, seed);
  }

  #returnOf(label: string, ofBlock: (sums: readonly Sums[]) => readonly Sums[], seed: number): BucketReturn {
    const blocks = [...this.#blocks].sort(([a], [b]) => a - b).map(([, sums]) => total(ofBlock(sums)));
    const { bets, won, quoted, paid } = total(blocks);
    if (bets === 0) return { label, bets, won, quoted: null, realised: null, interval: null };
    return {
      label,
      bets,
      won,
      quoted: quoted / bets,
      realised: paid / bets,
      interval: bootstrap(blocks, new Chance(seed)),
    };
  }
}

function total(parts: readonly Sums[]): Sums {
  const sum = { bets: 0, won: 0, quoted: 0, paid: 0 };
  for (const part of parts) {
    sum.bets += part.bets;
    sum.won += part.won;
    sum.quoted += part.quoted;
    sum.paid += part.paid;
  }
  return sum;
}

/**
 * Block bootstrap: bets of one block ride the same path and are not independent, so whole blocks are drawn,
 * with replacement, as many as there are.
 * @returns the middle 95 % of paid / bets (Efron's percentile interval), null with fewer than {@link
 *   BLOCKS_MIN} blocks that hold a bet.
 */
function bootstrap(blocks: readonly Sums[], chance: Chance): readonly [number, number] | null {
  if (blocks.filter(({ bets }) => bets > 0).length < BLOCKS_MIN) return null;
  const means: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let [bets, paid] = [0, 0];
    for (let drawn = 0; drawn < blocks.length; drawn++) {
      const block = chance.pick(blocks);
      bets += block.bets;
      paid += block.paid;
    }
    if (bets > 0) means.push(paid / bets);
  }
  means.sort((a, b) => a - b);
  const at = (share: number): number =>
    means[Math.min(means.length - 1, Math.floor(share * means.length))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}
