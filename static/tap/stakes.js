import { all } from '../page/element.js';
import { lastStake, rememberStake } from '../session/settings.js';

/** The stake presets: one is pressed. */
export class Stakes {
  constructor() {
    this.buttons = [...all('[data-stake]')];
    for (const button of this.buttons) button.addEventListener('click', () => this.choose(button));
    this.chooseValue(lastStake());
  }

  /** Micro-dollars. */
  get value() {
    const pressed = this.buttons.find((button) => button.getAttribute('aria-pressed') === 'true');
    return Number(pressed?.dataset.stake);
  }

  /** @param {HTMLElement | undefined} button */
  choose(button) {
    if (!button) return;
    for (const other of this.buttons) other.setAttribute('aria-pressed', String(other === button));
    rememberStake(Number(button.dataset.stake));
    document.dispatchEvent(new Event('tapgrid:stake'));
  }

  /** @param {number | null} micros what is no preset changes nothing */
  chooseValue(micros) {
    this.choose(this.buttons.find((button) => Number(button.dataset.stake) === micros));
  }

  /** @param {number} index from 1 */
  chooseNumber(index) {
    this.choose(this.buttons[index - 1]);
  }
}
