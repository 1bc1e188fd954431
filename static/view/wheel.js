/** A notch of a mouse's wheel, and more than a touch pad moves in an event. */
const NOTCH_PX = 50;
const LINE_PX = 16;
/** The hand has left the wheel when it has been still for so long. */
const STILL_MS = 140;
/** Share of the size that a pixel of the wheel makes, and the most of an event. */
const ZOOM_PER_PX = 0.008;
const ZOOM_PX_MAX = 30;

/** A wheel or a touch pad moves the board, with Ctrl, or two fingers that part, it makes it larger. */
export class Wheel {
  /** Not yet rounded to what the style sheet has. @type {number | null} */
  #zoom = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #still;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.view = view;
    view.board.addEventListener('wheel', (event) => this.#turn(event), { passive: false });
  }

  /** @param {WheelEvent} event */
  #turn(event) {
    const { view } = this;
    event.preventDefault();
    const unit = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? LINE_PX : view.plane.height;
    const turned = { x: event.deltaX * unit, y: event.deltaY * unit };
    clearTimeout(this.#still);
    if (event.ctrlKey || event.metaKey) {
      this.#still = setTimeout(() => this.#rest(), STILL_MS);
      return this.#size(event, turned.y);
    }
    const across = event.shiftKey && turned.x === 0 ? turned.y : turned.x;
    const down = event.shiftKey && turned.x === 0 ? 0 : turned.y;
    const { end } = view.plane.follow;
    const to = { x: end.x - across, ...(down !== 0 && { y: end.y - down }) };
    if (Math.abs(across) + Math.abs(down) >= NOTCH_PX) view.settleAt(to);
    else view.drag(to);
    this.#still = setTimeout(() => this.#rest(), STILL_MS);
  }

  /** @param {WheelEvent} event @param {number} px */
  #size({ clientX, clientY }, px) {
    const { view } = this;
    const box = view.grid.getBoundingClientRect();
    const step = Math.max(-ZOOM_PX_MAX, Math.min(ZOOM_PX_MAX, px));
    this.#zoom = (this.#zoom ?? view.zoom) * Math.exp(-step * ZOOM_PER_PX);
    view.zoomTo(this.#zoom, view.anchor(clientX - box.left, clientY - box.top - view.plane.height / 2));
  }

  #rest() {
    if (this.#zoom !== null) this.view.say(`Zoom ${Math.round(this.view.zoom * 100)} %.`);
    this.#zoom = null;
    this.view.settle();
  }
}
