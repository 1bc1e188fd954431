import { judgeTap, type TapDesk } from '../game/acceptance.ts';
import type { Bet } from '../game/bet.ts';
import type { Micros, Multiplier } from '../game/money.ts';
import { RULE_VERSION, type RuleVersion } from '../game/path.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { OwnLimits } from '../game/own-limits.ts';
import type { Session } from '../game/session.ts';
import { signatureExpected, signedText, type SignedTaps } from '../game/tap.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { BetOrder, OperationResult, PlaceBets, Rejected, TapResult } from '../ports/ledger.ts';
import type { NonceFinding, Nonces } from '../ports/nonces.ts';
import type { Batcher } from './batcher.ts';
import type { LatencyHistogram } from './latency.ts';
import { refusedWhole, withWords } from './refused-taps.ts';

export interface OrderDeskOptions {
  readonly origin: string;
  readonly deadlineMsMax: number;
  readonly holdMs: number;
  readonly multiplierMax: Multiplier;
  readonly stakes: readonly Micros[];
  /** The rule that new bets are taken under: the newest, but in the simulation of an older house. */
  readonly rule?: RuleVersion;
}

export interface OrderDeskParts {
  readonly batcher: Batcher;
  readonly nonces: Nonces;
  readonly latency: LatencyHistogram;
  readonly now: () => number;
  readonly feed: { readonly simulated: boolean };
  readonly newId: (at: number) => string;
  readonly verify: (publicKey: string, text: string, signature: string) => Promise<boolean>;
  readonly limitsOf: (accountId: string) => OwnLimits;
  /** The rules' view of this moment. */
  readonly desk: (now: number) => TapDesk;
  /** Called after the commit with the bets that it made durable. */
  readonly onPlaced: (bets: readonly Bet[], balances: readonly number[]) => void;
  readonly onAnswered?:
    | ((answered: {
        readonly requestId: string | null;
        readonly accountId: string;
        readonly sessionId: string;
        readonly order: SignedTaps;
        readonly answer: OrderAnswer;
        readonly ms: number;
      }) => void)
    | undefined;
}

/**
 * After a start the memory of nonces is empty: for this long the ledger is asked about every order, so that a
 * retry gets its first answer.
 */
const AMNESIA_MS = 120_000;
/** A retry may come after its deadline by this much and still be told what became of it. */
export const LATE_RETRY_MS = 600_000;
const BAD_SIGNATURE = { code: 'bad_signature' } as const;
const BUSY = { code: 'busy', retryAfterMs: 1_000 } as const;
/** Whether it was taken nobody knows; the same order again tells. */
const UNKNOWN = { code: 'unknown', retryAfterMs: 1_000 } as const;
/**
 * Orders whose signature is being verified, a fraction of a second's work. Past it an order is refused at
 * once: in a longer queue quotes would expire while they wait, and the
 * work of verifying would be for nothing.
 */
export const VERIFYING_MAX = 2_000;

type Refused = Extract<OrderAnswer, { readonly code: RejectionCode }>;

/** An order on its way. `late`: its deadline had passed when it came. */
interface Asked {
  readonly order: SignedTaps;
  readonly session: Session;
  readonly requestId: string | null;
  readonly late: boolean;
  /** On the process's own clock, ms. */
  readonly received: number;
}

/** The way of a signed order: deadline → room → nonce → signature → rules → commit → answer. */
export class OrderDesk {
  readonly refusals: Partial<Record<RejectionCode, number>> = {};
  accepted = 0;
  readonly #startedAt: number;
  #verifying = 0;
  #verifyingTaps = 0;

  constructor(
    private readonly options: OrderDeskOptions,
    private readonly parts: OrderDeskParts,
  ) {
    this.#startedAt = parts.now();
  }

  order(order: SignedTaps, session: Session, requestId: string | null = null): Promise<OrderAnswer> {
    const now = this.parts.now();
    const asked: Asked = {
      order,
      session,
      requestId,
      late: order.deadline <= now,
      received: performance.now(),
    };
    const answer = this.#answer(asked, now);
    return answer instanceof Promise ? answer : Promise.resolve(this.#answered(answer, asked));
  }

  #answered(answer: OrderAnswer, { order, session, requestId, received }: Asked): OrderAnswer {
    const ms = performance.now() - received;
    if ('code' in answer) this.#count(answer.code, order.taps.length);
    else if (!answer.replayed) {
      for (const result of answer.results)
        result.status === 'accepted' ? (this.accepted += 1) : this.#count(result.code, 1);
      this.parts.latency.record(ms);
    }
    this.parts.onAnswered?.({
      requestId,
      accountId: session.accountId,
      sessionId: session.id,
      order,
      answer,
      ms,
    });
    return 'code' in answer ? this.#explained(answer, session) : answer;
  }

