import { amountOf, stakeOf } from '../board/figures.js';

const HEAD_LENGTH = 3;

/**
 * The state of a bet on its cell until the server draws it: pending, unknown, refused; and placed, when the
 * answer was quicker than the partial.
 * @param {Element} cell @param {'pending' | 'unknown' | 'refused' | 'placed'} state @param {number} stake
 * @param {number} [multiplier] of one that is placed
 */
export function showBadge(cell, state, stake, multiplier) {
  const foot = element(
    'small',
    state === 'pending'
      ? '…'
      : state === 'unknown'
        ? '?'
        : state === 'refused'
          ? 'not placed'
          : `${amountOf(multiplier ?? 0)}×`,
  );
  draw(cell, state, stakeOf(stake), foot);
}

/**
 * A tap that was refused because its multiplier had moved: from what was tapped to what there is. The
 * server's view `MultiplierChange` does the same.
 * @param {Element} cell @param {number} from @param {number} to
 */
export function showMoved(cell, from, to) {
  const direction = to > from ? 'up' : 'down';
  const unseen = element('span', `${direction} to `);
  unseen.className = 'unseen';
  const after = element('span', unseen, amountOf(to));
  after.className = to > from ? 'higher' : 'lower';
  const foot = element('small', element('i', amountOf(from)), ' ', after);
  foot.className = 'change';
  draw(cell, 'refused', 'moved', foot);
}

/** @param {Element} cell @param {string} state @param {string} text @param {HTMLElement} foot */
function draw(cell, state, text, foot) {
  const head = element('b', text);
  head.classList.toggle('long', text.length > HEAD_LENGTH);
  const badge = element('span', head, ' ', foot);
  badge.className = `bet ${state}`;
  cell.replaceChildren(badge);
}

/** @param {string} name @param {(string | Node)[]} content */
function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** What this page drew itself and the server has not drawn over. @param {Element} cell */
export const isOwnBadge = (cell) => {
  const badge = /** @type {HTMLElement | null} */ (cell.querySelector('.bet'));
  return badge !== null && !badge.dataset.bet;
};

/** A refunded bet leaves its cell free. @param {Element} cell */
export const isTaken = (cell) => cell.querySelector('.bet:not(.void)') !== null;

/** @param {Element} cell @param {import('../board/cells.js').Cells} cells */
export function clearBadge(cell, cells) {
  cell.replaceChildren();
  cells.paint(/** @type {import('../board/cells.js').Cell} */ (cell));
}
