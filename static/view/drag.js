import { within } from '../page/element.js';

/** A press that moves less is none. */
const SLIP_PX = 4;
/** The speed of a hand is that of the last moments. */
const SPEED_MS = 80;

/**
 * One finger, or a mouse, on the price scale moves the board up and down, on the heads of the columns across;
 * the middle button of a mouse moves it both ways, wherever it is pressed.
 */
export class Drag {
  /**
   * @typedef {{ x: number, y: number }} Point
   * @type {{ id: number, across: boolean, down: boolean, x: number, y: number, from: Point, begun: boolean,
   *   steps: (Point & { at: number })[] } | null}
   */
  #held = null;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.view = view;
    const { grid, plane } = view;
    const heads = within(view.board, '.colhead');
    heads.addEventListener('pointerdown', (event) => this.#press(heads, event, true, false));
    grid.addEventListener('pointerdown', (event) => {
      const onScale = event.clientX > grid.getBoundingClientRect().right - plane.axis;
      if (event.button === 1) event.preventDefault();
      if (onScale || event.button === 1) this.#press(grid, event, !onScale, true);
    });
    for (const place of [heads, grid]) {
      place.addEventListener('pointermove', (event) => this.#move(event));
      place.addEventListener('pointerup', (event) => this.#release(event));
      place.addEventListener('pointercancel', (event) => this.#release(event));
    }
  }

  /** @param {HTMLElement} place @param {PointerEvent} event @param {boolean} across @param {boolean} down */
  #press(place, event, across, down) {
    if (this.#held || event.button > 1) return;
    const { follow } = this.view.plane;
    follow.stop();
    this.#held = {
      id: event.pointerId,
      across,
      down,
      x: event.clientX,
      y: event.clientY,
      from: { x: follow.end.x, y: follow.goal },
      begun: false,
      steps: [],
    };
    place.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const held = this.#held;
    if (held?.id !== event.pointerId) return;
    const x = held.across ? event.clientX - held.x : 0;
    const y = held.down ? event.clientY - held.y : 0;
    if (Math.hypot(x, y) > SLIP_PX) held.begun = true;
    if (!held.begun) return;
    held.steps.push({ at: event.timeStamp, x, y });
    this.view.drag({ x: held.from.x + x, ...(held.down && { y: held.from.y + y }) });
  }

  /** @param {PointerEvent} event */
  #release({ pointerId, timeStamp }) {
    const held = this.#held;
    if (held?.id !== pointerId) return;
    this.#held = null;
    const recent = held.steps.filter(({ at }) => at > timeStamp - SPEED_MS);
    const [first, last] = [recent[0], recent.at(-1)];
    const seconds = first && last ? (last.at - first.at) / 1000 : 0;
    const speed =
      first && last && seconds > 0.01
        ? { x: (last.x - first.x) / seconds, y: (last.y - first.y) / seconds }
        : {};
    if (held.begun) this.view.settle(undefined, speed);
  }
}