  /** Says what this house expected, where a program could only guess it. */
  #explained(refusal: Refused, session: Session): Refused {
    const { origin, deadlineMsMax } = this.options;
    if (refusal.code === 'bad_signature')
      return { ...refusal, message: signatureExpected(origin, session.id) };
    if (refusal.code !== 'deadline_passed' && refusal.code !== 'deadline_too_far') return refusal;
    return {
      ...refusal,
      message: `${rejection(refusal.code).message} Here it is ${this.parts.now()}; a deadline may be up to ${deadlineMsMax} ms later.`,
    };
  }

  /** An answer that comes at once is to be told yet, a promised one was told when it comes. */
  #answer(asked: Asked, now: number): OrderAnswer | Promise<OrderAnswer> {
    const { order, session, late } = asked;
    if (order.deadline > now + this.options.deadlineMsMax) return { code: 'deadline_too_far' };
    if (late && order.deadline <= now - LATE_RETRY_MS) return { code: 'deadline_passed' };
    // In a full house most orders end here, so it comes before all work. Who sends again what was taken must
    // not hear that nothing was.
    if (this.#isFull(order.taps.length) && !this.parts.nonces.mayKnow(session.accountId, order.nonce))
      return this.#full(order);
    const text = signedText(this.options.origin, session.id, order);
    const found = this.parts.nonces.see(session.accountId, order.nonce, text, now);
    if (!(found instanceof Promise)) return this.#seen(found, asked, text);
    return found.then((seen) => {
      const answer = this.#seen(seen, asked, text);
      return answer instanceof Promise ? answer : this.#answered(answer, asked);
    });
  }

  #seen(seen: NonceFinding, asked: Asked, text: string): OrderAnswer | Promise<OrderAnswer> {
    const { nonces } = this.parts;
    const { order, session } = asked;
    if (seen.kind === 'reused') return { code: 'nonce_reused' };
    if (seen.kind === 'full') return this.#full(order);
    if (seen.kind === 'replay')
      return seen.answer.then(replayed, () => UNKNOWN).then((answer) => this.#answered(answer, asked));
    if (this.#isFull(order.taps.length)) {
      nonces.forget(session.accountId, order.nonce);
      return this.#full(order);
    }
    const answer = this.#first(asked, text);
    nonces.keep(session.accountId, order.nonce, answer);
    return answer;
  }

  /**
   * In few steps: each promise on this way is made for every order. By an order that was refused as a whole
   * nothing was decided.
   */
  async #first(asked: Asked, text: string): Promise<OrderAnswer> {
    const { nonces, verify } = this.parts;
    const { order, session } = asked;
    let isSigned: boolean;
    this.#verifying += 1;
    this.#verifyingTaps += order.taps.length;
    try {
      isSigned = await verify(session.publicKey, text, order.signature);
    } finally {
      this.#verifying -= 1;
      this.#verifyingTaps -= order.taps.length;
    }
    const decided = isSigned ? this.#decided(asked, text) : BAD_SIGNATURE;
    const answer = decided instanceof Promise ? await decided : decided;
    if ('code' in answer) nonces.forget(session.accountId, order.nonce);
    return this.#answered(answer, asked);
  }

  #decided({ order, session, late }: Asked, text: string): OrderAnswer | Promise<OrderAnswer> {
    const at = this.parts.now();
    const judged =
      late || order.deadline <= at
        ? order.taps.map(() => ({ code: 'deadline_passed' as const }))
        : this.#judge(order, session, at);
    const taps = judged.map((one) => ('order' in one ? one.order : one.code));
    const offers = judged.map((one) => ('code' in one && 'multiplier' in one ? one.multiplier : undefined));
    if (taps.every((tap) => typeof tap === 'string') && !late && at - this.#startedAt > AMNESIA_MS)
      return refusedWhole(
        taps.map((code) => this.#rejected(code as RejectionCode, session)),
        offers,
        this.options.stakes,
      );
    const operation = this.#operation(order, session, text, taps, at);
    const committed = this.parts.batcher.order(operation);
    if (committed === null) return this.#full(order);
    // In two steps, so that only a failed commit is unknown, and a fault of ours is told as one.
    return committed.then(
      (result) => this.#told(operation, result, offers, session),
      () => UNKNOWN,
    );
  }

  #told(
    operation: PlaceBets,
    result: OperationResult,
    offers: readonly (Multiplier | undefined)[],
    session: Session,
  ): OrderAnswer {
    if (result.kind === 'refused') return { code: result.code };
    if (result.kind !== 'placed') throw new Error(`the ledger answered an order with ${result.kind}`);
    if (!result.replayed) this.#tellPlaced(operation, result.results);
    const results = result.results.map((one) =>
      one.status === 'rejected' && one.why === undefined ? this.#rejected(one.code, session) : one,
    );
    if (results.every((one) => one.status === 'rejected'))
      return refusedWhole(results, offers, this.options.stakes);
    return {
      replayed: result.replayed,
      balance: result.balance,
      results: results.map((one, index) => withWords(one, offers[index], this.options.stakes)),
    };
  }

  #rejected(code: RejectionCode, { accountId }: Session): Rejected {
    const pausedUntil = code === 'account_paused' ? this.parts.limitsOf(accountId).pausedUntil : null;
    return { status: 'rejected', code, ...(pausedUntil !== null && { why: { pausedUntil } }) };
  }

  /**
   * The run before this one may have taken an order that it could have got: that nothing was deducted is true
   * only of later ones.
   */
  #full(order: SignedTaps): OrderAnswer {
    return order.deadline > this.#startedAt + this.options.deadlineMsMax ? BUSY : UNKNOWN;
  }

  /** Those that are being verified will want their room: to verify more would be for nothing. */
  #isFull(taps: number): boolean {
    return this.#verifying >= VERIFYING_MAX || !this.parts.batcher.hasRoomFor(this.#verifyingTaps + taps);
  }

  #judge(
    order: SignedTaps,
    session: Session,
    at: number,
  ): ({ order: BetOrder } | { code: RejectionCode; multiplier?: Multiplier })[] {
    const desk = this.parts.desk(at);
    const { guardPercent, pausedUntil } = this.parts.limitsOf(session.accountId);
    const owner = { currency: session.currency, stakeMax: session.stakeMax, pausedUntil };
    return order.taps.map((tap) => {
      const judged = judgeTap(tap, owner, desk);
      if ('code' in judged) return judged;
      const { cell, filled } = judged;
      const lockAt = at + this.options.holdMs;
      return {
        order: {
          betId: this.parts.newId(at),
          cell,
          stake: tap.stake,
          shown: tap.multiplier,
          shownRevision: tap.revision,
          guardPercent,
          lockAt,
          filled,
          multiplierMax: filled?.multiplier ?? this.options.multiplierMax,
        },
      };
    });
  }

  #operation(
    order: SignedTaps,
    session: Session,
    text: string,
    taps: PlaceBets['taps'],
    at: number,
  ): PlaceBets {
    return {
      kind: 'place-bets',
      accountId: session.accountId,
      sessionId: session.id,
      currency: session.currency,
      simulated: this.parts.feed.simulated,
      rule: this.options.rule ?? RULE_VERSION,
      nonce: order.nonce,
      text,
      signature: order.signature,
      taps,
      dailyCap: session.dailyCap,
      at,
    };
  }

  #tellPlaced(operation: PlaceBets, results: readonly TapResult[]): void {
    const bets: Bet[] = [];
    const balances: number[] = [];
    results.forEach((result, index) => {
      const order = operation.taps[index]!;
      if (result.status === 'rejected' || typeof order === 'string') return;
      bets.push(betOf(operation, order));
      balances.push(result.balance);
    });
    if (bets.length > 0) this.parts.onPlaced(bets, balances);
  }

  #count(code: RejectionCode, taps: number): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + taps;
  }
}

/** The bet as the ledger has it right after it was placed. */
export const betOf = (operation: PlaceBets, order: BetOrder): Bet => ({
  id: order.betId,
  accountId: operation.accountId,
  currency: operation.currency,
  simulated: operation.simulated,
  rule: operation.rule,
  cell: order.cell,
  stake: order.stake,
  shown: order.shown,
  shownRevision: order.shownRevision,
  guardPercent: order.guardPercent,
  placedAt: operation.at,
  lockAt: order.lockAt,
  locked: order.filled?.multiplier ?? null,
  lockedRevision: order.filled?.revision ?? null,
  status: order.filled === null ? 'placed' : 'locked',
  payout: 0 as Bet['payout'],
  closedAt: null,
  closedTick: null,
  voidReason: null,
});

const replayed = (answer: OrderAnswer): OrderAnswer =>
  'code' in answer ? answer : { ...answer, replayed: true };
