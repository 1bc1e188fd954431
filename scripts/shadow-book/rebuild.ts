import { earnedBy, keptBy, type BlocksKept, type EarnedBucket } from '../../server/game/learned/earned.ts';
import { LEAD_ENDS } from '../../server/game/learned/cell-class.ts';
import { BLOCK_MS } from '../../server/game/learned/learner.ts';
import { offerOf } from '../../server/game/learned/shadow-sums.ts';
import { SHADOW_RECALL_MS, shadowFrom, type ShadowBlock } from '../../server/game/learned/shadow-watch.ts';
import type { History } from '../../server/ports/history.ts';
import { shadowOf } from '../../server/store/rows/shadow.ts';
import { differences, ShadowRebuild } from '../../server/upkeep/integrity/shadow-rebuild.ts';

const DAY_MS = 86_400_000;
const BLOCKS_AT_ONCE = 500;

export interface ShadowReport {
  readonly blocks: number;
  /** Worked out again; the ticks of the others are archived. */
  readonly rebuilt: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly faults: readonly { readonly block: number; readonly detail: string }[];
  readonly buckets: readonly (Omit<EarnedBucket, 'halfWidth'> & { readonly offers: BlocksKept | null })[];
  readonly leads: readonly { readonly belowSeconds: number | null; readonly offers: BlocksKept | null }[];
  readonly all: BlocksKept | null;
}

/** @param progressed part done, 0 to 1. */
export async function rebuildShadow(
  history: History,
  days: number,
  progressed: (part: number) => void,
): Promise<ShadowReport> {
  const blocks = newestBlocks(history, days);
  let rebuild = new ShadowRebuild(history);
  const faults: { block: number; detail: string }[] = [];
  let rebuilt = 0;
  for (const [index, block] of blocks.entries()) {
    progressed((index + 1) / blocks.length);
    const again = isHere(history, block) ? rebuild.of(block) : null;
    // The archive may have taken from it meanwhile.
    if (again === null || !isHere(history, block)) {
      rebuild = new ShadowRebuild(history);
      continue;
    }
    rebuilt++;
    for (const missing of again.missing) faults.push({ block: missing, detail: 'is not there' });
    const lists = again.block === null ? ['cells'] : differences(block, again.block);
    for (const list of lists)
      faults.push({ block: block.block, detail: `has other ${list} than ticks and revisions say` });
    await Bun.sleep(0);
  }
  return { ...figuresOf(blocks), rebuilt, faults };
}

/** Whether all that a block was made of is behind the archive, which takes ticks and revisions apart. */
function isHere(history: History, block: ShadowBlock): boolean {
  const first = history.firstBatch();
  if (first?.seq === 1) return true;
  return first !== null && shadowFrom(block, block.block - 1) - SHADOW_RECALL_MS >= first.at;
}

function newestBlocks(history: History, days: number): ShadowBlock[] {
  const newest = history.numberBefore('shadow_blocks', (history.head()?.seq ?? 0) + 1);
  let last = newest - (days * DAY_MS) / BLOCK_MS;
  const blocks: ShadowBlock[] = [];
  for (;;) {
    const rows = history.shadowAfter(last, BLOCKS_AT_ONCE);
    blocks.push(...rows.map(shadowOf));
    if (rows.length < BLOCKS_AT_ONCE) return blocks;
    last = rows.at(-1)!.block;
  }
}

function figuresOf(blocks: readonly ShadowBlock[]): Omit<ShadowReport, 'rebuilt' | 'faults'> {
  const offers = blocks.map(({ block, offers: sums }) => ({ block, sums }));
  const buckets = keptBy(offers, ({ key }) => offerOf(key).bucket);
  const leads = keptBy(offers, ({ key }) => offerOf(key).lead);
  const timeOf = (block: number | undefined): string | null =>
    block === undefined ? null : new Date(block * BLOCK_MS).toISOString();
  const last = blocks.at(-1)?.block;
  return {
    blocks: blocks.length,
    from: timeOf(blocks[0]?.block),
    to: timeOf(last === undefined ? undefined : last + 1),
    buckets: earnedBy(blocks, BLOCK_MS).map(({ halfWidth: _, ...bucket }, index) => ({
      ...bucket,
      offers: buckets.get(index) ?? null,
    })),
    leads: LEAD_ENDS.map((end, lead) => ({
      belowSeconds: end === Infinity ? null : end / 1000,
      offers: leads.get(lead) ?? null,
    })),
    all: keptBy(offers, () => 'all').get('all') ?? null,
  };
}
