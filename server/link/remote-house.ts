import { boardOf } from '../game/boards.ts';
import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { Events, Health } from '../ports/events.ts';
import type { House, OrderAnswer } from '../ports/house.ts';
import type { CallName } from './asking.ts';
import type { Called, EdgeEnd } from './edge-end.ts';
import { FULL_MS, TURNED_AWAY_PER_SECOND_MAX } from './limits.ts';

/**
 * Looks at the signature of an order. @returns null at once where more are being looked at than will soon be
 * done.
 */
export type CheckSignature = (order: SignedTaps, session: Session) => Promise<boolean> | null;

/** Whether it was taken nobody knows; the same order again tells. */
const UNKNOWN: OrderAnswer = { code: 'unknown', retryAfterMs: 1_000 };

/**
 * The house as an edge has it: what it knows is told by the engine over the link, what it is asked goes there
 * and is answered from there. Signatures are looked at here; what follows from it is the engine's to say, in
 * the order of its checks. An order that could not be sent may have been sent before, by this edge or by
 * another one, so what became of it is unknown too.
 */
export class RemoteHouse implements House {
  readonly events: Events;
  #fullUntil = 0;
  #second = 0;
  #reported = 0;
  #unreported = 0;

  /** @param end has begun. */
  constructor(
    private readonly end: EdgeEnd,
    private readonly checkSignature: CheckSignature,
  ) {
    this.events = end.mirror.events;
  }

  get runSecret(): string {
    return this.end.mirror.known.runSecret;
  }

  get simulated(): boolean {
    return this.end.mirror.known.simulated;
  }

  get feedLabel(): string {
    return this.end.mirror.known.feedLabel;
  }

  board: House['board'] = (windowMs) => boardOf(this.boards(), windowMs);

  boards: House['boards'] = () => this.end.mirror.known.boards;
  tick: House['tick'] = () => this.end.mirror.known.tick;
  maintenance: House['maintenance'] = () => this.end.mirror.known.maintenance;
  calendar: House['calendar'] = () => this.end.mirror.known.calendar;
  blockedRanges: House['blockedRanges'] = () => this.end.mirror.known.blockedRanges;
  counters: House['counters'] = () => this.end.mirror.known.counters;
  headStarts: House['headStarts'] = () => this.end.mirror.known.headStarts;
  health = (): Health => this.end.mirror.health;

  priceLine: House['priceLine'] = (ms) => {
    const { priceLine } = this.end.mirror.known;
    const newest = priceLine.at(-1)?.[0] ?? 0;
    return priceLine.filter(([at]) => at >= newest - ms);
  };

  order: House['order'] = async (order, session, requestId = null) => {
    const received = performance.now();
    const looking = received < this.#fullUntil ? null : this.checkSignature(order, session);
    const signed = looking === null ? null : await looking;
    const checked = { signed, ms: performance.now() - received };
    const called = await this.end.call('order', [order, session, requestId, checked]);
    if (typeof called === 'string') return UNKNOWN;
    const { answer } = called;
    if ('code' in answer && answer.code === 'busy') this.#fullUntil = performance.now() + FULL_MS;
    return answer;
  };

  /** Reports so many a second: strangers may send as many as they like, and the engine has work to do. */
  turnedAway: House['turnedAway'] = (order, session, requestId = null) => {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) [this.#second, this.#reported] = [second, 0];
    if (this.#reported++ < TURNED_AWAY_PER_SECOND_MAX) this.end.turnedAway([order, session, requestId]);
    else this.#unreported += order.taps.length;
  };

  /** Taps of orders that were turned away and not reported since this was last asked. */
  takeUnreported(): number {
    const taps = this.#unreported;
    this.#unreported = 0;
    return taps;
  }

  openAccount: House['openAccount'] = (account) => this.#refusalOf(this.end.call('openAccount', [account]));
  startSession: House['startSession'] = (session, returnOf) =>
    this.#refusalOf(this.end.call('startSession', [session, returnOf ?? null]));
  refill: House['refill'] = (...args) => this.#refusalOf(this.end.call('refill', args));
  endSessions: House['endSessions'] = (...args) => this.#refusalOf(this.end.call('endSessions', args));
  seeSession: House['seeSession'] = (...args) => this.#refusalOf(this.end.call('seeSession', args));

  changeLimits: House['changeLimits'] = async (...args) => {
    const called = await this.end.call('changeLimits', args);
    return typeof called === 'string' ? { code: codeOf(called) } : called.answer;
  };

  async #refusalOf<Name extends Exclude<CallName, 'order' | 'changeLimits'>>(
    calling: Promise<Called<Name>>,
  ): Promise<RejectionCode | null> {
    const called = await calling;
    return typeof called === 'string' ? codeOf(called) : (called.answer as RejectionCode | null);
  }
}

const codeOf = (called: 'unsent' | 'unknown'): RejectionCode => (called === 'unsent' ? 'busy' : 'unknown');
