import { byId } from '../page/element.js';

/** For a glance, and long enough to read it. */
const SHOWN_MS_MIN = 2600;
const READING_MS_PER_CHARACTER = 60;
const EDGE_PX = 8;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let hiding;

/**
 * A sentence for the eye, and for those who listen. A press on it takes it away, and nothing beneath is
 * pressed. Beside the board it lies on the strip above it, so that no cell is covered; in a sheet it lies in
 * the sheet, which covers all else; on other pages beside `near`, an element or null.
 * @param {string} text @param {Element | null | undefined} near
 * @param {() => void} [act] what a press on it does besides
 */
export function tell(text, near, act) {
  say(text);
  const toast = byId('toast');
  toast.onclick = () => {
    hide();
    act?.();
  };
  toast.textContent = text;
  toast.hidden = false;
  const sheet = openSheet();
  if (toast.parentElement !== (sheet ?? document.body)) (sheet ?? document.body).append(toast);
  toast.style.transform = sheet ? '' : placeOf(toast, near);
  clearTimeout(hiding);
  hiding = setTimeout(hide, Math.max(SHOWN_MS_MIN, text.length * READING_MS_PER_CHARACTER));
}

/** Sentences that can still be read again. */
const SAID_MAX = 12;

/**
 * For screen readers alone, who hear nothing from behind a sheet. Each sentence is a node of its own, so that
 * several are heard one after another, and the same one twice. @param {string} text
 */
export function say(text) {
  const said = byId('said');
  const place = openSheet() ?? document.body;
  if (said.parentElement !== place) {
    said.replaceChildren();
    place.append(said);
  }
  const sentence = document.createElement('span');
  sentence.textContent = `${text} `;
  said.append(sentence);
  while (said.children.length > SAID_MAX) said.firstElementChild?.remove();
}

const openSheet = () => document.querySelector('dialog[open]');

const hide = () => {
  byId('toast').hidden = true;
};

/** @param {HTMLElement} toast @param {Element | null | undefined} near */
function placeOf(toast, near) {
  const { width, height } = toast.getBoundingClientRect();
  const [board, strip] = ['.board', '.live > .head'].map((place) =>
    document.querySelector(place)?.getBoundingClientRect(),
  );
  const box = (strip ? board : near?.getBoundingClientRect()) ?? {
    left: innerWidth / 2,
    width: 0,
    top: innerHeight * 0.7,
    bottom: innerHeight * 0.7,
  };
  const left = Math.max(
    EDGE_PX,
    Math.min(innerWidth - width - EDGE_PX, box.left + box.width / 2 - width / 2),
  );
  const above = box.top - height - EDGE_PX;
  const top = strip
    ? Math.max(EDGE_PX, strip.bottom - height - 2)
    : above > 56
      ? above
      : box.bottom + EDGE_PX;
  return `translate(${Math.round(left)}px,${Math.round(top)}px)`;
}
