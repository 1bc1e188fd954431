import type { ShadowBlock } from '../../game/learned/shadow-watch.ts';
import { messageOf } from '../../ports/failure.ts';
import type { History } from '../../ports/history.ts';
import { shadowOf, type ShadowRow } from '../../store/rows/shadow.ts';
import type { Findings } from './findings.ts';
import { differences, hasEnded, ShadowRebuild } from './shadow-rebuild.ts';

/** Holds each block of the shadow book against the ticks and revisions that it was made of. */
export class ShadowBlocks {
  readonly #rebuild: ShadowRebuild;
  rebuilt = 0;

  constructor(
    history: History,
    private readonly findings: Findings,
  ) {
    this.#rebuild = new ShadowRebuild(history);
  }

  /** @param tickAt time of the newest tick up to the commit of the rows. */
  take(rows: readonly ShadowRow[], tickAt: number): void {
    for (const row of rows) {
      const block = this.#read(row);
      if (block === null) continue;
      if (hasEnded(block.block, tickAt)) this.#check(block);
      else this.#add(block.block, 'was written down before it had ended');
    }
  }

  #check(block: ShadowBlock): void {
    const again = this.#rebuild.of(block);
    if (again === null) return;
    this.rebuilt += 1;
    for (const missing of again.missing) this.#add(missing, 'is not there');
    if (again.block === null) this.#add(block.block, 'has cells that no revision priced');
    else
      for (const list of differences(block, again.block))
        this.#add(block.block, `has other ${list} than ticks and revisions say`);
  }

  #read(row: ShadowRow): ShadowBlock | null {
    try {
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
