/**
 * An element that the server renders on every page that asks for it; where it may be missing, ask
 * `document.getElementById`.
 * @param {string} id
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The first such element, which is there. @param {ParentNode} root @param {string} selector */
export const within = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/** All such elements. @param {string} selector @param {ParentNode} [root] */
export const all = (selector, root = document) =>
  /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector));

/**
 * Writes an attribute, or takes it away. Firefox of before 2024 does not know `ariaLabel` and its like, and
 * would keep them to itself.
 * @param {Element} element @param {string} name @param {string | null} value
 */
export function attribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * @param {HTMLElement} place
 * @param {(element: HTMLElement) => void} take called with each element that comes
 */
export function watchAdded(place, take) {
  const look = (/** @type {MutationRecord[]} */ records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node instanceof HTMLElement) take(node);
  };
  new MutationObserver(look).observe(place, { childList: true });
}
