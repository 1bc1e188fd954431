/**
 * The board's two movements, handed to the compositor as animations that run by themselves: the picture
 * glides while this thread sleeps or works, and no script runs for a frame. Where it is at a moment follows
 * from the same formulas.
 */

/** Left with time, at an even pace. */
export class Drift {
  /** @type {Animation[]} */
  #animations = [];
  #from = 0;
  #startedAt = -Infinity;
  #speed = 0;

  /** @param {HTMLElement[]} elements */
  constructor(...elements) {
    this.elements = elements;
  }

  /**
   * Sees to it that the elements are at `x` pixels now and move left by `throttle` pixels a millisecond.
   * @param {number} x @param {number} speed
   */
  keep(x, speed) {
    const here = performance.now();
    const since = here - this.#startedAt;
    if (speed === this.#speed && since < RUN_MS / 2 && Math.abs(this.#from - speed * since - x) < OFF_PX_MAX)
      return;
    this.#from = x;
    this.#speed = speed;
    this.#startedAt = here;
    const before = this.#animations;
    const frames = [`translateX(${x}px)`, `translateX(${x - speed * RUN_MS}px)`].map((transform) => ({
      transform,
    }));
    this.#animations = this.elements.map((element) =>
      animate(element, frames, { duration: RUN_MS, fill: 'both' }, here),
    );
    for (const animation of before) animation.cancel();
  }
}

/** Up and down after the price, which it reaches ever more slowly; it stands still while a finger is down. */
export class Follow {
  /** @type {Animation[]} */
  #animations = [];
  #from = 0;
  #to = 0;
  #startedAt = -Infinity;

  /** @param {number} at pixels at first @param {HTMLElement[]} elements */
  constructor(at, ...elements) {
    this.elements = elements;
    this.jump(at);
  }

  /** Pixels at a moment of `performance.now()`. @param {number} moment */
  at(moment) {
    const since = moment - this.#startedAt;
    return since >= FOLLOW_MS
      ? this.#to
      : this.#to + (this.#from - this.#to) * remaining(Math.max(0, since) / FOLLOW_MS);
  }

  /** Where it is or goes. */
  get goal() {
    return this.#to;
  }

  /** @param {number} y */
  jump(y) {
    this.#from = this.#to = y;
    this.#startedAt = -Infinity;
    this.#show([]);
  }

  /** @param {number} y */
  move(y) {
    const here = performance.now();
    this.#from = this.at(here);
    this.#to = y;
    this.#startedAt = here;
    const frames = STEPS.map((offset) => ({
      offset,
      translate: `0 ${y + (this.#from - y) * remaining(offset)}px`,
    }));
    this.#show(this.elements.map((element) => animate(element, frames, { duration: FOLLOW_MS }, here)));
  }

  /** Stays where it is just now. */
  stop() {
    if (performance.now() - this.#startedAt < FOLLOW_MS) this.jump(this.at(performance.now()));
  }

  /** @param {Animation[]} animations */
  #show(animations) {
    for (const element of this.elements) element.style.translate = `0 ${this.#to}px`;
    for (const animation of this.#animations) animation.cancel();
    this.#animations = animations;
  }
}

/**
 * @param {HTMLElement} element @param {Keyframe[]} frames @param {KeyframeAnimationOptions} timing
 * @param {number} startTime
 */
function animate(element, frames, timing, startTime) {
  const animation = element.animate(frames, timing);
  animation.startTime = startTime;
  return animation;
}

/** A run is renewed at its half, so that it does not end even where timers are throttled. */
const RUN_MS = 600_000;
/** The clock is corrected all the time; the picture is when it shows. */
const OFF_PX_MAX = 0.5;
const FOLLOW_MS = 1500;
const STEPS = Array.from({ length: 25 }, (_, i) => i / 24);
/**
 * Share of the way that is left after a share of the time: an exponential that ends.
 * @param {number} share
 */
const remaining = (share) => (Math.exp(-4 * share) - Math.exp(-4)) / (1 - Math.exp(-4));
