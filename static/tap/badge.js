import { amountOf, stakeOf } from '../board/figures.js';

const HEAD_LENGTH = 3;
const LONG_LENGTH = 5;

/**
 * The state of a bet on its cell until the server draws it: pending, unknown, refused; and placed, when the
 * answer was quicker than the partial.
 * @param {Element} cell @param {'pending' | 'unknown' | 'refused' | 'placed'} state @param {number} stake
 * @param {number} [multiplier] of one that is placed @param {number} [bets] how many
 */
export function showBadge(cell, state, stake, multiplier, bets = 1) {
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
  draw(cell, state, stakeOf(stake), foot, bets);
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

/**
 * @param {Element} cell @param {string} state @param {string} text @param {HTMLElement} foot
 * @param {number} [bets]
 */
function draw(cell, state, text, foot, bets = 1) {
  const head = element('b', text);
  const { length } = text;
  if (length > HEAD_LENGTH) head.className = length > LONG_LENGTH ? 'longer' : 'long';
  const badge = element('span', head, ' ', foot);
  badge.className = `bet ${state}`;
  if (bets > 1) {
    const count = element('small', `×${bets}`);
    count.className = 'tally';
    badge.append(' ', count);
    badge.classList.add('stacked');
  }
  // What is there already goes on pulsing.
  if (!cell.firstElementChild?.isEqualNode(badge)) cell.replaceChildren(badge);
}

/** @param {string} name @param {(string | Node)[]} content */
function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** What this page drew itself and the server has not drawn over. @param {Element} cell */
export const ownBadge = (cell) => cell.querySelector('.bet:not([data-bet])');

/** What the server drew. @param {Element} cell @returns {HTMLElement | null} */
export const serverBadge = (cell) => cell.querySelector('.bet[data-bet]');

/** @param {Element} cell @param {import('../board/cells.js').Cells} cells */
export function clearBadge(cell, cells) {
  cell.replaceChildren();
  cells.paint(/** @type {import('../board/cells.js').Cell} */ (cell));
}
