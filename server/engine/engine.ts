import type { MarketView } from '../game/acceptance.ts';
import { boardOf } from '../game/boards.ts';
import { quietUntil } from '../game/changeover.ts';
import { isLocked } from '../game/grid.ts';
import type { Tick } from '../game/tick.ts';
import { VolatilityEstimator } from '../game/volatility.ts';
import { Events, type BetUpdate, type Health } from '../ports/events.ts';
import type { House } from '../ports/house.ts';
import type { Operation } from '../ports/ledger.ts';
import { AccountDesk } from './account-desk.ts';
import { Batcher } from './batcher.ts';
import { Breaker } from './breaker.ts';
import { CrowdDesk } from './crowd/crowd-desk.ts';
import type { EngineOptions, EngineParts } from './engine-parts.ts';
import { ExposureGauge } from './exposure-gauge.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { HeadStarts } from './head-start/head-starts.ts';
import { Market } from './market.ts';
import { Oracle } from './oracle.ts';
import { OperatorHand } from './operator-hand.ts';
import { OrderDesk } from './order-desk.ts';
import { RefusalDesk } from './refusal-desk.ts';
import { SettlementDesk } from './settlement.ts';
import { ShadowDesk } from './shadow-desk.ts';
import { Surroundings } from './surroundings.ts';
import { marketView } from './market-view.ts';
import { warmUp } from './warm-up.ts';

