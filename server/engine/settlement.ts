import { present } from '../game/present.ts';
import type { Bet } from '../game/bet.ts';
import type { Cell } from '../game/grid.ts';
import type { Multiplier } from '../game/money.ts';
import { quotedTerms } from '../game/odds.ts';
import type { GridRevision } from '../game/revision.ts';
import type { Tick } from '../game/tick.ts';
import type { Books } from '../ports/books.ts';
import type { BetUpdate } from '../ports/events.ts';
import type { BetClosing, BetLock, OperationResult, Settlement } from '../ports/ledger.ts';
import { inSlices } from './batch-size.ts';
import type { Batcher } from './batcher.ts';
import { ClosedBets } from './closed-bets.ts';
import type { ExposureGauge } from './exposure-gauge.ts';
import { FillMarks } from './fill-marks.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { Locker, type Filled } from './locker.ts';
import type { Market } from './market.ts';
import { Resolver } from './resolver.ts';
import { ReturnWatch } from './return-watch.ts';

export interface SettlementParts {
  readonly batcher: Batcher;
  readonly books: Books;
  readonly market: Market;
  readonly gauge: ExposureGauge;
  /** The longest time without a tick that is no gap for this bet, ms. */
  readonly gapOf: (bet: Bet) => number;
  readonly now: () => number;
  readonly tell: (updates: readonly BetUpdate[]) => void;
}

/**
 * An open bet as it was decided so far, and the multiplier at which the gauge counts it: it may be locked
 * here and not yet in the ledger.
 */
interface Open {
  bet: Bet;
  counted: Multiplier;
}

/**
 * The path of a bet after its acknowledgement: held → locked → decided → paid. It decides in memory and
 * commits in order with the tick or revision that decided; traders hear of it after the commit.
 */
export class SettlementDesk {
  readonly #locker = new Locker();
  readonly #resolver: Resolver;
  readonly #open = new Map<string, Open>();
  /**
   * When the clock or a hand last decided bets without a tick, ms; 0 when neither did. A tick at or before it
   * would tell otherwise.
   */
  decidedAt = 0;
  /**
   * Time from the moment that decided a bet to the commit that paid it. What was decided while nothing ran
   * counts from the start on, and what a gap gives back from when that was seen.
   */
  readonly lag = new LatencyHistogram();
  readonly closed = new ClosedBets();
  readonly returns = new ReturnWatch();
  readonly marks = new FillMarks();
  #beganAt = 0;

  constructor(
    private readonly parts: SettlementParts,
    private readonly multiplierMax: Multiplier,
  ) {
    this.#resolver = new Resolver(parts.gapOf);
  }

  get openBets(): number {
    return this.#open.size;
  }

  openBet(id: string): Bet | undefined {
    return this.#open.get(id)?.bet;
  }

  /**
   * Takes up the open bets of an earlier run: fills and resolves by the log what fell due while nothing ran.
   */
  restore(bets: readonly Bet[], lastTick: Tick | null): void {
    this.#beganAt = this.parts.now();
    this.#resolver.restore(lastTick);
    this.addPlaced(bets);
    this.#fillByClock(this.parts.now());
  }

  /** Takes bets that are durable from now on. */
  addPlaced(bets: readonly Bet[]): void {
    const filled: Filled[] = [];
    const closings: BetClosing[] = [];
    for (const bet of bets) {
      const counted = bet.locked ?? this.multiplierMax;
      this.#open.set(bet.id, { bet, counted });
      this.parts.gauge.hold(bet, counted);
      if (bet.locked !== null) {
        this.#mark(bet);
        this.#watch(bet, closings);
      } else {
        const late = this.#locker.add(bet, this.#firstRevisionFrom);
        if (late !== null) filled.push(late);
      }
    }
    // Which bets the clock decides is looked at with every tick: to do it here would walk through all held
    // bets with each order.
    this.#commitFills(filled);
    this.#commitClosings(closings);
  }

  /** Locks what the revision is the first for. It must be recorded before. */
  onRevision(revision: GridRevision): void {
    this.marks.onRevision(revision);
    this.#commitFills(this.#locker.onRevision(revision));
  }

  /** Decides what the tick decides. It must be recorded before. */
  onTick(tick: Tick): void {
    this.closed.onTick(tick.at);
    this.#commitFills(this.#locker.onClock(tick.at));
    this.#commitClosings(this.#resolver.onTick(tick));
  }

  /** What the clock alone decides. */
  onSilence(now: number): void {
    this.#fillByClock(now);
    const closings = this.#resolver.onSilence(now);
    this.#commitClosings(closings);
    if (closings.length > 0) this.decidesAt(now);
  }

  /** Bets are decided at this time without a tick. */
  decidesAt(at: number): void {
    this.decidedAt = Math.max(at, this.decidedAt);
  }

  /** Takes note of bets that an operator gave back: what was decided of them meanwhile comes to nothing. */
  onCalledOff(bets: readonly Settlement[], at: number): void {
    this.#settled({ kind: 'settled', bets }, at, null);
  }

