import { amountOf, stakeOf } from '../board/figures.js';

const HEAD_LENGTH = 3;

/** The state of a bet on its cell until the server draws it: pending, unknown, refused; and placed, when the answer was quicker than the partial. */
export function showBadge(cell, state, stake, multiplier) {
  const badge = document.createElement('span');
  badge.className = `bet ${state}`;
  const head = document.createElement('b');
  const small = document.createElement('small');
  head.textContent = stakeOf(stake);
  head.classList.toggle('long', head.textContent.length > HEAD_LENGTH);
  small.textContent = state === 'pending' ? '…' : state === 'unknown' ? '?' : state === 'refused' ? 'not placed' : `${amountOf(multiplier)}×`;
  badge.append(head, ' ', small);
  cell.replaceChildren(badge);
}

/** What this page drew itself and the server has not drawn over. */
export const isOwnBadge = (cell) => {
  const badge = cell.querySelector('.bet');
  return badge !== null && !badge.dataset.bet;
};

/** A refunded bet leaves its cell free. */
export const isTaken = (cell) => cell.querySelector('.bet:not(.void)') !== null;

export function clearBadge(cell, cells) {
  cell.replaceChildren();
  cells.paint(cell);
}
