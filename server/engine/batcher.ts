import { present } from '../game/present.ts';
import { Failure } from '../ports/failure.ts';
import type { Commit, LedgerPort, Operation, OperationResult, PlaceBets } from '../ports/ledger.ts';
import { SETTLEMENTS_MAX, sizeOf } from './batch-size.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { QueueRoom } from './queue-room.ts';

export interface BatcherLimits {
  /** Most taps in one commit. */
  readonly tapsMax: number;
  /** Most taps that may wait; past it an order is refused as busy. */
  readonly queueTapsMax: number;
}

export interface SteadyClock {
  /** How long a commit takes goes by this clock, ms; the process's own where it is left out. */
  readonly steadyMs?: () => number;
}

/**
 * From so many waiting taps on the next batch is handed to the ledger while it works on one, so that it need
 * not wait until this thread has time for it. Fewer wait for the answer: each commit has a price of its own.
 */
const AHEAD_TAPS = 128;

/**
 * A commit costs as much as ten taps in it. Where taps come so fast that the last one had some, the next one
 * starts so long after it at the earliest, unless as many wait as make the price of a commit small; a lone
 * tap never waits.
 */
const GATHERED_FROM_TAPS = 3;
const GATHERED_MS = 4;
const GATHERED_TAPS = 64;

/**
 * Most operations of the house that may wait: minutes of ticks and revisions, or the closings of two million
 * bets. Past it the oracle must pause.
 */
const PRIORITY_QUEUE_MAX = 8_000;

interface Waiting {
  readonly operation: Operation;
  readonly resolve: (result: OperationResult) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Group commit: what arrives during one commit is the next batch. When much waits, that one lies ready with
 * the ledger before the commit has ended. The house's own operations (ticks, revisions, locks, closings) go
 * first and in order; orders and account operations follow in theirs.
 */
export class Batcher {
  readonly #priority: Waiting[] = [];
  readonly #orders: Waiting[] = [];
  #queuedTaps = 0;
  /** Batches that the ledger has and has not answered: at most two. */
  readonly #underWay: (readonly Waiting[])[] = [];
  #handsOverSoon = false;
  /** When the last batch was handed over, and its taps. */
  #handedOverAt = 0;
  #handedOverTaps = 0;
  #gathering: Timer | null = null;
  /** Since when the ledger works on the first of them. */
  #began = 0;
  #lastMs = 0;
  readonly #room: QueueRoom;
  #failure: Failure | null = null;
  #closed = false;
  batches = 0;
  /** Taps, locks, closings and single operations that were committed. */
  committed = 0;
  readonly commits = new LatencyHistogram();
  lastCommit: Pick<Commit, 'batch' | 'hash'> | null = null;