  /** Open bets, in no order. */
  *all(): Iterable<Bet> {
    for (const { bet } of this.#open.values()) yield bet;
  }

  #firstRevisionFrom = (at: number): GridRevision | null => {
    const remembered = this.parts.market.firstRevisionFrom(at);
    return remembered === undefined ? this.parts.books.revisionFrom(at) : remembered;
  };

  /** Gives back what no revision came for in time. */
  #fillByClock(now: number): void {
    const fills = this.#locker.onClock(now);
    this.#commitFills(fills);
    if (fills.length > 0) this.decidesAt(now);
  }

  /**
   * What is decided when it comes into the watch is decided by the log as it is now, of which the clock alone
   * says that it is complete.
   */
  #watch(bet: Bet, closings: BetClosing[]): void {
    const now = this.parts.now();
    const closing = this.#resolver.add(bet, now, (cell) => this.#logOf(cell));
    if (closing === null) return;
    closings.push(closing);
    this.decidesAt(now);
  }

  /** What is recorded, and behind it what waits to be. */
  #logOf(cell: Cell): readonly Tick[] {
    const remembered = this.parts.market.recentTicks();
    if ((remembered[0]?.at ?? Infinity) < cell.startMs - cell.windowMs) return remembered;
    const recorded = this.parts.books.ticksOf(cell);
    const last = recorded.at(-1)?.seq ?? 0;
    return [...recorded, ...remembered.filter(({ seq }) => seq > last)];
  }

  #commitFills(fills: readonly Filled[]): void {
    if (fills.length === 0) return;
    const locks: BetLock[] = [];
    const closings: BetClosing[] = [];
    for (const { bet, lock } of fills) {
      const open = this.#open.get(bet.id);
      if (open === undefined) continue;
      if (lock.outcome === 'void') {
        locks.push({ betId: bet.id, voidReason: lock.reason, revision: lock.revision });
        continue;
      }
      open.bet = { ...bet, status: 'locked', locked: lock.multiplier, lockedRevision: lock.revision };
      locks.push({ betId: bet.id, multiplier: lock.multiplier, revision: lock.revision });
      this.#watch(open.bet, closings);
    }
    const at = this.parts.now();
    for (const slice of inSlices(locks)) this.#commit({ kind: 'lock-bets', locks: slice, at }, at, null);
    this.#commitClosings(closings);
  }

  #commitClosings(closings: readonly BetClosing[]): void {
    const at = this.parts.now();
    for (const slice of inSlices(closings.filter(({ betId }) => this.#open.has(betId)))) {
      const decided = new Map(slice.map((closing) => [closing.betId, closing]));
      this.#commit({ kind: 'close-bets', closings: slice, at }, at, decided);
    }
  }

  #commit(
    operation: Extract<Parameters<Batcher['priority']>[0], { kind: 'lock-bets' | 'close-bets' }>,
    at: number,
    decided: ReadonlyMap<string, BetClosing> | null,
  ): void {
    this.parts.batcher.priority(operation).then(
      (result) => this.#settled(result, at, decided),
      () => {},
    );
  }

  #settled(result: OperationResult, at: number, decided: ReadonlyMap<string, BetClosing> | null): void {
    if (result.kind !== 'settled') throw new Error(`the ledger answered a settlement with ${result.kind}`);
    const updates = result.bets.map((settlement) => ({
      bet: this.#apply(settlement, decided?.get(settlement.betId), at),
      balance: settlement.balance,
    }));
    if (updates.length > 0) this.parts.tell(updates);
  }

  /** Not of a run before this one: its revisions are not remembered. */
  #mark(bet: Bet): void {
    const revision = bet.lockedRevision === null ? undefined : this.parts.market.revision(bet.lockedRevision);
    if (revision !== undefined) this.marks.onLocked(bet, revision);
  }

  #noteReturn({ currency, locked, stake }: Bet, payout: Bet['payout'], at: number): void {
    const inputs = (this.parts.market.board?.revision ?? this.parts.books.lastRevision())?.inputs;
    if (inputs !== undefined && locked !== null)
      this.returns.close(currency, locked, stake, payout, quotedTerms(inputs, locked), at);
  }

  #apply(settlement: Settlement, closing: BetClosing | undefined, at: number): Bet {
    const known = present(this.#open.get(settlement.betId), 'open bet');
    const { bet, counted } = known;
    const { status, payout, voidReason } = settlement;
    if (status === 'locked') {
      known.counted = present(settlement.multiplier, 'multiplier of a lock');
      this.parts.gauge.reprice(bet, counted, known.counted);
      this.#mark(bet);
      return bet;
    }
    this.closed.add(bet, status, voidReason);
    if (status !== 'void') this.#noteReturn(bet, payout, at);
    if (closing !== undefined) {
      const decidedAt = Math.max(this.#beganAt, closing.outcome === 'void' ? at : closing.closedAt);
      this.lag.record(Math.max(0, this.parts.now() - decidedAt));
    }
    this.#open.delete(settlement.betId);
    this.parts.gauge.release(bet, counted);
    const closedTick = closing !== undefined && closing.outcome !== 'void' ? closing.tickSeq : null;
    return { ...bet, status, payout, voidReason, closedTick, closedAt: closing?.closedAt ?? at };
  }
}
