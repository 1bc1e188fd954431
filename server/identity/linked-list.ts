/** What stands in a {@link LinkedList}. */
export interface Linked<Entry> {
  older: Entry | null;
  newer: Entry | null;
}

/**
 * Entries in the order in which they were put last. Each of them knows its neighbours, so every call costs
 * the same however many there are.
 */
export class LinkedList<Entry extends Linked<Entry>> {
  #oldest: Entry | null = null;
  #newest: Entry | null = null;

  /** Null when there is none. */
  get oldest(): Entry | null {
    return this.#oldest;
  }

  /** Puts one in that is not there. */
  link(entry: Entry): void {
    entry.older = this.#newest;
    entry.newer = null;
    if (this.#newest === null) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  /** Takes one out that is there. */
  unlink({ older, newer }: Entry): void {
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
  }
}
