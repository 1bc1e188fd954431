import { setting } from '../session/settings.js';
import { share } from './share.js';
import { offerSound, tone } from './tone.js';

/**
 * What a result does besides its place on the board: a soft tone on a win when sound is on, and a word for
 * those who listen. Results in a snapshot that were not announced yet came while this page slept or was
 * offline: they are announced in one sentence.
 * @param {(text: string) => void} say
 * @param {(text: string, near: Element | null, act?: () => void) => void} tell
 */
export function watchResults(say, tell) {
  const list = document.getElementById('result-list');
  if (!list) return;
  let known = new Set([...list.children].map(receiptOf));
  new MutationObserver((records) => {
    /** @type {Element[]} */
    const missed = [];
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof Element)) continue;
      if (node.classList.contains('fresh')) hear(node, say, tell);
      else if (!known.has(receiptOf(node))) missed.push(node);
    }
    while (list.children.length > RESULTS_KEPT) list.lastElementChild?.remove();
    known = new Set([...list.children].map(receiptOf));
    if (missed.length > 0) tell(awayWords(missed), null);
  }).observe(list, { childList: true });
}

/**
 * The name of the board of a result, where the page shows another one; empty where its cell is in sight.
 * @param {HTMLElement} item
 */
function elsewhere({ dataset }) {
  if (dataset.window === document.getElementById('grid')?.dataset.window) return '';
  const name = document.querySelector(`#boards [data-window="${dataset.window}"] b`);
  return name?.textContent?.toLowerCase() ?? '';
}

/** @param {Element} item */
const receiptOf = (item) => item.querySelector('a[href^="/bets/"]')?.getAttribute('href');

/**
 * "While you were away: 1 won, 2 lost." What is older than the list is in the history.
 * @param {Element[]} missed
 */
function awayWords(missed) {
  const counted = Object.entries({ won: 'won', lost: 'lost', void: 'refunded' })
    .map(([status, word]) => ({
      count: missed.filter((item) => item.classList.contains(status)).length,
      word,
    }))
    .filter(({ count }) => count > 0)
    .map(({ count, word }) => `${count} ${word}`);
  return (
    'While you were away: ' +
    `${counted.join(', ')}.${missed.length >= RESULTS_KEPT ? ' Older ones are in your history.' : ''}`
  );
}

const RESULTS_KEPT = 8;

/**
 * @param {Element} item @param {(text: string) => void} say
 * @param {(text: string, near: Element | null, act?: () => void) => void} tell
 */
function hear(item, say, tell) {
  const won = item.classList.contains('won');
  const what = item.firstElementChild;
  const came = item.querySelector('.money');
  const board = elsewhere(/** @type {HTMLElement} */ (item));
  say(
    `${won ? 'Won' : item.classList.contains('void') ? 'Stake back' : 'Lost'}: ` +
      `${what?.textContent}, ${came?.textContent}${board && ` on the ${board} board`}`,
  );
  if (!won) return;
  if (board) tell(`You won ${came?.textContent} on the ${board} board.`, null);
  document.getElementById('net')?.classList.add('bump');
  setTimeout(() => document.getElementById('net')?.classList.remove('bump'), 600);
  tone();
  if (setting('vibration')) navigator.vibrate?.([20, 40, 40]);
  const link = item.matches('.huge') && item.querySelector('[data-share]');
  if (link instanceof HTMLAnchorElement)
    tell(`${came?.textContent} in one hit! Tap here to share it.`, null, () => void share(link, tell));
  offerSound(tell);
}
