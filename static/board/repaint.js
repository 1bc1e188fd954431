/**
 * One repaint for all that came since the last one. None happens while the page is hidden: what is to be
 * shown then is what came last.
 */
export class Repaint {
  /** Nothing is painted before the start. */
  #asked = true;

  /** @param {() => void} paint writes to the document; it reads no layout */
  constructor(paint) {
    this.paint = paint;
  }

  start() {
    this.#asked = false;
    this.ask();
  }

  ask() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.paint();
    });
  }
}

/**
 * Writes a text where it is another than before, without a new node.
 * @param {Element} element @param {string} text
 */
export function write(element, text) {
  const node = /** @type {Text | null} */ (element.firstChild);
  if (node === null) text && element.append(text);
  else if (node.data !== text) node.data = text;
}
