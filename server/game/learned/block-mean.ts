/** Of cells at their multipliers, per unit staked: what was quoted, what was paid, how far they are apart. */
export interface Kept {
  readonly cells: number;
  /** Mean of multiplier × probability. */
  readonly quoted: number;
  /** Mean of multiplier × touched. */
  readonly realised: number;
  /** realised − quoted. */
  readonly d: number;
  /** Half of the width of the 95 % interval of d: 1.96·√Σ(excess of a block)² / cells. */
  readonly h: number;
}

interface Block {
  cells: number;
  quoted: number;
  paid: number;
}

const STANDARD_DEVIATIONS = 1.96;

/**
 * Means over cells that hang together: those of one block ride the same path, so it is the blocks that count
 * as independent.
 */
export class BlockMean {
  readonly #blocks = new Map<number, Block>();

  /** @param multiplier as a plain number, 2.35 is 2.35×. */
  add(block: number, multiplier: number, probability: number, touched: boolean): void {
    let sums = this.#blocks.get(block);
    if (sums === undefined) this.#blocks.set(block, (sums = { cells: 0, quoted: 0, paid: 0 }));
    sums.cells++;
    sums.quoted += multiplier * probability;
    if (touched) sums.paid += multiplier;
  }

  /** Forgets blocks below `first`. */
  forget(first: number): void {
    for (const block of this.#blocks.keys()) {
      if (block >= first) return;
      this.#blocks.delete(block);
    }
  }

  /** Blocks that have a cell. */
  get blocks(): number {
    return this.#blocks.size;
  }

  /** Null without a cell. */
  kept(): Kept | null {
    let [cells, quoted, paid, square] = [0, 0, 0, 0];
    for (const block of this.#blocks.values()) {
      cells += block.cells;
      quoted += block.quoted;
      paid += block.paid;
      square += (block.paid - block.quoted) ** 2;
    }
    if (cells === 0) return null;
    return {
      cells,
      quoted: quoted / cells,
      realised: paid / cells,
      d: (paid - quoted) / cells,
      h: (STANDARD_DEVIATIONS * Math.sqrt(square)) / cells,
    };
  }
}
