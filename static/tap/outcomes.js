/**
 * Answers to several orders come in one go after a reconnect, and one sentence would cover the one before.
 */
const GATHERED_MS = 400;

/**
 * The outcome of taps that were unknown for a while: one is announced by itself, several in one sentence.
 */
export class Outcomes {
  /** @type {{ kind: 'placed' | 'refused' | 'unknown', text: string, element: Element }[]} */
  #gathered = [];

  /** @param {(text: string, near: Element | null) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  /**
   * @param {'placed' | 'refused' | 'unknown'} kind
   * @param {string} text the sentence for it alone @param {Element} element
   */
  add(kind, text, element) {
    if (this.#gathered.push({ kind, text, element }) === 1) setTimeout(() => this.#flush(), GATHERED_MS);
  }

  #flush() {
    const all = this.#gathered;
    this.#gathered = [];
    const [only] = all;
    if (only && all.length === 1) return this.tell(only.text, only.element.isConnected ? only.element : null);
    const [placed, refused, unknown] = ['placed', 'refused', 'unknown'].map(
      (kind) => all.filter((one) => one.kind === kind).length,
    );
    const parts = [
      placed && `${placed} went through`,
      refused && `${refused} did not, and nothing was deducted for ${refused === 1 ? 'it' : 'them'}`,
      unknown && `your history shows whether ${unknown} ${unknown === 1 ? 'was' : 'were'} placed`,
    ];
    this.tell(`Of ${all.length} taps ${parts.filter(Boolean).join('; ')}.`, null);
  }
}
