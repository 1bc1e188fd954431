import { all } from '../page/element.js';

const KEY = 'tapgrid-settings';

/** Switches that are on until they are turned off. */
const ON_AT_FIRST = ['swipe'];

/** Switches of this device. @param {string} name */
export const setting = (name) => stored()[name] ?? ON_AT_FIRST.includes(name);

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

/** @param {string} name @param {boolean | number} value */
function remember(name, value) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), [name]: value }));
  } catch {
    // Without storage the setting holds until the page is left.
  }
}

/** The stake that was chosen last, or null. @returns {number | null} */
export const lastStake = () => stored().stake ?? null;
/** @param {number} micros */
export const rememberStake = (micros) => remember('stake', micros);

/** Turns a switch on, wherever it stands on the page. @param {string} name */
export function turnOn(name) {
  remember(name, true);
  for (const box of inputs(`[data-setting=${name}]`)) box.checked = true;
}

/** Whether something may be offered: once on each device. @param {string} name */
export function mayOffer(name) {
  const key = `${name}-offered`;
  const may = !setting(key);
  remember(key, true);
  return may;
}

/** Whether this device has seen a bet of its trader won or lost. */
export const knowsTheGame = () => setting('knowsTheGame');
export const rememberTheGame = () => remember('knowsTheGame', true);

/** A style sheet hides what others do from who wants to be alone. */
const showOthers = () => document.body.classList.toggle('alone', setting('alone'));

/** Wires the switches and the theme. The server reads the theme from a cookie, so that no page flashes. */
export function wireSettings() {
  showOthers();
  for (const box of inputs('[data-setting]')) {
    const name = box.dataset.setting ?? '';
    box.checked = setting(name);
    if (name === 'vibration' && canVibrate())
      /** @type {HTMLElement} */ (box.closest('label')).hidden = false;
    box.addEventListener('change', () => {
      remember(name, box.checked);
      showOthers();
    });
  }
  for (const radio of inputs('[data-theme-choice] input'))
    radio.addEventListener('change', () => {
      document.cookie = `theme=${radio.value}; Path=/; Max-Age=31536000; SameSite=Lax`;
      document.documentElement.dataset.theme = radio.value;
      // What a phone paints around the page.
      for (const meta of all('meta[name=theme-color]'))
        meta.setAttribute('content', getComputedStyle(document.body).backgroundColor);
      document.dispatchEvent(new Event('tapgrid:theme'));
    });
  // The forms are replaced with each answer.
  document.addEventListener('input', ({ target }) => {
    const field = /** @type {HTMLInputElement} */ (target);
    const output = field.name === 'guardPercent' && field.closest('.field')?.querySelector('output');
    if (output) output.textContent = `${field.value} %`;
  });
}

/** Browsers on a desk offer it too, and nothing happens. */
export const canVibrate = () => 'vibrate' in navigator && matchMedia('(pointer: coarse)').matches;

/** @param {string} selector */
const inputs = (selector) => /** @type {NodeListOf<HTMLInputElement>} */ (all(selector));
