/**
 * What a start has opened so far. All of it is closed in reverse order, each part once its successors are,
 * whether the start has come to its end or failed half way.
 */
export class Opened {
  readonly #stack = new AsyncDisposableStack();
  #closed: Promise<void> | undefined;

  /** @param watch told when a part is opened and before it is closed. */
  constructor(private readonly watch: (what: 'opened' | 'closing', part: string) => void = () => {}) {}

  /**
   * Takes a part over before it can fail.
   * @param close called once; what it returns is waited for.
   */
  add<Part>(name: string, part: Part, close: (part: Part) => unknown): Part {
    this.#stack.adopt(part, async () => {
      this.watch('closing', name);
      await close(part);
    });
    this.watch('opened', name);
    return part;
  }

  /**
   * Closes what is open; all of it, also when a part cannot be closed.
   * @throws Error of the part that could not, or a SuppressedError of several.
   */
  close(): Promise<void> {
    return (this.#closed ??= this.#stack.disposeAsync());
  }
}
