import { amountOf, stakeOf } from '../board/figures.js';

const HEAD_LENGTH = 3;

/**
 * The state of a bet on its cell until the server draws it: pending, unknown, refused; and placed, when the
 * answer was quicker than the partial.
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
          : `${amountOf(multiplier)}×`,
  );
  draw(cell, state, stakeOf(stake), foot);
}

/**
 * A tap that was refused because its multiplier had moved: from what was tapped to what there is. The
 * server's view `MultiplierChange` does the same.
 */
export function showMoved(cell, from, to) {
  const way = to > from ? 'up' : 'down';
  const after = element('span', element('span', `${way} to `), amountOf(to));
  after.className = to > from ? 'higher' : 'lower';
  after.firstChild.className = 'unseen';
  const foot = element('small', element('i', amountOf(from)), ' ', after);
  foot.className = 'change';
  draw(cell, 'refused', 'moved', foot);
}

function draw(cell, state, text, foot) {
  const head = element('b', text);
  head.classList.toggle('long', text.length > HEAD_LENGTH);
  const badge = element('span', head, ' ', foot);
  badge.className = `bet ${state}`;
  cell.replaceChildren(badge);
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
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
