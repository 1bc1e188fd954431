import type { TapDesk } from '../game/acceptance.ts';
import type { Bet } from '../game/bet.ts';
import { quietUntil } from '../game/changeover.ts';
import { isLocked } from '../game/grid.ts';
import { CURRENCIES, type Currency } from '../game/money.ts';
import type { RejectionCode } from '../game/rejection.ts';
import type { LimitsChange } from '../game/own-limits.ts';
import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { Tick } from '../game/tick.ts';
import { VolatilityEstimator } from '../game/volatility.ts';
import type { Books } from '../ports/books.ts';
import { Events, type BetUpdate, type Board, type Health } from '../ports/events.ts';
import type { House, HouseCounters, LimitsAnswer, OrderAnswer } from '../ports/house.ts';
import type { LedgerPort, Operation, OperationResult } from '../ports/ledger.ts';
import type { Nonces } from '../ports/nonces.ts';
import { Batcher, type SteadyClock } from './batcher.ts';
import { Breaker, DISK_EMERGENCY_SHARE, type BreakerLimits } from './breaker.ts';
import { ExposureGauge } from './exposure-gauge.ts';
import { LatencyHistogram } from './latency.ts';
import { Market, type MarketOptions } from './market.ts';
import { Oracle, type PriceSource } from './oracle.ts';
import { OrderDesk, type OrderDeskOptions, type OrderDeskParts } from './order-desk.ts';
import { OwnLimitsDesk } from './own-limits.ts';
import { RefusalDesk } from './refusal-desk.ts';
import { SettlementDesk } from './settlement.ts';

export interface EngineOptions extends MarketOptions, OrderDeskOptions, BreakerLimits {
  readonly maxGapMs: number;
  readonly quoteTtlMs: number;
  readonly quoteTickAgeMsMax: number;
  readonly quoteTolerancePercent: number;
  readonly guardPercent: number;
  readonly stakes: readonly Bet['stake'][];
  readonly batchTapsMax: number;
  readonly queueTapsMax: number;
  readonly columnShare: number;
}

export interface EngineParts extends SteadyClock {
  readonly feed: PriceSource;
  readonly ledger: LedgerPort;
  readonly books: Books;
  readonly nonces: Nonces;
  readonly now: () => number;
  readonly newId: (at: number) => string;
  readonly verify: (publicKey: string, text: string, signature: string) => Promise<boolean>;
  readonly walBytes: () => number;
  /** Used share of the disk that holds the data, 0 to 1. */
  readonly diskUsedShare: () => number;
  /** Why Redis is away, null while it answers; left out where there is none. */
  readonly redisAway?: () => string | null;
  /** The writer has failed: nothing more may be accepted, the process must end. */
  readonly onFailure: (cause: Error) => void;
  /** Why an operator halted the house in an earlier run; null or missing when nobody did. */
  readonly haltedBefore?: string | null;
  readonly onAnswered?: OrderDeskParts['onAnswered'];
  /**
   * The longest time without a tick that is no gap for this bet, by the terms that it was placed under; this
   * house's own where it is left out.
   */
  readonly gapOf?: (bet: Bet) => number;
}

/** Ticks that warm the estimate at a restart. */
const WARMING_MS = 45 * 60_000;
const WARMING_TICKS_MAX = 60_000;
const LOOK_EVERY_MS = 1_000;
/**
 * Steps of the oracle come every tickMs; the wall clock may differ from the steady one by this much before it
 * counts as a step.
 */
const CLOCK_MEMORY_MS = 5_000;

/**
 * The moving parts as one: `step` makes ticks, quotes, locks and settlements; `order` takes taps. Time comes
 * from outside.
 */
export class Engine implements House {
  readonly events = new Events();
  readonly batcher: Batcher;
  readonly market: Market;
  readonly #oracle: Oracle;
  readonly settlement: SettlementDesk;
  readonly #breaker: Breaker;
  readonly #desk: OrderDesk;
  readonly gauge: ExposureGauge;
  /** From receipt of an order to its acknowledgement. */
  readonly latency = new LatencyHistogram();
  readonly #limits: OwnLimitsDesk;
  readonly #refusals = new RefusalDesk((operation) => this.#record(operation));
  #seq = 0;
  #lastAt = 0;
  /** No tick before it: bets that were taken on another kind of price are open. 0 when there are none. */
  quietUntil = 0;
  #tickedHere = false;
  /** Time of the newest commit that was seen: no later one is earlier. */
  #bookedAt = 0;
  #walBytes = 0;
  #diskUsedShare = 0;
  #lookedAt = 0;
  #clockStep = { ms: 0, until: 0 };
  /** Why an operator's hand keeps taps out; null while none does. */
  operatorHalt: string | null;

