import { BlockMean } from '../../../server/game/learned/block-mean.ts';
import {
  GATE_BUCKETS,
  GATE_MS,
  gateBucket,
  termsOf,
  type BucketTerms,
  type Trust,
} from '../../../server/game/learned/gate.ts';
import { BLOCK_MS } from '../../../server/game/learned/learner.ts';
import { ordinaryPrice } from '../../../server/game/learned/sale.ts';

/** What each bucket has earned so far: judged by all cells that would be in it at ordinary margins. */
export class EarnedTrust {
  /** In the order of the buckets. */
  readonly buckets = GATE_BUCKETS.map((_, index) => new EarningBucket(index));

  add(block: number, probability: number, touched: boolean): void {
    const price = ordinaryPrice(probability);
    this.buckets[gateBucket(price)]?.evidence.add(block, price / 100, probability, touched);
  }

  /** Judges anew at the end of a block. */
  endBlock(block: number): void {
    for (const bucket of this.buckets) bucket.endBlock(block);
  }

  get terms(): readonly BucketTerms[] {
    return this.buckets.map(({ terms }) => terms);
  }
}

class EarningBucket {
  readonly evidence = new BlockMean();
  /** For how many blocks it had which trust. */
  readonly blocks: Record<Trust, number> = { certified: 0, provisional: 0, closed: 0 };
  terms: BucketTerms;

  constructor(private readonly index: number) {
    this.terms = this.#judged();
  }

  endBlock(block: number): void {
    this.evidence.forget(block + 1 - GATE_MS / BLOCK_MS);
    this.terms = this.#judged();
    this.blocks[this.terms.trust]++;
  }

  #judged(): BucketTerms {
    return termsOf(this.index, this.evidence.kept(), this.evidence.blocks * BLOCK_MS);
  }
}
