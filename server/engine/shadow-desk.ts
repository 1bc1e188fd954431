import { LEARNED_BLOCKS, learnedAfter, lessonOf, type Lesson } from '../game/learned/learned-after.ts';
import { PRIOR_BOARDS } from '../game/learned/learned-boards.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import { replayShadow, type ShadowLog } from '../game/learned/shadow-replay.ts';
import {
  blockEnd,
  SHADOW_RECALL_MS,
  shadowFrom,
  shadowSince,
  ShadowWatch,
  type ShadowBlock,
  type ShadowBoards,
  type ShadowOrigin,
} from '../game/learned/shadow-watch.ts';
import { RULE_VERSION } from '../game/path.ts';
import type { GridRevision } from '../game/revision.ts';
import type { Tick } from '../game/tick.ts';
import type { Books } from '../ports/books.ts';
import type { EngineOptions } from './engine-parts.ts';

/** A book that has seen nothing for longer begins anew: its ticks may be archived. */
const GOES_ON_WITHIN_MS = 1_800_000;
/** Ticks that are read at a time. */
const TICKS_AT_ONCE = 5_000;

type Log = Pick<Books, 'revisionFrom' | 'ticksBySeq' | 'ticks'>;

interface ShadowDeskParts {
  readonly feed: { readonly simulated: boolean };
  readonly books: Log & Pick<Books, 'lastShadow' | 'lastTick' | 'shadowAfter'>;
}

/** The shadow book of the running house: what a crash took is worked out again from the ticks. */
export class ShadowDesk {
  #watch: ShadowWatch | null = null;
  /** What the last run had ended and not written down. */
  #due: readonly ShadowBlock[] = [];

  readonly #boards: ShadowBoards;
  /** Of the last seven days, in the order of their numbers. */
  #lessons: Lesson[];
  #learned: LearnedBoards;

  /** @param record writes a block into the books, with what is known from its end on. */
  constructor(
    { windows, rows, maxGapMs }: Pick<EngineOptions, 'windows' | 'rows' | 'maxGapMs'>,
    private readonly parts: ShadowDeskParts,
    private readonly record: (block: ShadowBlock, learned: LearnedBoards) => void,
  ) {
    this.#boards = { windows, rows, rule: { version: RULE_VERSION, maxGapMs } };
    const last = parts.books.lastShadow();
    this.#lessons =
      last === null ? [] : parts.books.shadowAfter(last.block - LEARNED_BLOCKS, LEARNED_BLOCKS).map(lessonOf);
    this.#learned = this.#after(last);
  }

  /**
   * Continues the book of the last run where the boards are still the same.
   * @param startsAnew whether these prices do not continue those.
   */
  restore(startsAnew: boolean | undefined): void {
    const { books, feed } = this.parts;
    const boards = this.#boards;
    const [block, tick] = [books.lastShadow(), books.lastTick()];
    if (block === null || tick === null || startsAnew === true) return;
    if (block.simulated !== feed.simulated || !areSame(block.boards, boards)) return;
    if (tick.at - blockEnd(block.block) > GOES_ON_WITHIN_MS) return;
    const origin: ShadowOrigin = { boards, simulated: feed.simulated, since: block.since };
    const from = shadowFrom(origin, block.block);
    this.#watch = new ShadowWatch(origin, block.block);
    this.#due = [...replayShadow(this.#watch, logOf(books, from - SHADOW_RECALL_MS), from)];
  }

  /** Takes the next tick, before its revision. */
  onTick(tick: Tick): void {
    this.#watch ??= this.#begun(tick.at);
    for (const block of [...this.#due, ...this.#watch.onTick(tick)]) this.#learn(block);
    this.#due = [];
  }

  /** What is known by now: of prices of the kind that this run has. */
  get learned(): LearnedBoards {
    return this.#learned;
  }

  onRevision(revision: GridRevision): void {
    this.#watch?.onRevision(revision);
  }

  #learn(block: ShadowBlock): void {
    this.#lessons = [...this.#lessons.slice(1 - LEARNED_BLOCKS), lessonOf(block)];
    this.#learned = this.#after(block);
    this.record(block, this.#learned);
  }

  /**
   * Of another kind of price nothing was learned yet, whatever the last block says. What it says of other
   * boards holds for none of these, but where it and this house have one each; their own history counts again
   * with the first block.
   */
  #after(block: Lesson | null): LearnedBoards {
    const { windows } = this.#boards;
    if (block === null || block.simulated !== this.parts.feed.simulated) return PRIOR_BOARDS;
    const last = block.boards.windows;
    const isOfThese = last.join() === windows.join() || (last.length === 1 && windows.length === 1);
    return isOfThese ? learnedAfter(block, this.#lessons) : PRIOR_BOARDS;
  }

  /** Behind what there is: a block has one row. */
  #begun(at: number): ShadowWatch {
    const { feed, books } = this.parts;
    const origin = { boards: this.#boards, simulated: feed.simulated, since: shadowSince(at) };
    return new ShadowWatch(origin, books.lastShadow()?.block ?? 0);
  }
}

const areSame = (one: ShadowBoards, other: ShadowBoards): boolean =>
  one.windows.join() === other.windows.join() &&
  one.rows === other.rows &&
  one.rule.version === other.rule.version &&
  one.rule.maxGapMs === other.rule.maxGapMs;

function logOf(books: Log, from: number): ShadowLog {
  return {
    revisionFrom: (at) => books.revisionFrom(at),
    ticks: ticksFrom(books, from),
  };
}

function* ticksFrom(books: Log, from: number): Generator<Tick> {
  let page = books.ticks(from, Number.MAX_SAFE_INTEGER, TICKS_AT_ONCE);
  while (page.length > 0) {
    yield* page;
    const next = page.at(-1)!.seq + 1;
    page = books.ticksBySeq(next, next + TICKS_AT_ONCE - 1, TICKS_AT_ONCE);
  }
}
