import {
  LEARNED_BLOCKS,
  learnedAfter,
  lessonOf,
  PRIOR,
  type Lesson,
} from '../../game/learned/learned-after.ts';
import { blockEnd, type ShadowBlock } from '../../game/learned/shadow-watch.ts';
import { messageOf } from '../../ports/failure.ts';
import type { History } from '../../ports/history.ts';
import type { RevisionRow } from '../../store/rows/revision.ts';
import { shadowOf, versionOf, type ShadowRow } from '../../store/rows/shadow.ts';
import type { Findings } from './findings.ts';
import { differences, hasEnded, ShadowRebuild, type Rebuilt } from './shadow-rebuild.ts';

/** Holds each block of the shadow book against the ticks and revisions that it was made of. */
export class ShadowBlocks {
  readonly #rebuild: ShadowRebuild;
  /** The blocks of seven days up to the one that was looked at last. */
  #lessons: Lesson[] = [];
  #saidOf = -1;
  /** The block that the last revision named, if it is there, and the one after it. */
  #known: { readonly block: number | null; readonly next: number | null } = { block: null, next: null };
  rebuilt = 0;

  constructor(
    private readonly history: History,
    private readonly findings: Findings,
  ) {
    this.#rebuild = new ShadowRebuild(history);
  }

  /** @param tickAt time of the newest tick up to the commit of the rows. */
  take(rows: readonly ShadowRow[], revisions: readonly RevisionRow[], tickAt: number): void {
    for (const revision of revisions) this.#checkLearned(revision);
    for (const row of rows) {
      const block = this.#read(row);
      if (block === null) continue;
      if (hasEnded(block.block, tickAt)) this.#check(row, block);
      else this.#add(block.block, 'was written down before it had ended');
    }
  }

  #check(row: ShadowRow, block: ShadowBlock): void {
    this.#checkVersion(row, block);
    const again = this.#again(block);
    if (again === null) return;
    this.rebuilt += 1;
    for (const missing of again.missing) this.#add(missing, 'is not there');
    if (again.block === null) this.#add(block.block, 'has cells that no revision priced');
    else
      for (const list of differences(block, again.block))
        this.#add(block.block, `has other ${list} than ticks and revisions say`);
  }

  /** Null where it cannot be worked out: without what a revision had learned nothing can be priced. */
  #again(block: ShadowBlock): Rebuilt | null {
    try {
      return this.#rebuild.of(block);
    } catch (error) {
      this.#add(block.block, `cannot be worked out again: ${messageOf(error)}`);
      return null;
    }
  }

  /** What holds from the block on follows from the rows of seven days. */
  #checkVersion(row: ShadowRow, block: ShadowBlock): void {
    if (this.#lessons.length === 0)
      this.#lessons = this.history
        .shadowAfter(block.block - LEARNED_BLOCKS, LEARNED_BLOCKS)
        .filter(({ block: number }) => number < block.block)
        .map((one) => lessonOf(shadowOf(one)));
    this.#lessons = [...this.#lessons.slice(1 - LEARNED_BLOCKS), lessonOf(block)];
    if (!Bun.deepEquals(versionOf(row), learnedAfter(block, this.#lessons)))
      this.#add(block.block, 'names other factors or buckets than seven days of blocks say');
  }

  /** A revision knows the newest block that had ended, or the prior; nothing of what came later. */
  #checkLearned({ revision, at, model, learned }: RevisionRow): void {
    if (model !== 2 || learned === PRIOR.version) return;
    if (this.#known.block !== learned || this.#known.next === null) {
      const [own, next] = this.history.shadowAfter(learned - 1, 2);
      this.#known = { block: own?.block ?? null, next: next?.block ?? null };
    }
    const { block, next } = this.#known;
    const isNewest = block === learned && blockEnd(learned) <= at && (next === null || blockEnd(next) > at);
    // Five minutes of revisions name the same one: it is said once.
    if (!isNewest && this.#saidOf !== learned)
      this.findings.add(
        'shadow',
        `revision ${revision}`,
        `was priced by what block ${learned} says, which is not the newest that had ended`,
      );
    if (!isNewest) this.#saidOf = learned;
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
