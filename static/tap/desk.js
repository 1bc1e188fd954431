import { amountOf, bandEndOf, stakeOf } from '../board/figures.js';
import { withLocalTimes } from '../page/moments.js';
import { setting } from '../session/settings.js';
import { clearBadge, ownBadge, serverBadge, showBadge, showMoved } from './badge.js';
import { Outcomes } from './outcomes.js';
import { OwnBets } from './own-bets.js';
import { whyNot } from './why-not.js';

/**
 * A tap counts for nothing after this time; while it lasts, a lost answer is asked for again with the same
 * nonce.
 */
const DEADLINE_MS = 10_000;
const ANSWER_MS_MAX = 4_000;
/** The server knows for ten minutes after its deadline what became of an order. */
const ASKED_MS_MAX = 590_000;
const REFUSED_SHOWN_MS = 900;
/** Long enough to read two numbers. */
const MOVED_SHOWN_MS = 2_600;
const TOO_SLOW = 'Your connection was too slow; nothing was deducted.';
const NOT_SENT = 'Reconnecting: nothing was sent.';

/** @param {Element} element */
const nearOf = (element) => (element.isConnected ? element : null);

/**
 * Taps on their way: pending until the server has answered, unknown when the line fell in between. Nothing is
 * shown as placed before the server said so; after a reconnect the same order is sent again, however late:
 * its nonce makes it the same, and the server's answer is the truth of it. No tap ends without a word.
 */
export class TapDesk {
  /** By nonce. @type {Map<string, Sent>} */
  #underWay = new Map();

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @typedef {import('./orders.d.ts').Order} Order
   * @typedef {import('./orders.d.ts').Sent} Sent
   * @typedef {import('./orders.d.ts').Tapped} Tapped
   * @param {{ cells: import('../board/cells.js').Cells, stakes: import('./stakes.js').Stakes,
   *   link: import('../live/link.js').Link, sale: import('../board/sale.js').Sale, now: () => number,
   *   sign: (order: Order) => Promise<string>, signedIn: () => boolean, signIn: (taps: Tapped[]) => void,
   *   keyless: (taps: Tapped[]) => void, tell: (text: string, near: Element | null | undefined) => void,
   *   say: (text: string) => void, pattern: import('./pattern.js').Pattern,
   *   price: () => number | null }} parts
   */
  constructor({
    cells,
    stakes,
    link,
    sale,
    now,
    sign,
    signedIn,
    signIn,
    keyless,
    tell,
    say,
    pattern,
    price,
  }) {
    this.cells = cells;
    this.stakes = stakes;
    this.link = link;
    this.sale = sale;
    this.now = now;
    this.sign = sign;
    this.signedIn = signedIn;
    this.signIn = signIn;
    this.keyless = keyless;
    this.tell = tell;
    this.say = say;
    this.pattern = pattern;
    this.price = price;
    this.outcomes = new Outcomes(tell);
    this.own = new OwnBets(cells);
  }

  /** Why a cell cannot be tapped, as a sentence; null where it can. @param {Cell} cell */
  whyNot(cell) {
    return whyNot(this.cells.read(cell), this.own.countOn(cell), this.cells, this.now());
  }