  constructor(
    private readonly ledger: LedgerPort,
    private readonly limits: BatcherLimits,
    private readonly now: () => number,
    private readonly onFailure: (cause: Failure) => void,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {
    this.#room = new QueueRoom(limits.queueTapsMax);
  }

  get queuedTaps(): number {
    return this.#queuedTaps;
  }

  get priorityIsFull(): boolean {
    return this.#priority.length >= PRIORITY_QUEUE_MAX;
  }

  /** Time that the commit under way has taken so far, or that the last one took, ms. */
  get commitMs(): number {
    return Math.max(this.#lastMs, this.underWayMs);
  }

  /** Time that the commit under way has taken so far, ms; 0 when none is. */
  get underWayMs(): number {
    return this.#underWay.length > 0 ? this.steadyMs() - this.#began : 0;
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** For the breaker. */
  get vitals() {
    return { commitMs: this.commitMs, queueShare: this.queueShare, writerFailed: this.failed };
  }

  /**
   * Whether so many more would be committed soon. To be asked before there is work in them: {@link order}
   * takes what was let in up to the limit.
   */
  hasRoomFor(taps: number): boolean {
    return this.#queuedTaps + taps <= this.#room.taps;
  }

  /** Of the taps that may wait now, how many do: 0 to 1. */
  get queueShare(): number {
    return this.#queuedTaps / this.#room.taps;
  }

  /**
   * @returns null when the queue is full or closed: busy, nothing was done. @throws Failure `commit_unknown`
   * when the commit failed.
   */
  order(operation: PlaceBets): Promise<OperationResult> | null {
    if (this.#closed || this.#queuedTaps + operation.taps.length > this.limits.queueTapsMax) return null;
    this.#queuedTaps += operation.taps.length;
    return this.#wait(this.#orders, operation);
  }

  /**
   * Account and session operations share the order lane, one tap each. @throws Failure `commit_unknown` when
   * the commit failed.
   */
  account(operation: Exclude<Operation, PlaceBets>): Promise<OperationResult> | null {
    if (this.#closed || this.#queuedTaps >= this.limits.queueTapsMax) return null;
    this.#queuedTaps += 1;
    return this.#wait(this.#orders, operation);
  }

  /**
   * Ticks, revisions, locks and closings; never refused while open. @throws Failure `commit_unknown` when the
   * commit failed. @throws Failure `closing`
   */
  priority(operation: Operation): Promise<OperationResult> {
    if (this.#closed) return Promise.reject(new Failure('closing', 'the house is closing'));
    return this.#wait(this.#priority, operation);
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drained(): Promise<void> {
    while (
      (this.#underWay.length > 0 || this.#priority.length + this.#orders.length > 0) &&
      this.#failure === null
    )
      await Bun.sleep(1);
  }

  /**
   * Takes nothing from now on; resolves when what was taken is committed. Who comes later, an order whose
   * signature was still being verified or the lock of a bet that the last commit placed, must not find a
   * ledger that is closed: that would look like a commit of which nothing is known.
   */
  close(): Promise<void> {
    this.#closed = true;
    return this.drained();
  }

  #wait(queue: Waiting[], operation: Operation): Promise<OperationResult> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      queue.push({ operation, resolve, reject });
      this.#handOverSoon();
    });
  }

  get #mayHandOver(): boolean {
    if (this.#failure !== null || this.#priority.length + this.#orders.length === 0) return false;
    return (
      this.#underWay.length === 0 ||
      (this.#underWay.length === 1 && this.#queuedTaps >= Math.min(AHEAD_TAPS, this.limits.tapsMax))
    );
  }

  /** When what runs now has ended: what arrives together goes together. */
  #handOverSoon(): void {
    if (this.#handsOverSoon || !this.#mayHandOver) return;
    this.#handsOverSoon = true;
    queueMicrotask(() => {
      this.#handsOverSoon = false;
      this.#handOver();
    });
  }

  #handOver(): void {
    if (!this.#mayHandOver) return;
    const gatheringMs = this.#gatheringMs();
    if (gatheringMs > 0) {
      this.#gathering ??= setTimeout(() => this.#handOverGathered(), gatheringMs);
      return;
    }
    this.#handOverGathered();
  }

  #handOverGathered(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    if (this.#mayHandOver) void this.#commit(this.#nextBatch());
  }

  /** How much longer what waits is kept, to be joined by more. */
  #gatheringMs(): number {
    const enough = Math.min(GATHERED_TAPS, this.limits.tapsMax);
    const isBusy = this.#handedOverTaps >= GATHERED_FROM_TAPS && this.#queuedTaps < enough;
    if (!isBusy || this.#closed || this.#priority.length > 0) return 0;
    return GATHERED_MS - (this.steadyMs() - this.#handedOverAt);
  }

  /** The ledger carries out batches in the order in which it gets them, and answers in that order. */
  async #commit(batch: Waiting[]): Promise<void> {
    this.#handedOverAt = this.steadyMs();
    if (this.#underWay.push(batch) === 1) this.#began = this.#handedOverAt;
    try {
      const commit = await this.ledger.commitBatch(
        batch.map(({ operation }) => operation),
        this.now(),
      );
      this.batches += 1;
      this.committed += batch.reduce((sum, { operation }) => sum + sizeOf(operation), 0);
      this.lastCommit = commit;
      for (const [index, waiting] of batch.entries())
        waiting.resolve(present(commit.results[index], 'result of an operation'));
    } catch (cause) {
      this.#fail(cause);
    }
    this.#underWay.shift();
    const now = this.steadyMs();
    this.#lastMs = now - this.#began;
    this.#began = now;
    this.commits.record(this.#lastMs);
    this.#learnFrom(batch);
    this.#handOver();
  }

  #learnFrom(batch: readonly Waiting[]): void {
    const taps = batch.reduce(
      (sum, { operation }) => sum + (operation.kind === 'place-bets' ? operation.taps.length : 0),
      0,
    );
    this.#room.learn(taps, this.#lastMs);
  }

  #nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    let settlements = 0;
    let hurried = 0;
    for (const waiting of this.#priority) {
      settlements += sizeOf(waiting.operation);
      if (hurried > 0 && settlements > SETTLEMENTS_MAX) break;
      batch.push(waiting);
      hurried += 1;
    }
    this.#priority.splice(0, hurried);
    let taps = 0;
    let taken = 0;
    for (const waiting of this.#orders) {
      const size = sizeOf(waiting.operation);
      if (taps > 0 && taps + size > this.limits.tapsMax) break;
      taps += size;
      batch.push(waiting);
      taken += 1;
    }
    this.#orders.splice(0, taken);
    this.#queuedTaps -= taps;
    this.#handedOverTaps = taps;
    return batch;
  }

  /** Of a batch that was handed over behind the one that failed nothing is known either. */
  #fail(cause: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = new Failure(
      'commit_unknown',
      'the last commit failed: whether it is durable is unknown',
      {
        cause,
      },
    );
    for (const waiting of [...this.#underWay.flat(), ...this.#priority.splice(0), ...this.#orders.splice(0)])
      waiting.reject(this.#failure);
    this.#queuedTaps = 0;
    this.onFailure(this.#failure);
  }
}
