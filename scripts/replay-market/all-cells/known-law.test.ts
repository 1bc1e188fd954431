import { describe, expect, test } from 'bun:test';
import { Walk } from '../../../server/feed/walk.ts';
import { gateBucket } from '../../../server/game/learned/gate.ts';
import { BLOCK_MS } from '../../../server/game/learned/learner.ts';
import { ordinaryPrice } from '../../../server/game/learned/sale.ts';
import { SHADOW_EVERY_MS, ShadowBook } from '../../../server/game/learned/shadow-book.ts';
import { RULE_VERSION, type PathPoint } from '../../../server/game/path.ts';
import type { Cents } from '../../../server/game/price.ts';
import { touchProbability } from '../../../server/game/touch.ts';
import { EarnedTrust } from './trust.ts';

const HOUR_MS = 3_600_000;
const [TICK_MS, STEPS_A_TICK, WINDOW_MS, COLUMNS, ROWS] = [1_000, 10, 20_000, 2, 10];
const BAND_BP = 6;
/** By which a walk that is seen once a second touches less: 0.5826·σ·√dt, σ = 1 bp/√s. */
const SHIFT_BP = 0.5826;
const BUCKET = 1;

/**
 * Cells on a walk whose law is known exactly, decided by the rules of bets. @param see is given each with its
 * block; at the end of a block it says whether it has seen enough.
 */
function walked(
  seed: string,
  hours: number,
  see: { cell(block: number, law: number, touched: boolean): void; end(block: number): boolean },
): void {
  const walk = new Walk({ seed });
  const rule = { version: RULE_VERSION, maxGapMs: 3_000 };
  const book = new ShadowBook<{ low: Cents; high: Cents; law: number }>(rule, ({ law }, touched, end) =>
    see.cell(Math.floor((end - 1) / BLOCK_MS), law, touched),
  );
  let before: PathPoint | null = null;
  for (let at = TICK_MS; at <= hours * HOUR_MS; at += TICK_MS) {
    for (let step = 0; step < STEPS_A_TICK; step++) walk.step();
    const tick = { seq: at / TICK_MS, at, price: walk.price, sources: [] };
    book.onTick(before, tick);
    before = tick;
    if (at % SHADOW_EVERY_MS === 0) look(book, at, walk.price);
    if (at % BLOCK_MS === 0 && see.end(at / BLOCK_MS - 1)) return;
  }
}

function look(book: ShadowBook<{ low: Cents; high: Cents; law: number }>, at: number, spot: Cents): void {
  const band = Math.round((spot * BAND_BP) / 10_000);
  const bottom = Math.floor(spot / band) - ROWS / 2;
  for (let ahead = 1; ahead <= COLUMNS; ahead++) {
    const start = Math.ceil(at / WINDOW_MS) * WINDOW_MS + ahead * WINDOW_MS;
    const cells = Array.from({ length: ROWS }, (_, row) => {
      const [low, high] = [(bottom + row) * band, (bottom + row + 1) * band] as [Cents, Cents];
      const [a, b] = [low, high].map((edge) => 10_000 * Math.log(edge / spot)) as [number, number];
      const law = touchProbability(a + SHIFT_BP, b - SHIFT_BP, (start - at) / 1_000, WINDOW_MS / 1_000);
      return { low, high, law };
    });
    book.price({ start, windowMs: WINDOW_MS, band }, cells);
  }
}

/** Blocks until ±3 points are known of the bucket, by how far blocks of another walk lie apart. */
function blocksInTheory(): number {
  let [cells, square, excess, blocks] = [0, 0, 0, 0];
  walked('theory', 24, {
    cell(_, law, touched) {
      const price = ordinaryPrice(law);
      if (gateBucket(price) !== BUCKET) return;
      cells++;
      excess += (price / 100) * ((touched ? 1 : 0) - law);
    },
    end() {
      square += excess ** 2;
      excess = 0;
      blocks++;
      return false;
    },
  });
  return ((1.96 / 0.03) * (Math.sqrt(square / blocks) / (cells / blocks))) ** 2;
}

/** @param priced of the law of each cell. @returns the trust after the last block, and its number. */
function earned(seed: string, priced: (law: number) => number, isEnough: (trust: EarnedTrust) => boolean) {
  const trust = new EarnedTrust();
  let blocks = Infinity;
  walked(seed, 16, {
    cell: (block, law, touched) => trust.add(block, priced(law), touched),
    end(block) {
      trust.endBlock(block);
      if (isEnough(trust)) blocks = block + 1;
      return blocks !== Infinity;
    },
  });
  return { trust, blocks };
}

describe('the gate on a walk whose law is known', () => {
  const theory = blocksInTheory();

  test.each(['one', 'two', 'three'])('certifies within the hours that theory says: %s', (seed) => {
    const isCertified = ({ terms }: EarnedTrust) => terms[BUCKET]!.trust === 'certified';
    const { blocks, trust } = earned(seed, (law) => law, isCertified);
    expect(blocks / theory).toBeGreaterThan(0.5);
    expect(blocks / theory).toBeLessThan(2);
    expect(trust.buckets[BUCKET]!.blocks.closed).toBe(0);
  });

  test.each(['one', 'two', 'three'])('closes a bucket that is priced a fifth too high: %s', (seed) => {
    const priced = (law: number) => (gateBucket(ordinaryPrice(law / 1.2)) === BUCKET ? law / 1.2 : law);
    const isClosed = ({ terms }: EarnedTrust) => terms[BUCKET]!.trust === 'closed';
    const { blocks, trust } = earned(seed, priced, isClosed);
    expect(blocks / theory).toBeLessThan(1);
    expect(trust.buckets[BUCKET]!.blocks.certified).toBe(0);
  });
});
