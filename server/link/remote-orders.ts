import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { Counted } from '../ports/counted.ts';
import type { House, OrderAnswer } from '../ports/house.ts';
import type { EdgeEnd } from './edge-end.ts';
import { HandedOn } from './handed-on.ts';
import { FULL_MS, TURNED_AWAY_PER_SECOND_MAX } from './limits.ts';
import { OrderRoom } from './order-room.ts';
import { SHED, Shedding } from './shedding.ts';

/**
 * Looks at the signature of an order. @returns null at once where more are being looked at than will soon be
 * done.
 */
export type CheckSignature = (order: SignedTaps, session: Session) => Promise<boolean> | null;

export interface RemoteOrdersParts {
  readonly checkSignature: CheckSignature;
  /** How far ahead of its coming an order's deadline may be. */
  readonly deadlineMsMax: number;
  /** UTC epoch ms. */
  readonly now: () => number;
}

/**
 * Orders on their way through an edge. Signatures are looked at here; what follows from it is the engine's to
 * say, in the order of its checks. Where there is no room an order is refused before anybody looks at it. One
 * that could not be sent may have been sent before, by this edge or by another one: what became of it is
 * unknown.
 */
export class RemoteOrders {
  readonly #room = new OrderRoom();
  readonly #shedding: Shedding;
  readonly #handedOn: HandedOn;
  #fullUntil = 0;
  readonly #shedWhole = new PerSecond();
  readonly #reported = new PerSecond();
  #unreported = { turnedAway: 0, shed: 0 };

  constructor(
    private readonly end: EdgeEnd,
    shed: House['shed'],
    private readonly parts: RemoteOrdersParts,
  ) {
    this.#shedding = new Shedding(shed);
    this.#handedOn = new HandedOn(parts.now);
  }

  order: House['order'] = async (order, session, requestId = null) => {
    const received = performance.now();
    const isFull = this.#room.isFull || received < this.#fullUntil;
    // Some are handed on whole: the engine keeps a record of them.
    if (isFull && !this.#shedWhole.has(received)) return this.#refuse(order, session);
    this.#room.enter();
    this.#handedOn.add(session.accountId, order.nonce);
    try {
      const looking = isFull ? null : this.parts.checkSignature(order, session);
      const signed = looking === null ? null : await looking;
      const checked = { signed, ms: performance.now() - received };
      const called = await this.end.call('order', [order, session, requestId, checked]);
      if (typeof called === 'string') return SHED.unknown;
      const { answer } = called;
      if (!isFull && 'code' in answer && answer.code === 'busy')
        this.#fullUntil = performance.now() + FULL_MS;
      return answer;
    } finally {
      this.#room.leave();
    }
  };

  /** Reports so many a second: strangers may send as many as they like, and the engine has work to do. */
  turnedAway: House['turnedAway'] = (order, session, requestId = null) => {
    if (this.#reported.has(performance.now())) this.end.turnedAway([order, session, requestId]);
    else this.#unreported.turnedAway += order.taps.length;
  };

  /** Taps that were refused here and not reported one by one since this was last asked. */
  takeUnreported(): Pick<Counted, 'turnedAway' | 'shed'> {
    const unreported = this.#unreported;
    this.#unreported = { turnedAway: 0, shed: 0 };
    return unreported;
  }

  #refuse(order: SignedTaps, session: Session): OrderAnswer | Promise<OrderAnswer> {
    if (!this.#isSurelyNew(order, session)) return this.#shedding.refuse(order, session);
    this.#unreported.shed += order.taps.length;
    return SHED.busy;
  }

  /** Whoever else may have handed it on, the engine must be asked. */
  #isSurelyNew({ deadline, nonce }: SignedTaps, { accountId }: Session): boolean {
    const { aloneSince } = this.end;
    const { deadlineMsMax, now } = this.parts;
    return (
      aloneSince !== null &&
      deadline > now() &&
      deadline - deadlineMsMax > Math.max(aloneSince, this.#handedOn.since) &&
      !this.#handedOn.mayHave(accountId, nonce)
    );
  }
}

/** So many of a second that the engine is to have whole, for its record of refused orders. */
class PerSecond {
  #second = 0;
  #count = 0;

  has(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) [this.#second, this.#count] = [second, 0];
    return this.#count++ < TURNED_AWAY_PER_SECOND_MAX;
  }
}
