import { all } from './element.js';

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @param {Date} at */
const second = (at) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
/** @param {Date} at */
const day = (at) => `${at.getDate()} ${MONTHS[at.getMonth()]}`;
/** @param {Date} at */
const year = (at) => `${day(at)} ${at.getFullYear()}`;

/** @param {Date} at */
const minute = (at) => `${year(at)}, ${second(at).slice(0, 5)}`;

/** As `views/moment.tsx` writes them in UTC. @type {Readonly<Record<string, (at: Date) => string>>} */
const FORMS = {
  tenth: (at) => `${second(at)}.${Math.floor(at.getMilliseconds() / 100)}`,
  second,
  hour: (at) => second(at).slice(0, 5),
  near: (at) => `${day(at)}, ${second(at).slice(0, 5)}`,
  day: (at) => `${day(at)}, ${second(at)}`,
  minute,
  full: (at) => `${year(at)}, ${second(at)}`,
};
const MOMENTS = '[data-as]';
/** Where more of them may come while the page stands. */
const PLACES = '#banners, #rail, #account, main.page';

/** `CET`, `GMT+5:30`: the zone of that time, which summer changes. @param {Date} at */
const zoneAt = (at) =>
  new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')
    ?.value.replace('-', '−') ?? '';

/**
 * @param {HTMLElement} element whose time (`datetime`, in a picture `data-at`) is written out, with its zone
 * unless that stands beside it
 */
export function writeMoment(element) {
  const at = new Date(element.dataset.at ?? element.getAttribute('datetime') ?? '');
  const form = FORMS[element.dataset.as ?? ''];
  if (form && !Number.isNaN(at.getTime()))
    element.textContent = form(at) + (element.dataset.bare ? '' : ` ${zoneAt(at)}`);
}

/**
 * A sentence of the server, whose times are like `2026-12-01 12:04 UTC`, with the times of this device.
 * @param {string} text
 */
export const withLocalTimes = (text) =>
  text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (_, date, time) =>
    ((at) => `${minute(at)} ${zoneAt(at)}`)(new Date(`${date}T${time}Z`)),
  );

/** Those within. @param {ParentNode} root */
export const writeMoments = (root) => all(MOMENTS, root).forEach(writeMoment);

/** `12:04:31.4` of this device. @param {number} at UTC epoch ms */
export const tenthOf = (at) => FORMS.tenth?.(new Date(at)) ?? '';

/** Writes the times of the page in the zone of this device, and those that come later. */
export function showLocalTimes() {
  for (const zone of document.querySelectorAll('[data-zone]'))
    zone.textContent = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'your time';
  writeMoments(document);
  const watcher = new MutationObserver((changes) => {
    // One in a picture is an element of SVG, which has a dataset as well.
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof Element)
          [/** @type {HTMLElement} */ (node), ...all(MOMENTS, node)]
            .filter((one) => one.matches(MOMENTS))
            .forEach(writeMoment);
  });
  for (const place of document.querySelectorAll(PLACES))
    watcher.observe(place, { childList: true, subtree: true });
}
