import { OPTIONS, TICK_MS } from '../../test/simulation/house-settings.ts';
import { Locker, type Filled } from '../../server/engine/locker.ts';
import { Market } from '../../server/engine/market.ts';
import { Resolver } from '../../server/engine/resolver.ts';
import { Walk } from '../../server/feed/walk.ts';
import type { Bet } from '../../server/game/bet.ts';
import { dollars } from '../../server/game/money.ts';
import type { Tick } from '../../server/game/tick.ts';
import { VolatilityEstimator } from '../../server/game/volatility.ts';
import type { Board } from '../../server/ports/events.ts';
import type { BetClosing, BetLock, BetOrder, Operation, PlaceBets } from '../../server/ports/ledger.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { betOf } from '../../server/engine/judged-taps.ts';

const CAPS = {
  cellShare: 0.005,
  columnShare: 0.01,
  totalShare: 0.05,
  accountShare: 0.002,
  openBetsMax: 5000,
  betsPerCellMax: 5,
};
const BANKROLLS = { PLAY: dollars(900_000_000), USD: dollars(0) };
/** Ticks of one commit, and of one revision of the grid. */
const TICKS_PER_STEP = 10;
const TICKS_PER_QUOTE = 5;
const WARMING_MS = 45 * 60_000;

export const STEP_MS = TICKS_PER_STEP * TICK_MS;

/**
 * The house without its edges: the market, the locks and the resolver of the engine over the ledger that the
 * server has, on a clock that goes as fast as the work does. Each step of a second is one commit. Nothing is
 * flushed to disk before the end.
 */
export class QuickHouse {
  readonly #market = new Market(
    { ...OPTIONS, quoteEveryTicks: TICKS_PER_QUOTE },
    new VolatilityEstimator({ declaredBp: 1 }),
    () => 0,
  );
  readonly #locker = new Locker();
  readonly #resolver = new Resolver(() => OPTIONS.maxGapMs);
  readonly #open = new Map<string, Bet>();
  readonly #walk: Walk;
  #seq: number;
  #now: number;

  private constructor(
    readonly store: Store,
    seed: number,
    at: number,
  ) {
    const { books } = store;
    const last = books.lastTick();
    this.#seq = last?.seq ?? 0;
    this.#now = last?.at ?? at;
    this.#walk = new Walk({
      seed: `${seed}.${this.#seq}`,
      ...(last === null ? {} : { startPrice: last.price }),
    });
    if (last === null) return;
    this.#market.restore(
      books.ticks(last.at - WARMING_MS, last.at + 1, WARMING_MS / TICK_MS),
      books.lastRevision(),
    );
    this.#resolver.restore(last);
    for (const bet of books.openBets()) this.#hold(bet);
  }

  /**
   * @param dataDir made when it is not there; what is in it is gone on with. @param at where the clock of an
   * empty one begins, UTC epoch ms.
   */
  static async open(dataDir: string, seed: number, at: number): Promise<QuickHouse> {
    return new QuickHouse(
      await openStore({
        dataDir,
        caps: CAPS,
        bankrolls: BANKROLLS,
        at,
        inProcess: true,
        simulationWithoutFsync: true,
      }),
      seed,
      at,
    );
  }

  /** UTC epoch ms. */
  get now(): number {
    return this.#now;
  }

  /** Bets in the books, open ones included. */
  get bets(): number {
    return this.store.books.unarchivedBets();
  }

  get openBets(): number {
    return this.#open.size;
  }

  /** What is on sale; null before the first step, and while nothing is. */
  get board(): Board | null {
    const { board } = this.#market;
    return board === null || board.revision.pause !== null || !this.#market.estimator.snapshot().warm
      ? null
      : board;
  }

  /**
   * The ticks of a second with all that follows from them, then who comes and what is ordered, in one commit.
   * @returns how many bets were taken.
   */
  async step(
    arrivals: readonly Operation[],
    ordersAt: (now: number) => readonly PlaceBets[],
  ): Promise<number> {
    const operations: Operation[] = [];
    const ticks: Tick[] = [];
    for (let n = 0; n < TICKS_PER_STEP; n++) {
      this.#now += TICK_MS;
      const price = this.#walk.step();
      const tick: Tick = { seq: ++this.#seq, at: this.#now, price, sources: [{ venue: 'walk', price }] };
      ticks.push(tick);
      this.#take(tick, operations);
    }
    const orders = ordersAt(this.#now);
    const { results } = await this.store.ledger.commitBatch(
      [{ kind: 'record-ticks', ticks }, ...operations, ...arrivals, ...orders],
      this.#now,
    );
    const ordered = results.slice(-orders.length || results.length);
    let taken = 0;
    for (const [index, order] of orders.entries()) {
      const result = ordered[index]!;
      if (result.kind !== 'placed') continue;
      for (const [tap, { status }] of result.results.entries()) {
        if (status !== 'accepted') continue;
        taken++;
        this.#hold(betOf(order, order.taps[tap] as BetOrder));
      }
    }
    return taken;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  #take(tick: Tick, operations: Operation[]): void {
    const revision = this.#market.take(tick, 0, true);
    if (revision !== null) {
      operations.push({ kind: 'record-revision', revision });
      this.#lock(this.#locker.onRevision(revision), operations);
    }
    const closings = this.#resolver.onTick(tick);
    if (closings.length > 0) this.#close(closings, operations);
  }

  #hold(bet: Bet): void {
    this.#open.set(bet.id, bet);
    if (bet.locked !== null) this.#watch(bet);
    // An order's lock time is always ahead of what has happened.
    else this.#locker.add(bet, () => null);
  }

  #lock(fills: readonly Filled[], operations: Operation[]): void {
    const locks: BetLock[] = [];
    for (const { bet, lock } of fills) {
      if (lock.outcome === 'void') {
        locks.push({ betId: bet.id, voidReason: lock.reason, revision: lock.revision });
        this.#open.delete(bet.id);
        continue;
      }
      locks.push({ betId: bet.id, multiplier: lock.multiplier, revision: lock.revision });
      this.#watch({ ...bet, status: 'locked', locked: lock.multiplier, lockedRevision: lock.revision });
    }
    if (locks.length > 0) operations.push({ kind: 'lock-bets', locks, at: this.#now });
  }

  #watch(bet: Bet): void {
    const closing = this.#resolver.add(bet, this.#now, (cell) => this.store.books.ticksOf(cell));
    if (closing !== null) throw new Error(`bet ${bet.id} was decided before it was watched`);
  }

  #close(closings: readonly BetClosing[], operations: Operation[]): void {
    operations.push({ kind: 'close-bets', closings, at: this.#now });
    for (const { betId } of closings) this.#open.delete(betId);
  }
}
