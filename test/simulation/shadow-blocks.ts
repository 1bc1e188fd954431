import { STAGES } from '../../server/game/learned/corrections.ts';
import { learnedAfter } from '../../server/game/learned/learned-after.ts';
import { BLOCK_MS, PROBABILITY_ONE } from '../../server/game/learned/learner.ts';
import { SHADOW_EVERY_MS } from '../../server/game/learned/shadow-book.ts';
import type { ShadowBlock } from '../../server/game/learned/shadow-watch.ts';
import type { World } from './world.ts';

/** Blocks before the first tick of a house: no tick can tell what they should be. */
const BLOCKS_BEFORE = 40;

/** Writes the next block of a shadow book of which no tick is here. */
export async function shadowBlock(world: World): Promise<void> {
  const { books, ledger } = world.store;
  const last = books.lastShadow();
  const number = last === null ? Math.floor(world.now / BLOCK_MS) - BLOCKS_BEFORE : last.block + 1;
  const block: ShadowBlock = {
    block: number,
    since: Math.floor((world.now - BLOCKS_BEFORE * 2 * BLOCK_MS) / SHADOW_EVERY_MS) * SHADOW_EVERY_MS,
    simulated: true,
    boards: { windows: [5_000], rows: 16, rule: { version: 2, maxGapMs: 3_000 } },
    classes: [
      { key: 60, cells: 120, touched: 70, expected: 71_000_000 + number },
      { key: 900, cells: 40, touched: 3, expected: 2_900_000 },
    ],
    evidence: [{ key: 1, cells: 120, quoted: 113_000_000, paid: 11_400 + (number % 7) }],
    offers: [{ key: 6, cells: 100, quoted: 94_000_000, paid: 9_300 }],
    learned: STAGES.map(({ classes }) =>
      Array.from({ length: classes }, (_, index) => ({
        touched: (index % 3) * PROBABILITY_ONE,
        expected: index * 1_000 + (number % 5),
      })),
    ),
  };
  const learned = learnedAfter(block, [...books.shadowAfter(0, 2_016), block]);
  await ledger.commitBatch([{ kind: 'record-shadow', block, learned }], world.now);
}
