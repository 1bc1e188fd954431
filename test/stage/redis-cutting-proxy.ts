import type { Socket, TCPSocketListener } from 'bun';

interface Pair {
  up: Socket<Pair> | null;
  readonly down: Socket<Pair>;
  readonly early: Uint8Array[];
  isDead: boolean;
}

/**
 * A line to another port of this machine that a test can cut in the middle of an answer, or hold without
 * closing it.
 */
export class CuttingProxy {
  readonly #listener: TCPSocketListener<Pair>;
  readonly #pairs = new Set<Pair>();
  #bytesLeft = Infinity;
  #refusing = false;
  /** Lines that were cut. */
  cuts = 0;

  constructor(target: number) {
    this.#listener = Bun.listen<Pair>({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        open: (down) => {
          if (this.#refusing) return void down.terminate();
          const pair: Pair = { up: null, down, early: [], isDead: false };
          down.data = pair;
          this.#pairs.add(pair);
          void Bun.connect<Pair>({
            hostname: '127.0.0.1',
            port: target,
            socket: {
              open: (up) => {
                pair.up = up;
                for (const bytes of pair.early.splice(0)) up.write(bytes);
              },
              data: (_, bytes) => this.#answer(pair, bytes),
              close: () => this.#cut(pair),
            },
          }).catch(() => this.#cut(pair));
        },
        data: (down, bytes) => {
          const pair = down.data;
          if (pair?.isDead) return;
          if (pair?.up) pair.up.write(bytes);
          else pair?.early.push(bytes.slice());
        },
        close: (down) => {
          if (down.data) this.#cut(down.data);
        },
      },
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#listener.port}`;
  }

  /** Lets so many bytes of answers through, then cuts the line that the next one is for. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** Cuts all lines, and lets none in while `refusing`. */
  cutAll(refusing = false): void {
    this.#refusing = refusing;
    for (const pair of [...this.#pairs]) this.#cut(pair);
  }

  /**
   * The lines that are there stand for ever and carry nothing, as when a firewall forgot them; new ones are
   * as good as any.
   */
  forgetLines(): void {
    for (const pair of this.#pairs) pair.isDead = true;
  }

  stop(): void {
    this.cutAll(true);
    this.#listener.stop(true);
  }

  #answer(pair: Pair, bytes: Uint8Array): void {
    if (pair.isDead) return;
    if (bytes.length <= this.#bytesLeft) {
      this.#bytesLeft -= bytes.length;
      pair.down.write(bytes);
      return;
    }
    pair.down.write(bytes.subarray(0, this.#bytesLeft));
    pair.down.flush();
    this.#bytesLeft = Infinity;
    this.#cut(pair);
  }

  #cut(pair: Pair): void {
    if (!this.#pairs.delete(pair)) return;
    this.cuts++;
    pair.down.end();
    pair.up?.terminate();
  }
}
