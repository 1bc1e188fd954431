import type { MarketView } from '../game/acceptance.ts';
import type { Cell } from '../game/grid.ts';
import type { Micros, Multiplier } from '../game/money.ts';
import type { OwnLimits } from '../game/own-limits.ts';
import { RULE_VERSION, type RuleVersion } from '../game/path.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import { heldFor, type Restriction } from '../game/restriction.ts';
import type { Session } from '../game/session.ts';
import { oldestRevision, signatureExpected, signedText, type SignedTaps } from '../game/tap.ts';
import type { BetUpdate } from '../ports/events.ts';
import type { AnsweredOrder, CheckedBefore, HouseCounters, OrderAnswer } from '../ports/house.ts';
import { readShedLines, shedLetter } from '../ports/shed-order.ts';
import type { OperationResult, PlaceBets, Rejected } from '../ports/ledger.ts';
import type { Nonces } from '../ports/nonces.ts';
import type { Batcher } from './batcher.ts';
import { judgeTaps, placedBets, type JudgedTap } from './judged-taps.ts';
import type { LatencyHistogram } from '../ports/latency.ts';
import { answerOf } from './order-answer.ts';
import { Verifications } from './verifications.ts';

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
  /** What operators have set for the account. */
  readonly restrictionOf: (accountId: string) => Restriction;
  /** Where the run before ended: its last commit, UTC epoch ms, and its newest revision; 0 without one. */
  readonly before: { readonly at: number; readonly revision: number };
  /** The rules' view of this moment. */
  readonly marketView: (now: number) => MarketView;
  /** Called after the commit with the bets that it made durable. */
  readonly onPlaced: (placed: readonly BetUpdate[]) => void;
  readonly onAnswered?: ((answered: AnsweredOrder) => void) | undefined;
}

/** A retry may come after its deadline by this much and still be told what became of it. */
export const LATE_RETRY_MS = 600_000;
const LATE: JudgedTap = { code: 'deadline_passed' };
const BAD_SIGNATURE = { code: 'bad_signature' } as const;
const BUSY = { code: 'busy', retryAfterMs: 1_000 } as const;
/** Nobody knows whether it was accepted; sending the same order again finds out. */
const UNKNOWN = { code: 'unknown', retryAfterMs: 1_000 } as const;

type Refused = Extract<OrderAnswer, { readonly code: RejectionCode }>;

/** An order as it came, at `at` (UTC epoch ms). */
interface Asked {
  readonly order: SignedTaps;
  readonly session: Session;
  readonly at: number;
  readonly checked: CheckedBefore | undefined;
}

/**
 * The way of a signed order: deadline → room → nonce → signature → rules → commit → answer. Each step lets it
 * pass or ends it with a value of the closed list; what is thrown is a fault of ours.
 */
export class OrderDesk {
  readonly refusals: Partial<Record<RejectionCode, number>> = {};
  accepted = 0;
  /** No order with a later deadline can have come to the run before. */
  readonly #deadlineBefore: number;
  readonly #verifying = new Verifications();

  constructor(
    private readonly options: OrderDeskOptions,
    private readonly parts: OrderDeskParts,
  ) {
    // A clock that was set back meanwhile stands behind the last commit.
    this.#deadlineBefore = Math.max(parts.now(), parts.before.at) + options.deadlineMsMax;
  }

  /** @param requestId the edge's name for the request, for the log. */
  async order(
    order: SignedTaps,
    session: Session,
    requestId: string | null = null,
    checked?: CheckedBefore,
  ): Promise<OrderAnswer> {
    const received = performance.now() - (checked?.ms ?? 0);
    const asked = { order, session, at: this.parts.now(), checked };
    const answer = this.#refusal(asked) ?? (await this.#decide(asked));
    const ms = performance.now() - received;
    this.#count(answer, order.taps.length, ms);
    const { id: sessionId, accountId } = session;
    this.parts.onAnswered?.({ requestId, accountId, sessionId, order, answer, ms });
    return 'code' in answer ? this.#explained(answer, session) : answer;
  }

  /** Of all orders since start. */
  counters(): HouseCounters {
    const { accepted, refusals } = this;
    const { latency, batcher } = this.parts;
    return {
      accepted,
      refusals,
      latency: latency.summary(),
      batches: batcher.batches,
      queued: batcher.queuedTaps,
    };
  }

  /** Says of orders that an edge has no room for whether they may have been taken before. */
  shed(orders: string): string {
    const now = this.parts.now();
    const letters = readShedLines(orders).map(({ accountId, nonce, deadline, revision, taps }) => {
      const isKnown = this.parts.nonces.mayKnow(accountId, nonce);
      const code = isKnown || this.#mayHaveBeenTaken(deadline, revision, now) ? 'unknown' : 'busy';
      this.countRefused(code, taps);
      return shedLetter(code);
    });
    return letters.join('');
  }

  /** Counts taps that were refused before they came here. */
  countRefused(code: RejectionCode, taps: number): void {
    if (taps > 0) this.refusals[code] = (this.refusals[code] ?? 0) + taps;
  }

