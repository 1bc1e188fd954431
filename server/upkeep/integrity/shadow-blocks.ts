import { LEARNED_BLOCKS, learnedAfter } from '../../game/learned/learned-after.ts';
import type { ShadowBlock } from '../../game/learned/shadow-watch.ts';
import { messageOf } from '../../ports/failure.ts';
import type { History } from '../../ports/history.ts';
import { shadowOf, versionOf, type ShadowRow } from '../../store/rows/shadow.ts';
import type { Findings } from './findings.ts';
import { differences, hasEnded, ShadowRebuild } from './shadow-rebuild.ts';

/** Holds each block of the shadow book against the ticks and revisions that it was made of. */
export class ShadowBlocks {
  readonly #rebuild: ShadowRebuild;
  /** The blocks of seven days up to the one that was looked at last. */
  #lessons: ShadowBlock[] = [];
  rebuilt = 0;

  constructor(
    private readonly history: History,
    private readonly findings: Findings,
  ) {
    this.#rebuild = new ShadowRebuild(history);
  }

  /** @param tickAt time of the newest tick up to the commit of the rows. */
  take(rows: readonly ShadowRow[], tickAt: number): void {
    for (const row of rows) {
      const block = this.#read(row);
      if (block === null) continue;
      if (hasEnded(block.block, tickAt)) this.#check(row, block);
      else this.#add(block.block, 'was written down before it had ended');
    }
  }

  #check(row: ShadowRow, block: ShadowBlock): void {
    this.#checkVersion(row, block);
    const again = this.#rebuild.of(block);
    if (again === null) return;
    this.rebuilt += 1;
    for (const missing of again.missing) this.#add(missing, 'is not there');
    if (again.block === null) this.#add(block.block, 'has cells that no revision priced');
    else
      for (const list of differences(block, again.block))
        this.#add(block.block, `has other ${list} than ticks and revisions say`);
  }

  /** What holds from the block on follows from the rows of seven days. */
  #checkVersion(row: ShadowRow, block: ShadowBlock): void {
    if (this.#lessons.length === 0)
      this.#lessons = this.history
        .shadowAfter(block.block - LEARNED_BLOCKS, LEARNED_BLOCKS)
        .filter(({ block: number }) => number < block.block)
        .map(shadowOf);
    this.#lessons = [...this.#lessons.slice(1 - LEARNED_BLOCKS), block];
    if (!Bun.deepEquals(versionOf(row), learnedAfter(block, this.#lessons)))
      this.#add(block.block, 'names other factors or buckets than seven days of blocks say');
  }

  #read(row: ShadowRow): ShadowBlock | null {
    try {
      versionOf(row);
      return shadowOf(row);
    } catch (error) {
      this.#add(row.block, `cannot be read: ${messageOf(error)}`);
      return null;
    }
  }

  #add(block: number, detail: string): void {
    this.findings.add('shadow', `shadow block ${block}`, detail);
  }
}