  constructor(
    private readonly options: EngineOptions,
    private readonly parts: EngineParts,
  ) {
    this.operatorHalt = parts.haltedBefore ?? null;
    this.batcher = new Batcher(
      parts.ledger,
      { tapsMax: options.batchTapsMax, queueTapsMax: options.queueTapsMax },
      parts.now,
      parts.onFailure,
      parts.steadyMs,
    );
    this.gauge = new ExposureGauge(options.columnShare);
    this.market = new Market(
      options,
      new VolatilityEstimator({ declaredBp: parts.feed.declaredVolatilityBp }),
      (start) => this.gauge.haircutOf(start),
    );
    this.#oracle = new Oracle(parts.feed, (at, price) => this.market.finestRow(at, price));
    const gapOf = parts.gapOf ?? (() => options.maxGapMs);
    this.settlement = new SettlementDesk(
      {
        ...parts,
        gapOf,
        batcher: this.batcher,
        market: this.market,
        gauge: this.gauge,
        tell: (updates) => this.events.emit('bets', updates),
      },
      options.multiplierMax,
    );
    this.#breaker = new Breaker(options);
    this.#limits = new OwnLimitsDesk({
      ...parts,
      guardPercent: options.guardPercent,
      commit: (operation) => this.#committed(operation),
    });
    this.#desk = new OrderDesk(options, {
      ...parts,
      batcher: this.batcher,
      latency: this.latency,
      limitsOf: (accountId) => this.#limits.of(accountId),
      desk: (now) => this.#rules(now),
      onPlaced: (placed) => this.#placed(placed),
      onAnswered: (answered) => {
        this.#refusals.answered(answered, parts.now());
        parts.onAnswered?.(answered);
      },
    });
    this.#restore();
  }

  get simulated(): boolean {
    return this.parts.feed.simulated;
  }

  get feedLabel(): string {
    return this.parts.feed.label;
  }

  /**
   * One step of the oracle at `now` ms; call it every tickMs. Emits nothing while the clock stands behind
   * what was decided.
   */
  step(now: number): void {
    const heard = this.#oracle.look(now);
    const agreed =
      now > Math.max(this.#lastAt, this.settlement.decidedAt) &&
      now >= this.quietUntil &&
      !this.batcher.houseIsFull &&
      !this.batcher.failed
        ? heard
        : null;
    if (agreed === null) this.settlement.onSilence(Math.max(now, this.#lastAt));
    else
      this.#tick(
        { seq: ++this.#seq, at: now, price: agreed.price, sources: agreed.sources },
        agreed.spreadCents,
      );
    this.#refusals.step(now, !this.#diskIsFull && !this.batcher.houseIsFull);
    if (Math.abs(now - this.#lookedAt) >= LOOK_EVERY_MS) this.#lookAround(now);
    this.#judgeHealth(now);
  }

  /** Writes down what waits, and takes nothing from now on; resolves when what was taken is committed. */
  close(): Promise<void> {
    this.#refusals.end(this.parts.now());
    return this.batcher.close();
  }

  /** The wall clock jumped by `ms` against the steady one; taps are refused for a while. */
  clockStepped(ms: number): void {
    this.#clockStep = { ms, until: this.parts.now() + CLOCK_MEMORY_MS };
  }

  board = (): Board | null => this.market.board;

  health = (): Health => this.#breaker.health;

  priceLine(ms: number): readonly (readonly [at: number, price: number])[] {
    const from = this.parts.now() - ms;
    return this.market
      .recentTicks()
      .filter(({ at }) => at >= from)
      .map(({ at, price }) => [at, price] as const);
  }

  /** Whether taps on the column that starts then may be taken now. */
  isForSale(startMs: number): boolean {
    return (
      this.operatorHalt === null &&
      this.#breaker.health.state !== 'open' &&
      !isLocked(startMs, this.parts.now(), this.options.windowMs)
    );
  }

  order(taps: SignedTaps, session: Session, requestId?: string): Promise<OrderAnswer> {
    return this.#desk.order(taps, session, requestId);
  }

  openAccount(account: {
    readonly accountId: string;
    readonly currency: Currency;
    readonly address: string | null;
    readonly grant: Bet['stake'];
  }): Promise<RejectionCode | null> {
    return this.#account({ kind: 'open-account', ...account, at: this.parts.now() });
  }

  startSession(session: Session, returnOf?: string): Promise<RejectionCode | null> {
    return this.#account({ kind: 'start-session', session, ...(returnOf !== undefined && { returnOf }) });
  }

  refill(accountId: string, below: Bet['stake'], upTo: Bet['stake']): Promise<RejectionCode | null> {
    return this.#account({ kind: 'refill', accountId, below, upTo, at: this.parts.now() });
  }

  endSessions(accountId: string, sessionId: string | null): Promise<RejectionCode | null> {
    return this.#account({ kind: 'end-sessions', accountId, sessionId, at: this.parts.now() });
  }

  seeSession(sessionId: string, at: number): Promise<RejectionCode | null> {
    return this.#account({ kind: 'see-session', sessionId, at });
  }

  changeLimits(accountId: string, change: LimitsChange): Promise<LimitsAnswer> {
    return this.#limits.change(accountId, change);
  }

  counters(): HouseCounters {
    const { accepted, refusals } = this.#desk;
    const quantile = (share: number) => this.latency.quantile(share);
    return {
      accepted,
      refusals,
      latency: { count: this.latency.count, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
      batches: this.batcher.batches,
      queued: this.batcher.queuedTaps,
    };
  }

  #restore(): void {
    const { books } = this.parts;
    const last = books.lastTick();
    if (last !== null) {
      this.#seq = last.seq;
      this.#lastAt = last.at;
      this.market.restore(
        books.ticks(last.at - WARMING_MS, last.at + 1, WARMING_TICKS_MAX),
        books.lastRevision(),
        this.parts.feed.startsAnew,
      );
    }
    const now = this.parts.now();
    this.#lookAround(now);
    const open = books.openBets();
    const gapOf = this.parts.gapOf ?? (() => 0);
    const longestGap = open.reduce((longest, bet) => Math.max(longest, gapOf(bet)), this.options.maxGapMs);
    this.quietUntil = quietUntil(open, this.parts.feed, this.#lastAt, longestGap);
    this.settlement.restore(open, last);
    this.#judgeHealth(now);
  }

  #tick(tick: Tick, spreadCents: number): void {
    this.#lastAt = tick.at;
    this.#tickedHere = true;
    this.#record({ kind: 'record-ticks', ticks: [tick] });
    const revision = this.market.take(tick, spreadCents, !this.#diskIsFull);
    if (revision !== null) {
      this.#record({ kind: 'record-revision', revision });
      this.settlement.onRevision(revision);
    }
    this.settlement.onTick(tick);
    this.events.emit('tick', tick);
    if (revision !== null) this.events.emit('board', this.market.board!);
  }

  #record(operation: Operation): void {
    this.batcher.house(operation).catch(() => {});
  }

  #placed(placed: readonly BetUpdate[]): void {
    this.events.emit('bets', placed);
    this.settlement.addPlaced(placed.map(({ bet }) => bet));
  }

  #rules(now: number): TapDesk {
    const { market } = this;
    const { windowMs, rows, holdMs, quoteTtlMs, quoteTickAgeMsMax, quoteTolerancePercent, stakes } =
      this.options;
    return {
      now,
      windowMs,
      rows,
      holdMs,
      quoteTtlMs,
      quoteTickAgeMsMax,
      quoteTolerancePercent,
      stakes,
      halted: this.operatorHalt !== null || this.#breaker.health.state === 'open',
      simulated: this.simulated,
      warm: market.estimator.warm,
      lastTickAt: this.#tickedHere ? this.#lastAt : 0,
      current: market.board?.revision ?? null,
      revision: (number) => market.revision(number),
      shown: (revision, cell) => market.shown(revision, cell),
    };
  }

  get #diskIsFull(): boolean {
    return this.#diskUsedShare >= DISK_EMERGENCY_SHARE;
  }

  /** Null when done. @throws when the writer failed. */
  async #account(operation: Exclude<Operation, { kind: 'place-bets' }>): Promise<RejectionCode | null> {
    const result = await this.#committed(operation);
    if (result === null) return 'busy';
    return result.kind === 'refused' ? result.code : null;
  }

  /**
   * Null while there is no room. With a full disk nobody is kept from signing out, nor from a tighter limit
   * or a pause. @throws when the writer failed.
   */
  async #committed(operation: Exclude<Operation, { kind: 'place-bets' }>): Promise<OperationResult | null> {
    if (this.#diskIsFull && operation.kind !== 'end-sessions' && operation.kind !== 'change-limits')
      return null;
    return this.batcher.account(operation);
  }

  #lookAround(now: number): void {
    this.#lookedAt = now;
    this.#bookedAt = this.parts.books.chain().ledger.at;
    this.#walBytes = this.parts.walBytes();
    this.#diskUsedShare = this.parts.diskUsedShare();
    for (const currency of CURRENCIES) this.gauge.setBank(currency, this.parts.books.bankroll(currency));
  }

  #judgeHealth(now: number): void {
    const before = this.#breaker.health;
    const health = this.#breaker.judge({
      now,
      lastTickAt: this.#tickedHere ? this.#lastAt : null,
      ...this.#oracle.vitals(now),
      pause: this.market.board?.revision.pause ?? null,
      commitMs: this.batcher.commitMs,
      queueShare: this.batcher.queueShare,
      walBytes: this.#walBytes,
      diskUsedShare: this.#diskUsedShare,
      clockStepMs: now < this.#clockStep.until ? this.#clockStep.ms : 0,
      clockBehindMs: Math.max(0, this.#lastAt - now, this.settlement.decidedAt - now, this.#bookedAt - now),
      isQuiet: now < this.quietUntil,
      writerFailed: this.batcher.failed,
      operatorHalt: this.operatorHalt,
      redisAway: this.parts.redisAway?.() ?? null,
    });
    if (health !== before) this.events.emit('health', health);
  }
}