  /** Deadline → room. In a full house most orders end here, so it comes before all work. */
  #refusal({ order, session, at }: Asked): Refused | null {
    if (order.deadline > at + this.options.deadlineMsMax) return { code: 'deadline_too_far' };
    if (order.deadline <= at - LATE_RETRY_MS) return { code: 'deadline_passed' };
    // Who sends again what was taken must not hear that nothing was.
    const isNew = () => !this.parts.nonces.mayKnow(session.accountId, order.nonce);
    return this.#isFull(order) && isNew() ? this.#full(order) : null;
  }

  /** Nonce: an order that passes is decided once, and a retry gets the same answer. */
  async #decide(asked: Asked): Promise<OrderAnswer> {
    const { order, session, at } = asked;
    const { nonces } = this.parts;
    const text = signedText(this.options.origin, session.id, order);
    const found = nonces.see(session.accountId, order.nonce, text, at);
    const seen = found instanceof Promise ? await found : found;
    if (seen.kind === 'reused') return { code: 'nonce_reused' };
    if (seen.kind === 'full') return this.#full(order);
    if (seen.kind === 'replay') return seen.answer.then(asReplayed, () => UNKNOWN);
    const placing = this.#place(asked, text);
    nonces.keep(session.accountId, order.nonce, placing);
    const answer = await placing;
    // By an order that was refused as a whole nothing was decided.
    if ('code' in answer) nonces.forget(session.accountId, order.nonce);
    return answer;
  }

  /** Signature → rules → commit, of an order that was never seen. */
  async #place({ order, session, at: askedAt, checked }: Asked, text: string): Promise<OrderAnswer> {
    const { batcher, limitsOf, now } = this.parts;
    if (checked?.signed === null || this.#isFull(order)) return this.#full(order);
    const isSigned = checked?.signed ?? (await this.#verified(order, session, text));
    if (!isSigned) return BAD_SIGNATURE;
    const at = now();
    const limits = limitsOf(session.accountId);
    const explanations = { stakes: this.options.stakes, pausedUntil: limits.pausedUntil };
    const isLate = order.deadline <= Math.max(askedAt, at);
    const judged = isLate ? order.taps.map(() => LATE) : this.#judge(order, session, limits, at);
    const taps = judged.map((one) => ('order' in one ? one.order : one.code));
    if (taps.every(isCode) && !this.#mayHaveBeenTaken(order.deadline, oldestRevision(order.taps), askedAt))
      return answerOf(taps.map(rejected), judged, explanations);
    const operation = this.#operation(order, session, text, taps, at);
    const committing = batcher.order(operation);
    if (committing === null) return this.#full(order);
    let result: OperationResult;
    try {
      result = await committing;
    } catch {
      return UNKNOWN;
    }
    if (result.kind === 'refused') return { code: result.code };
    if (result.kind !== 'placed') throw new Error(`the ledger answered an order with ${result.kind}`);
    const { results, replayed, balance } = result;
    const placed = replayed ? [] : placedBets(operation, results);
    if (placed.length > 0) this.parts.onPlaced(placed);
    return answerOf(results, judged, explanations, { replayed, balance });
  }

  async #verified(order: SignedTaps, session: Session, text: string): Promise<boolean> {
    this.#verifying.begin(order.taps.length);
    try {
      return await this.parts.verify(session.publicKey, text, order.signature);
    } finally {
      this.#verifying.end(order.taps.length);
    }
  }

  #judge(
    order: SignedTaps,
    session: Session,
    { guardPercent, pausedUntil }: OwnLimits,
    at: number,
  ): JudgedTap[] {
    const { holdMs, multiplierMax } = this.options;
    const { currency, stakeMax, accountId } = session;
    const { blocked, holdMs: own } = this.parts.restrictionOf(accountId);
    const owner = { currency, stakeMax, blocked, pausedUntil };
    const view = this.parts.marketView(at);
    const held = ({ windowMs }: Cell): number => heldFor(holdMs, own, windowMs);
    const beginnings = { holdMsOf: held, multiplierMax, guardPercent, newId: this.parts.newId };
    return judgeTaps(order.taps, owner, view, beginnings);
  }

  /**
   * A retry that comes after its deadline, or to a house that has just started and whose memory of nonces is
   * empty: the ledger alone knows.
   */
  #mayHaveBeenTaken(deadline: number, oldest: number, askedAt: number): boolean {
    // It took no order that it could not have got, and no tap on a revision that it did not make.
    const mayBeOfRunBefore = deadline <= this.#deadlineBefore && oldest <= this.parts.before.revision;
    return deadline <= askedAt || mayBeOfRunBefore;
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

  /** Those that are being verified will want their room: to verify more would be for nothing. */
  #isFull({ taps }: SignedTaps): boolean {
    const { isFull, taps: verifying } = this.#verifying;
    return isFull || !this.parts.batcher.hasRoomFor(verifying + taps.length);
  }

  /** That nothing was deducted is true only of an order that cannot have been taken before. */
  #full(order: SignedTaps): Refused {
    const now = this.parts.now();
    return this.#mayHaveBeenTaken(order.deadline, oldestRevision(order.taps), now) ? UNKNOWN : BUSY;
  }

  /** Says what this house expected, where a program could only guess it. */
  #explained(refusal: Refused, session: Session): Refused {
    const { origin, deadlineMsMax } = this.options;
    const { code } = refusal;
    if (code === 'bad_signature') return { ...refusal, message: signatureExpected(origin, session.id) };
    if (code !== 'deadline_passed' && code !== 'deadline_too_far') return refusal;
    const expected = `a deadline may be up to ${deadlineMsMax} ms later.`;
    const message = `${rejection(code).message} The server time is ${this.parts.now()}; ${expected}`;
    return { ...refusal, message };
  }

  #count(answer: OrderAnswer, taps: number, ms: number): void {
    if ('code' in answer) this.countRefused(answer.code, taps);
    else if (!answer.replayed) {
      for (const result of answer.results)
        result.status === 'accepted' ? (this.accepted += 1) : this.countRefused(result.code, 1);
      this.parts.latency.record(ms);
    }
  }
}

const isCode = (tap: PlaceBets['taps'][number]): tap is RejectionCode => typeof tap === 'string';

const rejected = (code: RejectionCode): Rejected => ({ status: 'rejected', code });

const asReplayed = (answer: OrderAnswer): OrderAnswer =>
  'code' in answer ? answer : { ...answer, replayed: true };
