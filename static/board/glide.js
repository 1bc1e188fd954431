/**
 * The board's movements, handed to the compositor as animations that run by themselves: the picture glides
 * while this thread sleeps or works, and no script runs for a frame. Where it is at a moment follows from the
 * same formulas.
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
   * Sees to it that the elements are at `x` pixels now and move left by `speed` pixels a millisecond.
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

/**
 * Where the picture lies: pixels across and down from where it is at home, and by how much it is wider and
 * taller than its layout.
 * @typedef {{ x: number, y: number, wide: number, tall: number }} Pose
 */
const AXES = /** @type {const} */ (['x', 'y', 'wide', 'tall']);
/** @type {Readonly<Pose>} */
const HOME = { x: 0, y: 0, wide: 1, tall: 1 };
/** @type {Readonly<Pose>} */
const AT_REST = { x: 0, y: 0, wide: 0, tall: 0 };

/**
 * After the price, or a hand. It sets off and arrives gently, keeps its speed where its goal changes under
 * way, and stands still while a finger is down.
 */
export class Follow {
  /** @type {Animation[]} */
  #animations = [];
  #from = HOME;
  #to = HOME;
  /** Per second. */
  #speed = AT_REST;
  #startedAt = -Infinity;

  /** @param {(readonly [element: HTMLElement, style: (pose: Pose) => Keyframe])[]} parts */
  constructor(...parts) {
    this.parts = parts;
    this.jump({});
  }

  /** Where it is at a moment of `performance.now()`. @param {number} moment @returns {Pose} */
  pose(moment) {
    const since = moment - this.#startedAt;
    if (since >= FOLLOW_MS) return { ...this.#to };
    return this.#each((axis) => this.#to[axis] + this.#left(axis, Math.max(0, since) / 1000)[0]);
  }

  /** Pixels down at a moment of `performance.now()`. @param {number} moment */
  at(moment) {
    return this.pose(moment).y;
  }

  /** Where it is or goes. @returns {Readonly<Pose>} */
  get end() {
    return this.#to;
  }

  /** Pixels down, where it is or goes. */
  get goal() {
    return this.#to.y;
  }

  /** @param {Partial<Pose>} change */
  jump(change) {
    this.#from = this.#to = { ...this.#to, ...change };
    this.#speed = AT_REST;
    this.#startedAt = -Infinity;
    this.#show([]);
  }

  /**
   * @param {Partial<Pose>} change
   * @param {Partial<Pose>} [speed] that it has now, per second, where it is not its own
   */
  move(change, speed) {
    const here = performance.now();
    const since = here - this.#startedAt;
    const own =
      since < FOLLOW_MS ? this.#each((axis) => this.#left(axis, Math.max(0, since) / 1000)[1]) : AT_REST;
    this.#from = this.pose(here);
    this.#speed = { ...own, ...speed };
    this.#to = { ...this.#to, ...change };
    this.#startedAt = here;
    const poses = STEPS.map((offset) => ({ offset, pose: this.pose(here + offset * FOLLOW_MS) }));
    this.#show(
      this.parts.map(([element, style]) => {
        const frames = poses.map(({ offset, pose }) => ({ offset, ...style(pose) }));
        // The frame under way may be of a moment before it begins.
        return animate(element, frames, { duration: FOLLOW_MS, fill: 'backwards' }, here);
      }),
    );
  }

  /** Stays where it is just now. */
  stop() {
    const here = performance.now();
    if (here - this.#startedAt < FOLLOW_MS) this.jump(this.pose(here));
  }

  /**
   * What is left of the distance after so many seconds, and its change per second: a critically damped
   * spring.
   * @param {keyof Pose} axis @param {number} seconds @returns {[left: number, speed: number]}
   */
  #left(axis, seconds) {
    const away = this.#from[axis] - this.#to[axis];
    const push = this.#speed[axis] + STIFFNESS * away;
    const fading = Math.exp(-STIFFNESS * seconds);
    const left = (away + push * seconds) * fading;
    return [left, push * fading - STIFFNESS * left];
  }

  /** @param {(axis: keyof Pose) => number} of @returns {Pose} */
  #each(of) {
    const pose = { ...HOME };
    for (const axis of AXES) pose[axis] = of(axis);
    return pose;
  }

  /** @param {Animation[]} animations */
  #show(animations) {
    for (const [element, style] of this.parts) Object.assign(element.style, style(this.#to));
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
/** By then a thousandth of the distance is left. */
const FOLLOW_MS = 1500;
/** Per second. */
const STIFFNESS = 6;
const STEPS = Array.from({ length: 25 }, (_, i) => i / 24);
