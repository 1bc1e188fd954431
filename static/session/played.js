import { byId, within } from '../page/element.js';
import { openSheet } from './sheet.js';

const KEY = 'tapgrid-reminded';
const LOOK_MS = 5_000;
const MINUTE_MS = 60_000;

/** `0 min`, `1 h`, `1 h 20 min`, as `views/clock.ts` writes it. @param {number} ms */
export function playedText(ms) {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ');
}

/**
 * Keeps the time played true beside the result of the session, and opens the reminder as often as the trader
 * asked for.
 */
export function watchPlay() {
  const { session, played } = document.body.dataset;
  if (!session || played === undefined) return;
  const began = Date.now() - Number(played);
  const look = () => {
    const ms = Date.now() - began;
    for (const place of document.querySelectorAll('[data-played]:not(body)'))
      if (place.textContent !== playedText(ms)) place.textContent = playedText(ms);
    remind(session, ms);
  };
  document.querySelector('#reminder [data-close]')?.addEventListener('click', () => reminder().close());
  look();
  setInterval(look, LOOK_MS);
}

const reminder = () => /** @type {HTMLDialogElement} */ (byId('reminder'));

/** @param {string} session @param {number} ms */
function remind(session, ms) {
  // The forms say what is saved, also when that was just now.
  const chosen = document.querySelector('[name=reminderMinutes] option[selected]');
  const saved = /** @type {HTMLOptionElement | null} */ (chosen)?.value;
  if (!saved) return;
  const due = Math.floor(ms / (Number(saved) * MINUTE_MS));
  if (due <= reminded(session, saved)) return;
  note(session, saved, due);
  const net = document.querySelector('#net b');
  const sheet = reminder();
  if (net) within(sheet, '[data-net]').textContent = net.textContent;
  openSheet(sheet);
}

/**
 * How often this session was reminded at that interval, on any of its pages.
 * @param {string} session @param {string} minutes
 */
function reminded(session, minutes) {
  try {
    const [of, every, times] = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return of === session && every === minutes ? times : 0;
  } catch {
    return shown;
  }
}

let shown = 0;
/** @param {string} session @param {string} minutes @param {number} times */
function note(session, minutes, times) {
  shown = times;
  try {
    localStorage.setItem(KEY, JSON.stringify([session, minutes, times]));
  } catch {
    // Without storage each page reminds once more.
  }
}