const RUN_SECRET_BYTES = 32;

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
  readonly #orders: OrderDesk;
  readonly gauge: ExposureGauge;
  /** Time from the receipt of an order to its acknowledgement. */
  readonly latency = new LatencyHistogram();
  /** How far venues run ahead of the tick. */
  readonly venueHeadStarts: HeadStarts;
  readonly #accounts: AccountDesk;
  readonly crowdDesk: CrowdDesk;
  readonly #surroundings: Surroundings;
  readonly #shadow: ShadowDesk;
  readonly #refusals = new RefusalDesk((operation) => this.#record(operation));
  #seq = 0;
  #lastAt = 0;
  /** No tick before it: bets that were taken on another kind of price are open. 0 when there are none. */
  quietUntil = 0;
  #tickedHere = false;
  /** The health that was told last. */
  #emitted: Health | null = null;
  readonly hand: OperatorHand;
  readonly runSecret = crypto.getRandomValues(new Uint8Array(RUN_SECRET_BYTES)).toBase64();

  constructor(
    private readonly options: EngineOptions,
    private readonly parts: EngineParts,
  ) {
    this.hand = new OperatorHand({ ...parts, events: this.events });
    const limits = { tapsMax: options.batchTapsMax, queueTapsMax: options.queueTapsMax };
    this.batcher = new Batcher(parts.ledger, limits, parts.now, parts.onFailure, parts.steadyMs);
    this.gauge = new ExposureGauge(options.columnShare);
    const estimator = new VolatilityEstimator({ declaredBp: parts.feed.declaredVolatilityBp });
    this.market = new Market(
      options,
      estimator,
      (window) => this.gauge.haircutOf(window),
      (window, at) => this.hand.closes(window, at),
      () => this.#shadow.learned,
      (at) => this.hand.calendar.headlineAt(at),
    );
    this.#shadow = new ShadowDesk(options, parts, (block, learned) =>
      this.#record({ kind: 'record-shadow', block, learned }),
    );
    this.venueHeadStarts = new HeadStarts(options, parts.feed);
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
    this.#surroundings = new Surroundings({
      ...parts,
      onBankroll: (currency, bankroll) => this.gauge.setBank(currency, bankroll),
    });
    this.#accounts = new AccountDesk({
      ...parts,
      batcher: this.batcher,
      guardPercent: options.guardPercent,
      events: this.events,
      diskIsFull: () => this.#surroundings.diskIsFull,
    });
    const commit = this.#accounts.commitName;
    this.crowdDesk = new CrowdDesk({ ...parts, ...options, events: this.events, commit });
    this.#orders = new OrderDesk(options, {
      ...parts,
      batcher: this.batcher,
      latency: this.latency,
      limitsOf: this.#accounts.limitsOf,
      restrictionOf: (accountId) => this.hand.restrictionOf(accountId),
      before: { at: parts.books.chain().ledger.at, revision: parts.books.lastRevision()?.revision ?? 0 },
      marketView: (now) => this.#marketView(now),
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
   * what was decided. Once the books are gone nothing moves any more: nobody would find what is written.
   */
  step(now: number): void {
    if (this.#surroundings.booksAreGone) return this.#judgeHealth(now);
    const heard = this.#oracle.look(now);
    if (heard === null || !this.#mayTick(now)) {
      this.settlement.onSilence(Math.max(now, this.#lastAt));
      this.events.emit('silence', { at: now, why: heard === null ? 'no_price' : 'not_now' });
    } else
      this.#tick(
        { seq: ++this.#seq, at: now, price: heard.price, sources: heard.sources },
        heard.spreadCents,
      );
    this.hand.step(now);
    this.crowdDesk.step(now);
    this.#refusals.step(now, !this.#surroundings.diskIsFull && !this.batcher.priorityIsFull);
    this.#surroundings.look(now);
    if (this.#surroundings.booksAreGone) void this.batcher.close();
    this.#judgeHealth(now);
  }

  /** Writes down what waits, and takes nothing from now on; resolves when what was taken is committed. */
  close(): Promise<void> {
    this.#refusals.end(this.parts.now());
    return this.batcher.close();
  }

  /** The wall clock jumped by `ms` against the steady one; taps are refused for a while. */
  clockStepped(ms: number): void {
    this.#surroundings.clockStepped(ms, this.parts.now());
  }

  board: House['board'] = (windowMs) => boardOf(this.market.boards, windowMs);
  boards: House['boards'] = () => this.market.boards;
  tick = (): Tick | null => (this.#tickedHere ? this.market.tick : null);
  health = (): Health => this.#breaker.health;
  headStarts: House['headStarts'] = () => this.venueHeadStarts.figures();
  maintenance: House['maintenance'] = () => this.hand.announced;
  calendar: House['calendar'] = () => this.hand.calendar.calendar;
  crowd: House['crowd'] = () => this.crowdDesk.crowd;
  leaderboards: House['leaderboards'] = () => this.crowdDesk.leaderboards;
  blockedRanges = (): readonly string[] => this.hand.blockedRanges;
  priceLine: House['priceLine'] = (ms) => this.market.priceLine(this.parts.now() - ms);

  /** Whether taps on a column that starts then may be taken now, on any board. */
  isForSale(startMs: number): boolean {
    const now = this.parts.now();
    const isSold = (windowMs: number): boolean =>
      !isLocked(startMs, now, windowMs) && !this.hand.closes({ startMs, windowMs }, now);
    return !this.#isHalted && this.options.windows.some((one) => startMs % one === 0 && isSold(one));
  }

  order: House['order'] = (...call) => this.#orders.order(...call);
  shed: House['shed'] = async (orders) => this.#orders.shed(orders);
  turnedAway: House['turnedAway'] = (order, { accountId, id: sessionId }, requestId) => {
    this.#orders.countRefused('rate_limited', order.taps.length);
    this.#refusals.turnedAway(
      { requestId: requestId ?? null, accountId, sessionId, order },
      this.parts.now(),
    );
  };

  /** Counts taps that edges refused of which they say no more. */
  countRefused: OrderDesk['countRefused'] = (...call) => this.#orders.countRefused(...call);

  openAccount: House['openAccount'] = (account) => this.#accounts.openAccount(account);
  startSession: House['startSession'] = (...call) => this.#accounts.startSession(...call);
  refill: House['refill'] = (...call) => this.#accounts.refill(...call);
  endSessions: House['endSessions'] = (...call) => this.#accounts.endSessions(...call);
  seeSession: House['seeSession'] = (...call) => this.#accounts.seeSession(...call);
  nameAccount: House['nameAccount'] = (...call) => this.crowdDesk.nameAccount(...call);
  changeLimits: House['changeLimits'] = (...call) => this.#accounts.changeLimits(...call);

  counters: House['counters'] = () => this.#orders.counters();

  #restore(): void {
    const { books, feed, gapOf = () => 0 } = this.parts;
    const last = books.lastTick();
    if (last !== null) {
      this.#seq = last.seq;
      this.#lastAt = last.at;
      warmUp(this.market, books, last, feed.startsAnew);
      this.#shadow.restore(feed.startsAnew);
    }
    const now = this.parts.now();
    this.#surroundings.look(now);
    const open = books.openBets();
    const longestGap = open.reduce((longest, bet) => Math.max(longest, gapOf(bet)), this.options.maxGapMs);
    this.quietUntil = quietUntil(open, feed, this.#lastAt, longestGap);
    this.settlement.restore(open, last);
    this.crowdDesk.onPlaced(open.map((bet) => ({ bet })));
    this.#judgeHealth(now);
  }

  #mayTick(now: number): boolean {
    const isNewest = now > Math.max(this.#lastAt, this.settlement.decidedAt);
    return isNewest && now >= this.quietUntil && !this.batcher.priorityIsFull && !this.batcher.failed;
  }

  #tick(tick: Tick, spreadCents: number): void {
    this.#lastAt = tick.at;
    this.#tickedHere = true;
    this.#record({ kind: 'record-ticks', ticks: [tick] });
    this.#shadow.onTick(tick);
    this.venueHeadStarts.onTick(tick, Math.sqrt(this.market.estimator.snapshot().v10));
    const revision = this.market.take(tick, spreadCents, !this.#surroundings.diskIsFull);
    if (revision !== null) {
      this.#shadow.onRevision(revision);
      this.#record({ kind: 'record-revision', revision });
      this.settlement.onRevision(revision);
    }
    this.settlement.onTick(tick);
    this.events.emit('tick', tick);
    if (revision !== null) for (const board of this.market.boards) this.events.emit('board', board);
  }

  #record(operation: Operation): void {
    this.batcher.priority(operation).catch(() => {});
  }

  #placed(placed: readonly BetUpdate[]): void {
    this.events.emit('bets', placed);
    this.settlement.addPlaced(placed.map(({ bet }) => bet));
    this.crowdDesk.onPlaced(placed);
  }

  #marketView(now: number): MarketView {
    return marketView(this.options, this.market, {
      now,
      halted: this.#isHalted,
      maintenance: this.hand.announced,
      simulated: this.simulated,
      headStartMeasured: this.venueHeadStarts.isMeasured,
      lastTickAt: this.#tickedHere ? this.#lastAt : 0,
    });
  }

  /** Whether the books are no longer where they were opened. It stays so until a restart. */
  get booksAreGone(): boolean {
    return this.#surroundings.booksAreGone;
  }

  get #isHalted(): boolean {
    return this.hand.halt !== null || this.booksAreGone || this.#breaker.health.state === 'open';
  }

  #judgeHealth(now: number): void {
    const newest = Math.max(this.#lastAt, this.settlement.decidedAt, this.#surroundings.bookedAt);
    const emitted = this.#breaker.judge({
      now,
      lastTickAt: this.#tickedHere ? this.#lastAt : null,
      ...this.#oracle.vitals(now),
      ...this.#surroundings.vitals(now),
      pause: this.market.board?.revision.pause ?? null,
      ...this.batcher.vitals,
      clockBehindMs: Math.max(0, newest - now),
      isQuiet: now < this.quietUntil,
      ...this.hand.vitals,
    });
    if (emitted !== this.#emitted) this.events.emit('health', (this.#emitted = emitted));
  }
}
