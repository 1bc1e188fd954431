import { stakeOf } from '../board/figures.js';
import { attribute, byId } from '../page/element.js';
import { write } from '../board/repaint.js';
import { lastStake, rememberStake } from '../session/settings.js';

const CENT = 10_000;

/**
 * The stake of the next tap: a preset, or an amount of one's own within the bounds of house and account, in
 * whole cents. One button is pressed.
 */
export class Stakes {
  #value;

  constructor() {
    this.group = byId('stakes');
    const { min, max } = this.group.dataset;
    this.min = Number(min);
    this.max = Number(max);
    this.presets = /** @type {HTMLElement[]} */ ([...this.group.querySelectorAll('[data-stake]')]);
    this.own = /** @type {HTMLElement | null} */ (this.group.querySelector('[data-own]'));
    const pressed = this.presets.find((button) => button.getAttribute('aria-pressed') === 'true');
    this.#value = stakeIn(pressed);
    this.group.addEventListener('click', ({ target }) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest('button'));
      if (button?.dataset.stake) this.choose(stakeIn(button));
      if (button?.dataset.times) this.choose(this.#value * Number(button.dataset.times));
    });
    const last = lastStake();
    if (last) this.choose(last);
  }

  /** Micro-dollars. */
  get value() {
    return this.#value;
  }

  /** The highest stake that the balance covers, too. */
  get most() {
    const balance = document.querySelector('#balance b')?.textContent?.replace(/[^\d.]/g, '');
    const covered = balance ? Math.round(Number(balance) * 100) * CENT : Infinity;
    return Math.max(this.min, Math.min(this.max, covered));
  }

  /** @param {number} micros what is no whole cent is cut down, what is beyond a bound becomes it */
  choose(micros) {
    const stake = Math.max(this.min, Math.min(this.max, Math.floor(micros / CENT) * CENT));
    this.#value = stake;
    let isPreset = false;
    for (const button of this.presets) {
      const pressed = stakeIn(button) === stake;
      isPreset ||= pressed;
      attribute(button, 'aria-pressed', String(pressed));
      if (pressed) this.#bringInSight(button);
    }
    if (this.own) {
      attribute(this.own, 'aria-pressed', String(!isPreset));
      attribute(this.own, 'aria-label', isPreset ? 'Another stake' : `Another stake, ${stakeOf(stake)} now`);
      write(this.own, isPreset ? '…' : stakeOf(stake));
      const { length } = isPreset ? '' : stakeOf(stake);
      this.own.classList.toggle('long', length === 4 || length === 5);
      this.own.classList.toggle('longer', length > 5);
    }
    rememberStake(stake);
    document.dispatchEvent(new Event('tapgrid:stake'));
  }

  /** @param {number} index of a preset, from 1 */
  chooseNumber(index) {
    const button = this.presets[index - 1];
    if (button) this.choose(stakeIn(button));
  }

  /** On a phone the presets scroll. @param {HTMLElement} button */
  #bringInSight({ parentElement: strip, offsetLeft, offsetWidth }) {
    if (!strip || strip.scrollWidth <= strip.clientWidth) return;
    const { scrollLeft, clientWidth } = strip;
    const left = offsetLeft - strip.offsetLeft;
    if (left < scrollLeft || left + offsetWidth > scrollLeft + clientWidth)
      strip.scrollTo({ left: left - (clientWidth - offsetWidth) / 2 });
  }
}

/** @param {HTMLElement | undefined} button */
const stakeIn = (button) => Number(button?.dataset.stake ?? 0);
