import { all, attribute } from '../page/element.js';

const KEPT_S = 31_536_000;
/** @type {Readonly<Record<string, number>>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * The boards of the house, of which the page shows one. Another one is asked for over the socket, and its
 * snapshot takes the place of this one; what was chosen last wins, however fast somebody chooses and
 * whatever the line does meanwhile. The address and a cookie keep the choice.
 */
export class Boards {
  /** Length of the windows of the board that is to be shown, ms. */
  #wanted;
  /** A board was asked for, and nothing has come yet. */
  #asking = false;

  /**
   * @param {{ cells: import('./cells.js').Cells, link: import('../live/link.js').Link,
   *   changed: () => void, say: (text: string) => void }} parts `changed` when another one is to be shown
   */
  constructor({ cells, link, changed, say }) {
    this.cells = cells;
    this.link = link;
    this.changed = changed;
    this.say = say;
    this.#wanted = cells.windowMs;
    const group = document.getElementById('boards');
    this.options = [...all('#boards [data-board]')];
    if (!group) return;
    attribute(group, 'role', 'radiogroup');
    for (const option of this.options) {
      attribute(option, 'role', 'radio');
      attribute(option, 'aria-current', null);
    }
    this.#mark();
    group.addEventListener('keydown', (event) => this.#press(event));
    document.addEventListener('click', (event) => this.#click(event));
  }

  /** Whether another board is to be shown than the one that is. */
  get changing() {
    return this.#wanted !== this.cells.windowMs;
  }

  /** @param {number} windowMs */
  has(windowMs) {
    return this.#optionOf(windowMs) !== undefined;
  }

  /**
   * The state is whole. If it was of another board than is wanted, that one was under way; a house without a
   * price has none yet, and whoever went on asking would be a flood.
   * @param {boolean} hasBoard
   */
  settled(hasBoard) {
    this.#asking = false;
    if (hasBoard && this.changing) this.#ask();
  }

  /** The line has fallen: the next one begins with the board that is wanted. */
  lost() {
    this.#asking = false;
  }

  /** @param {HTMLElement | undefined} option */
  choose(option) {
    const windowMs = Number(option?.dataset.window);
    if (!option || windowMs === this.#wanted) return;
    this.#wanted = windowMs;
    const { board } = option.dataset;
    this.#mark();
    this.link.address = `/live?board=${board}`;
    document.cookie = `board=${board}; Path=/; Max-Age=${KEPT_S}; SameSite=Lax`;
    history.replaceState(null, '', `/?board=${board}${location.hash}`);
    this.changed();
    if (!this.#asking) this.#ask();
    this.say(`${option.querySelector('b')?.textContent} board: windows of ${windowMs / 1000} seconds.`);
  }

  #ask() {
    const { board } = this.#optionOf(this.#wanted)?.dataset ?? {};
    this.#asking = this.link.send({ type: 'board', board });
  }

  #mark() {
    for (const option of this.options) {
      const isChosen = Number(option.dataset.window) === this.#wanted;
      attribute(option, 'aria-checked', String(isChosen));
      option.tabIndex = isChosen ? 0 : -1;
    }
  }

  /** @param {number} windowMs */
  #optionOf(windowMs) {
    return this.options.find(({ dataset }) => Number(dataset.window) === windowMs);
  }

  /** The keys of radio buttons. @param {KeyboardEvent} event */
  #press(event) {
    const at = this.options.indexOf(/** @type {HTMLElement} */ (event.target));
    const step = STEPS[event.key];
    if (at < 0 || (!step && event.key !== ' ') || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const { length } = this.options;
    const next = this.options[(at + (step ?? 0) + length) % length];
    next?.focus();
    this.choose(next);
  }

  /**
   * Links to a board, wherever they are: its name in the choice, a bet on it in a list.
   * @param {MouseEvent} event
   */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLElement | null} */ (target.closest('a[data-window]'));
    const option = link && this.#optionOf(Number(link.dataset.window));
    // Another button, or one with a key: the browser opens it elsewhere.
    if (!option || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (location.hash === '#rail') location.hash = '';
    this.choose(option);
  }
}
