const STEP_PX = 4;
/** A cell whose corner alone is crossed was not meant. */
const CROSSED_PX = 10;

/** The cells that a pointer crosses, each once, however few events tell of its path. */
export class Swipe {
  /** @type {Set<Cell>} */
  cells = new Set();
  /** @type {Cell | null} */
  #over;
  #crossed = 0;

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {Cell} first @param {number} x @param {number} y
   */
  constructor(first, x, y) {
    this.cells.add(first);
    this.#over = first;
    this.x = x;
    this.y = y;
  }

  /**
   * @param {number} x @param {number} y where the pointer is now
   * @param {(x: number, y: number) => Cell | null} cellAt
   * @param {(cell: Cell) => boolean} takes whether it may be among them
   */
  moveTo(x, y, cellAt, takes) {
    const { x: fromX, y: fromY } = this;
    const steps = Math.ceil(Math.hypot(x - fromX, y - fromY) / STEP_PX);
    for (let i = 1; i <= steps; i++) {
      const cell = cellAt(fromX + ((x - fromX) * i) / steps, fromY + ((y - fromY) * i) / steps);
      this.#crossed = cell === this.#over ? this.#crossed + STEP_PX : 0;
      this.#over = cell;
      if (cell && this.#crossed >= CROSSED_PX && !this.cells.has(cell) && takes(cell)) this.cells.add(cell);
    }
    this.x = x;
    this.y = y;
  }
}
