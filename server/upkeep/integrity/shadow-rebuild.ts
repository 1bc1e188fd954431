import type { PathPoint } from '../../game/path.ts';
import { replayShadow } from '../../game/learned/shadow-replay.ts';
import {
  blockEnd,
  SHADOW_RECALL_MS,
  shadowFrom,
  ShadowWatch,
  type ShadowBlock,
  type ShadowOrigin,
} from '../../game/learned/shadow-watch.ts';
import type { History } from '../../ports/history.ts';
import { tickOf } from '../../store/rows/tick.ts';

/** Ticks that are read at a time. */
const TICKS_AT_ONCE = 2_000;

type Log = Pick<History, 'revisionFrom' | 'path' | 'ticksAfter'>;

/** A block again: what it should be, and the numbers of blocks before it that should be there. */
export interface Rebuilt {
  readonly block: ShadowBlock | null;
  readonly missing: readonly number[];
}

/** Works the blocks of the shadow book out again from ticks and revisions, in the order of their numbers. */
export class ShadowRebuild {
  #run: Run | null = null;

  constructor(private readonly log: Log) {}

  /** @returns null where the ticks or revisions of the block are not here any more. */
  of(row: ShadowBlock): Rebuilt | null {
    const run = this.#run?.isOf(row) ? this.#run : this.#runOf(row);
    // One that throws is not gone on with.
    this.#run = null;
    const rebuilt = run?.upTo(row.block) ?? null;
    this.#run = run;
    return rebuilt;
  }

  #runOf(row: ShadowBlock): Run | null {
    const from = shadowFrom(row, row.block - 1);
    const [first] = this.log.path(from - SHADOW_RECALL_MS, from);
    if (first === undefined || first.at > blockEnd(row.block)) return null;
    const isHere = first.at <= from - SHADOW_RECALL_MS || first.seq === 1;
    return isHere ? new Run(this.log, row, from, first) : null;
  }
}

/** Blocks of one origin, one after the other. */
class Run {
  readonly #blocks: Iterator<ShadowBlock>;
  #ahead: ShadowBlock | null = null;
  #block: number;

  constructor(
    log: Log,
    private readonly origin: ShadowOrigin & Pick<ShadowBlock, 'block'>,
    from: number,
    first: PathPoint,
  ) {
    this.#block = origin.block - 1;
    const watch = new ShadowWatch(origin, this.#block);
    const revisionFrom = (at: number) => log.revisionFrom(at);
    this.#blocks = replayShadow(watch, { revisionFrom, ticks: ticksAfter(log, first.seq - 1) }, from);
  }

  isOf({ block, since, simulated, boards }: ShadowBlock): boolean {
    const { since: own, simulated: ownKind, boards: ownBoards } = this.origin;
    return block > this.#block && since === own && simulated === ownKind && Bun.deepEquals(boards, ownBoards);
  }

  upTo(block: number): Rebuilt {
    const missing: number[] = [];
    this.#block = block;
    for (;;) {
      this.#ahead ??= this.#blocks.next().value ?? null;
      if (this.#ahead === null || this.#ahead.block > block) return { block: null, missing };
      const found = this.#ahead;
      this.#ahead = null;
      if (found.block === block) return { block: found, missing };
      missing.push(found.block);
    }
  }
}

function* ticksAfter(log: Log, seq: number): Generator<PathPoint> {
  for (let last = seq; ; ) {
    const page = log.ticksAfter(last, TICKS_AT_ONCE);
    for (const row of page) yield tickOf(row);
    if (page.length < TICKS_AT_ONCE) return;
    last = page.at(-1)!.seq;
  }
}

/** The lists of a block that are not the same in another one. */
export const differences = (one: ShadowBlock, other: ShadowBlock): readonly string[] =>
  (['classes', 'evidence', 'offers', 'learned'] as const).filter(
    (list) => !Bun.deepEquals(one[list], other[list]),
  );

/** Whether a block can have ended by then: before, it says of itself that it is from later. */
export const hasEnded = (block: number, at: number): boolean => blockEnd(block) <= at;
