import { HANDED_ON_BITS, HANDED_ON_HASHES, HANDED_ON_MAX, HANDED_ON_MS } from './limits.ts';

/**
 * Which orders this edge has handed on lately: two Bloom filters that take turns (B. H. Bloom, CACM 13, 1970;
 * both hashes of one by Kirsch and Mitzenmacher, ESA 2006). It may take an order for one that was handed on,
 * never the other way round.
 */
export class HandedOn {
  #newer: Filter;
  #older: Filter | null = null;

  /** @param now UTC epoch ms */
  constructor(private readonly now: () => number) {
    this.#newer = new Filter(now());
  }

  /** Since when it remembers every order, UTC epoch ms. */
  get since(): number {
    return (this.#older ?? this.#newer).since;
  }

  add(accountId: string, nonce: string): void {
    const now = this.now();
    if (this.#newer.count >= HANDED_ON_MAX || now - this.#newer.since >= HANDED_ON_MS)
      [this.#older, this.#newer] = [this.#newer, new Filter(now)];
    this.#newer.add(hashesOf(accountId, nonce));
  }

  mayHave(accountId: string, nonce: string): boolean {
    const hashes = hashesOf(accountId, nonce);
    return this.#newer.mayHave(hashes) || this.#older?.mayHave(hashes) === true;
  }
}

type Hashes = readonly [first: number, step: number];

const hashesOf = (accountId: string, nonce: string): Hashes => {
  const text = `${accountId} ${nonce}`;
  return [Bun.hash.xxHash32(text, SEED), Bun.hash.xxHash32(text, ~SEED >>> 0) | 1];
};

/** Nobody outside can choose nonces that meet. */
const SEED = crypto.getRandomValues(new Uint32Array(1))[0]!;

class Filter {
  count = 0;
  readonly #words = new Uint32Array(HANDED_ON_BITS / 32);

  constructor(readonly since: number) {}

  add(hashes: Hashes): void {
    this.count += 1;
    for (const bit of bitsOf(hashes)) this.#words[bit >>> 5]! |= 1 << (bit & 31);
  }

  mayHave(hashes: Hashes): boolean {
    return bitsOf(hashes).every((bit) => (this.#words[bit >>> 5]! & (1 << (bit & 31))) !== 0);
  }
}

const bitsOf = ([first, step]: Hashes): number[] =>
  Array.from({ length: HANDED_ON_HASHES }, (_, n) => (first + n * step) % HANDED_ON_BITS);
