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
