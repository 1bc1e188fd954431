import { play } from './bet/player.js';
import { besides } from './page/on-demand.js';
import { writeMoments } from './page/moments.js';
import { timeoutAfter } from './page/timeout.js';
import { openSheet, wireSheet } from './session/sheet.js';

const FETCH_MS_MAX = 10_000;

/**
 * Shows the path of a bet in a sheet over the page, as the server draws it.
 * @param {string} betId
 */
export async function watch(betId) {
  const sheet = sheetOfPage();
  const content = /** @type {HTMLElement} */ (sheet.lastElementChild);
  content.replaceChildren(paragraph('Fetching the prices …'));
  openSheet(sheet);
  await Promise.all([styled(), partOf(betId).then((part) => show(content, part, betId))]);
  const player = /** @type {HTMLElement | null} */ (content.querySelector('[data-player]'));
  if (player && sheet.open) play(player, { begin: true });
}

/**
 * @param {HTMLElement} content @param {string | null} part HTML of the server, or null
 * @param {string} betId
 */
function show(content, part, betId) {
  if (part !== null) {
    content.innerHTML = part;
    writeMoments(content);
    return;
  }
  const again = document.createElement('button');
  again.className = 'button plain';
  again.textContent = 'Try again';
  again.addEventListener('click', () => watch(betId));
  content.replaceChildren(paragraph('The prices could not be fetched.'), again);
}

/**
 * @param {string} betId
 * @returns {Promise<string | null>} null where the server does not answer with a part
 */
async function partOf(betId) {
  try {
    const url = `/bets/${encodeURIComponent(betId)}/watch`;
    const answer = await fetch(url, { signal: timeoutAfter(FETCH_MS_MAX) });
    const isPart = answer.ok || answer.status === 404 || answer.status === 409;
    return isPart && answer.headers.get('content-type')?.startsWith('text/html') ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
function paragraph(text) {
  const line = document.createElement('p');
  line.setAttribute('role', 'status');
  line.textContent = text;
  return line;
}

/** @type {HTMLDialogElement | null} */
let made = null;

function sheetOfPage() {
  if (made) return made;
  made = document.createElement('dialog');
  made.className = 'sheet watch';
  made.setAttribute('aria-label', 'Watch it again');
  const form = document.createElement('form');
  form.method = 'dialog';
  const close = document.createElement('button');
  close.className = 'close';
  close.setAttribute('aria-label', 'Close');
  close.textContent = '×';
  form.append(close);
  made.append(form, document.createElement('div'));
  document.body.append(made);
  wireSheet(made);
  return made;
}

/** The style sheet of receipts, once. @returns {Promise<unknown>} */
function styled() {
  const href = besides('receipt.css');
  if (document.querySelector(`link[href="${new URL(href).pathname}"], link[href="${href}"]`))
    return Promise.resolve();
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
  document.head.append(link);
  return loaded;
}
