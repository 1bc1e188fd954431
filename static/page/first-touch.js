/**
 * Once a hand comes near, or after a while.
 * @param {HTMLElement} place @param {number} ms @returns {Promise<void>}
 */
export const firstTouch = (place, ms) =>
  new Promise((touched) => {
    const kinds = /** @type {const} */ (['pointerdown', 'wheel', 'focusin']);
    for (const kind of kinds) place.addEventListener(kind, () => touched(), { once: true, passive: true });
    setTimeout(touched, ms);
  });