  /**
   * Orders every cell that can be ordered, under one signature; one that is named twice gets two bets.
   * @param {Cell[]} elements @param {boolean} [whole] whether they are a pattern by themselves
   */
  async place(elements, whole = false) {
    const signedIn = this.signedIn();
    const stuck = this.#stuck(signedIn);
    if (stuck) return this.tell(stuck, elements[0]);
    const stake = this.stakes.value;
    const at = this.now();
    const price = this.price();
    /** @type {Tapped[]} */
    const taps = [];
    for (const element of elements) {
      const found = this.cells.read(element);
      const before = taps.filter((tapped) => tapped.element === element).length;
      const why = whyNot(found, this.own.countOn(element) + before, this.cells, at);
      if (why) elements.length === 1 && this.tell(why, element);
      else if (found)
        taps.push({
          element,
          shown: found.value,
          bet: { state: 'pending', stake, multiplier: found.value },
          spot: price === null ? null : this.pattern.spotOf(element, price, at),
          tap: {
            cell: this.cells.idOf(found),
            stake,
            multiplier: found.value,
            revision: this.cells.revision,
          },
        });
    }
    if (!taps.length) return;
    if (!signedIn) return this.signIn(taps);
    for (const { element, bet } of taps) this.own.add(element, bet);
    /** @type {Order} */
    const order = {
      nonce: crypto.randomUUID(),
      deadline: Math.floor(this.now()) + DEADLINE_MS,
      taps: taps.map(({ tap }) => tap),
    };
    try {
      order.signature = await this.sign(order);
    } catch {
      this.#drop(taps);
      return this.keyless(taps);
    }
    this.#underWay.set(order.nonce, {
      order,
      taps,
      stake,
      at,
      whole,
      timer: setTimeout(() => this.#overdue(order.nonce), ANSWER_MS_MAX),
    });
    // The line may have fallen while it was signed: what never left was not placed.
    if (!this.link.send({ type: 'taps', ...order })) {
      this.#forget(order.nonce);
      this.#drop(taps);
      return this.tell(NOT_SENT, elements[0]);
    }
    if (setting('vibration')) navigator.vibrate?.(12);
  }

  /** The server's word on an order. @param {import('../live/frames.d.ts').Answer} answer */
  answer({ nonce, results, code, message }) {
    const sent = this.#underWay.get(nonce);
    if (!sent) return;
    // An earlier copy may have arrived: then only the ledger's word ends the doubt.
    if (code === 'unknown' || (sent.doubted && code === 'rate_limited')) return this.#doubt(sent);
    this.#forget(nonce);
    if (sent.doubted && code === 'unauthenticated') return this.#neverAnswered(sent);
    /** @type {Tapped[]} */
    const placed = [];
    sent.taps.forEach((tap, i) => {
      /** @type {import('../live/frames.d.ts').TapResult} */
      const result = results?.[i] ?? { status: 'rejected', code, message };
      if (result.status === 'accepted') {
        placed.push(tap);
        this.#placed(tap, sent, result);
      } else this.#refused(tap, sent, result);
    });
    const spots = placed.flatMap(({ spot }) => spot ?? []);
    if (spots.length > 0) this.pattern.add(spots, sent.at, sent.whole);
  }

  /** The line fell: whether an order arrived is not known. */
  lost() {
    for (const sent of this.#underWay.values()) this.#doubt(sent);
  }

  /**
   * The state after a reconnect is complete: `placed` has the ids of the cells that carry a bet of ours.
   * @param {ReadonlySet<string>} placed
   */
  resolve(placed) {
    this.own.settle();
    for (const [nonce, sent] of this.#underWay) {
      // Its answer is still expected on this line.
      if (!sent.doubted) continue;
      if (sent.order.deadline > this.now() - ASKED_MS_MAX) this.link.send({ type: 'taps', ...sent.order });
      else {
        this.#forget(nonce);
        this.#neverAnswered(sent);
        this.#drop(sent.taps);
      }
    }
    for (const badge of document.querySelectorAll('#plane .bet')) {
      const cell = /** @type {HTMLElement} */ (badge.parentElement);
      if (!placed.has(cell.id) && !this.own.isOn(/** @type {Cell} */ (cell))) clearBadge(cell, this.cells);
    }
  }

  /** The connection is closed for good: no answer will come. */
  ended() {
    for (const [nonce, sent] of this.#underWay) {
      this.#forget(nonce);
      this.#neverAnswered(sent, `${this.link.ended?.join('. ')} `);
    }
  }

  /**
   * Why nothing can leave this page, or null. Who has no account yet may tap before the line stands: the tap
   * waits for it.
   * @param {boolean} signedIn
   */
  #stuck(signedIn) {
    const closed = this.sale.refusal;
    if (closed || !signedIn) return closed;
    // A line that has just opened brings the multipliers a moment later.
    if (!this.cells.revision) return 'Connecting: nothing was sent.';
    return this.link.open ? null : NOT_SENT;
  }

  /** @param {Tapped} tapped @param {Sent} sent @param {import('../live/frames.d.ts').TapResult} result */
  #placed({ element, shown, bet, tap }, { stake, doubted }, { betId, multiplier = shown }) {
    this.own.change(element, bet, { state: 'placed', multiplier, betId });
    const [, , low = 0, high = 0] = tap.cell.split('.').map(Number);
    const text = `Placed ${stakeOf(stake)} on ${bandEndOf(low)} to ${bandEndOf(high)}`;
    if (doubted) this.outcomes.add('placed', `Your tap went through. ${text}.`, element);
    else this.say(text);
  }

  /** @param {Tapped} tapped @param {Sent} sent @param {import('../live/frames.d.ts').TapResult} result */
  #refused(
    { element, shown, bet },
    { stake, doubted },
    { code, message = 'That tap was refused.', multiplier },
  ) {
    const moved = multiplier && amountOf(multiplier) !== amountOf(shown);
    const why = moved
      ? `${message} ${amountOf(shown)} → ${amountOf(multiplier)}.`
      : withLocalTimes(code === 'deadline_passed' ? `${message} ${TOO_SLOW}` : message);
    if (doubted)
      this.outcomes.add(
        'refused',
        `Your ${stakeOf(stake)} tap did not go through; nothing was deducted. ${why}`,
        element,
      );
    else this.tell(why, nearOf(element));
    const isOwn = ownBadge(element) !== null;
    this.own.drop(element, bet);
    if (multiplier) element.value_ = multiplier;
    // Beside other bets the sentence alone says it.
    if (!isOwn || this.own.isOn(element) || serverBadge(element)) return;
    if (moved) showMoved(element, shown, multiplier);
    else showBadge(element, 'refused', stake);
    setTimeout(
      () => ownBadge(element)?.matches('.refused') && clearBadge(element, this.cells),
      moved ? MOVED_SHOWN_MS : REFUSED_SHOWN_MS,
    );
  }

  /** @param {Sent} sent @param {string} [why] a sentence before it */
  #neverAnswered(sent, why = '') {
    this.#doubt(sent);
    for (const { element } of sent.taps)
      this.outcomes.add('unknown', `${why}Your history shows whether that tap was placed.`, element);
  }

  /** @param {Sent} sent */
  #doubt(sent) {
    sent.doubted = true;
    for (const { element, bet } of sent.taps) this.own.change(element, bet, { state: 'unknown' });
  }

  /**
   * No answer although the line seems to stand: ask for the state of things, which also repeats the order;
   * when that is not answered either, over a new line.
   * @param {string} nonce
   */
  #overdue(nonce) {
    const sent = this.#underWay.get(nonce);
    if (!sent) return;
    this.#doubt(sent);
    sent.timer = setTimeout(() => this.#overdue(nonce), ANSWER_MS_MAX);
    if (sent.asked) this.link.renew();
    else this.link.send({ type: 'snapshot' });
    sent.asked = !sent.asked;
  }

  /** @param {string} nonce */
  #forget(nonce) {
    clearTimeout(this.#underWay.get(nonce)?.timer);
    this.#underWay.delete(nonce);
  }

  /** They are on their way no more. @param {readonly Tapped[]} taps */
  #drop(taps) {
    for (const { element, bet } of taps) this.own.drop(element, bet);
  }
}
