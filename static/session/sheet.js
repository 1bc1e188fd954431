import { all } from '../page/element.js';

/** How long what has just come up takes no press. */
const RISING_MS = 400;
const PRESSES = ['Enter', ' '];

/**
 * Opens a sheet over the page, with the focus on the sheet itself: a key that is pressed again presses none
 * of its buttons.
 * @param {HTMLElement | null} element a dialog, or null for none
 */
export function openSheet(element) {
  const sheet = /** @type {HTMLDialogElement | null} */ (element);
  if (!sheet?.showModal || sheet.open) return;
  keepQuiet(sheet);
  sheet.showModal();
  sheet.focus();
}

/**
 * Lets an element take no press for a moment, because it has just come up or has just changed its meaning:
 * the second tap of a quick finger means what lay there before. A press that began earlier counts for nothing
 * on it, however late its click comes.
 * @typedef {HTMLElement & { hasPress_?: boolean, rising_?: ReturnType<typeof setTimeout> }} Guarded
 * @param {Guarded} element
 */
export function keepQuiet(element) {
  if (element.hasPress_ === undefined) guard(element);
  element.hasPress_ = false;
  element.classList.add('rising');
  clearTimeout(element.rising_);
  element.rising_ = setTimeout(() => element.classList.remove('rising'), RISING_MS);
}

/**
 * A click counts when its press began here, of which none does while the element takes none; that of a key
 * has no press.
 * @param {Guarded} element
 */
function guard(element) {
  element.addEventListener(
    'pointerdown',
    () => {
      element.hasPress_ = true;
    },
    true,
  );
  element.addEventListener(
    'click',
    (event) => {
      if (event.detail === 0 || element.hasPress_) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

/**
 * Wires what opens sheets, and how they close: by a press beside them that began beside them, by Escape, by
 * their own button.
 */
export function wireSheets() {
  document.addEventListener('click', (event) => {
    const opener = /** @type {HTMLElement | null} */ (
      /** @type {Partial<Element>} */ (event.target).closest?.('[data-sheet]') ?? null
    );
    const sheet = opener && document.getElementById(opener.dataset.sheet ?? '');
    if (!sheet) return;
    event.preventDefault();
    openSheet(sheet);
    // The part of it that was asked for.
    const { part } = opener.dataset;
    if (part) sheet.querySelector(`[name=${part}]`)?.closest('form')?.scrollIntoView({ block: 'center' });
  });
  for (const sheet of all('dialog.sheet')) wireSheet(/** @type {HTMLDialogElement} */ (sheet));
}

/** How one closes. @param {HTMLDialogElement} sheet */
export function wireSheet(sheet) {
  const rising = () => sheet.classList.contains('rising');
  let pressedBeside = false;
  sheet.tabIndex = -1;
  sheet.addEventListener('pointerdown', (event) => (pressedBeside = !rising() && isBeside(sheet, event)));
  sheet.addEventListener('click', (event) => pressedBeside && isBeside(sheet, event) && sheet.close());
  sheet.addEventListener('close', () => (pressedBeside = false));
  // What lies beneath has keys of its own.
  sheet.addEventListener('keydown', (event) => event.stopPropagation());
  sheet.addEventListener(
    'keydown',
    (event) => PRESSES.includes(event.key) && (event.repeat || rising()) && event.preventDefault(),
    true,
  );
}

/**
 * The ground around a sheet belongs to it; so does the margin inside, which is no ground.
 * @param {Element} sheet @param {MouseEvent} event
 */
function isBeside(sheet, { target, clientX, clientY }) {
  const { left, right, top, bottom } = sheet.getBoundingClientRect();
  return target === sheet && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}
