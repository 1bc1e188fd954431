/**
 * A finger that bounces has lifted for some milliseconds only, a second tap takes longer: Android tells them
 * apart by the same time (`ViewConfiguration.DOUBLE_TAP_MIN_TIME`). Switches of mice chatter within it, too.
 */
const BOUNCE_MS = 40;

/** Where and when pointers left the board, by the clock of their events. */
export class Bounces {
  /** @type {{ x: number, y: number, at: number }[]} */
  #lifts = [];

  /** @param {number} reach how far a finger may slip, pixels */
  constructor(reach) {
    this.reach = reach;
  }

  /** A pointer has left. @param {PointerEvent} event */
  lifted({ clientX: x, clientY: y, timeStamp: at }) {
    this.#lifts = this.#lifts.filter((lift) => at - lift.at < BOUNCE_MS);
    this.#lifts.push({ x, y, at });
  }

  /** Whether one that comes down is one that has only bounced. @param {PointerEvent} event */
  has({ clientX, clientY, timeStamp }) {
    return this.#lifts.some(
      ({ x, y, at }) => timeStamp - at < BOUNCE_MS && Math.hypot(clientX - x, clientY - y) <= this.reach,
    );
  }
}
