import { Market } from '../../server/engine/market.ts';
import { placeOf } from '../../views/board/place.ts';
import { RowChoice, rowsFor, shareSold } from '../../static/board/rows.js';
import type { BucketTerms } from '../../server/game/learned/gate.ts';
import type { LearnedBoards } from '../../server/game/learned/learned-quote.ts';
import { PRIOR } from '../../server/game/learned/learned-after.ts';
import type { TickSource } from '../../server/game/tick.ts';
import { VolatilityEstimator } from '../../server/game/volatility.ts';
import type { Board } from '../../server/ports/events.ts';

/** Prices over time: nothing inside a gap. */
export interface SightTape {
  readonly startAt: number;
  readonly endAt: number;
  sample(at: number): readonly TickSource[];
}

/** What a phone shows of a board at one moment. */
export interface Sight {
  readonly at: number;
  readonly windowMs: number;
  /** Of the price, bp per √s. */
  readonly sigma: number;
  /** Of the cells in sight in columns that take bets, the share that has a multiplier. */
  readonly share: number;
  readonly rows: number;
}

export interface SightOptions {
  /** Lengths of the windows of the boards, ms. */
  readonly windows: readonly number[];
  /** Whether every bucket is certified, or the house has just begun. */
  readonly isCertified: boolean;
  /** Rows that the window has room for. */
  readonly room: number;
}

/** Columns that take bets in a phone's sight. */
const COLUMNS = 5;
const TICK_MS = 100;
const LOOK_TICKS = 10;
/** As the page's plane follows the price. */
const LOOSE_SHARE = 0.2;

/** The default board, but for the looks, of which one a second is enough. */
const BOARD = {
  columnsAhead: 12,
  rows: 16,
  tickMs: TICK_MS,
  quoteEveryTicks: LOOK_TICKS,
  watchFrozen: false,
};
const CERTIFIED: BucketTerms = { trust: 'certified', halfWidth: 0.01 };

/** A phone's board over a tape, one look a second while it sells and the estimate is warm. */
export function* sightsOf(tape: SightTape, { windows, isCertified, room }: SightOptions): Generator<Sight> {
  const learned = isCertified ? certified(windows) : undefined;
  const market = new Market(
    { ...BOARD, windows },
    new VolatilityEstimator(),
    () => 0,
    () => false,
    learned && (() => learned),
  );
  const phones = new Map(windows.map((windowMs) => [windowMs, new PhoneSight(room)]));
  for (let at = tape.startAt, seq = 0; at <= tape.endAt; at += TICK_MS) {
    const sources = tape.sample(at);
    const price = sources[0]?.price;
    if (price === undefined) continue;
    const revision = market.take({ seq: ++seq, at, price, sources }, 0, true);
    const { sigma, warm } = market.estimator.snapshot();
    if (revision === null || revision.pause !== null || (isCertified && !warm)) continue;
    for (const board of market.boards)
      yield { at, windowMs: board.windowMs, sigma, ...phones.get(board.windowMs)!.look(board, at) };
  }
}

const certified = (windows: readonly number[]): LearnedBoards => ({
  version: 1,
  windows,
  boards: windows.map(() => ({ ...PRIOR, version: 1, buckets: PRIOR.buckets.map(() => CERTIFIED) })),
});

/** The page of one phone: which price is in its middle, and how many rows it shows. */
class PhoneSight {
  #middle = -Infinity;
  #choice: RowChoice | null = null;

  constructor(private readonly room: number) {}

  look(board: Board, at: number): Pick<Sight, 'share' | 'rows'> {
    const { band, anchor } = placeOf(board);
    const rows = this.#choice?.rows ?? this.room;
    if (Math.abs(board.tick.price - this.#middle) > LOOSE_SHARE * rows * band) this.#middle = anchor;
    const near = board.columns.filter(({ locked }) => !locked).slice(0, COLUMNS);
    const sold = near.flatMap(({ low, band: height, multipliers }) =>
      multipliers.flatMap((multiplier, row) =>
        multiplier === null
          ? []
          : [{ away: (low + (row + 0.5) * height - this.#middle) / band, height: height / band }],
      ),
    );
    const shareOf = (some: number): number => shareSold(sold, near.length, some);
    this.#choice ??= new RowChoice(rowsFor(shareOf, this.room));
    this.#choice.look(shareOf, this.room, at);
    return { share: shareOf(this.#choice.rows), rows: this.#choice.rows };
  }
}
