const BAR_WIDTH = 30;
const REDRAW_MS = 200;
/** Without a terminal a line comes at every tenth. */
const LINES = 10;

/**
 * How far one stage of the work is: a bar that redraws itself on a terminal, plain lines elsewhere. Writes to
 * `out` only.
 */
export class Progress {
  readonly #startedAt = performance.now();
  #drawnAt = -Infinity;
  #tenth = 0;

  constructor(
    private readonly stage: string,
    private readonly out: { readonly isTTY?: boolean; write(text: string): unknown },
  ) {}

  /** @param part done, 0 to 1; @param detail what else to tell. */
  update(part: number, detail = ''): void {
    const share = Math.min(1, part);
    const now = performance.now();
    if (this.out.isTTY) {
      if (now - this.#drawnAt < REDRAW_MS) return;
      this.#drawnAt = now;
      const filled = Math.round(share * BAR_WIDTH);
      this.out.write(
        `\r\x1b[K${this.stage} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ` +
          `${Math.floor(share * 100)} % ${detail}${this.#left(share, now)}`,
      );
    } else if (Math.floor(share * LINES) > this.#tenth) {
      this.#tenth = Math.floor(share * LINES);
      this.out.write(`${this.stage}: ${Math.floor(share * 100)} % ${detail}\n`);
    }
  }

  end(): void {
    if (this.out.isTTY) this.out.write('\r\x1b[K');
  }

  #left(share: number, now: number): string {
    const seconds = ((now - this.#startedAt) / 1000) * (1 / share - 1);
    return share > 0.02
      ? `, ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`
      : '';
  }
}
