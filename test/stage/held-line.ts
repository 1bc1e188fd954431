import { connect, createServer, type Socket } from 'node:net';

/**
 * A line that can die without a word: a TCP relay that goes on holding its connections, and taking new ones,
 * but forwards nothing any more — in both directions or in one. That is what a lost radio link, a full table
 * of a router or a phone that changes its network look like.
 */
export class HeldLine {
  #up = true;
  #down = true;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #server = createServer({ pauseOnConnect: true }, (client) => this.#relay(client));

  private constructor(private readonly target: number) {}

  /** @param target port on this machine */
  static async to(target: number): Promise<HeldLine> {
    const line = new HeldLine(target);
    await new Promise<void>((ready) => line.#server.listen(0, '127.0.0.1', ready));
    return line;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Connections that stand. */
  get size(): number {
    return this.#pairs.size;
  }

  /** @param up from client to server  @param down from server to client */
  hold({ up = false, down = false }: { readonly up?: boolean; readonly down?: boolean } = {}): void {
    this.#up = up;
    this.#down = down;
  }

  /**
   * New connections work again; those that were held stay dead, as they do when a router has forgotten them.
   */
  release(): void {
    this.#up = this.#down = true;
    for (const [client, server] of this.#pairs) {
      client.removeAllListeners('data');
      server.removeAllListeners('data');
    }
  }

  close(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#server.close();
  }

  #relay(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    client.on('data', (bytes) => this.#up && server.write(bytes));
    server.on('data', (bytes) => this.#down && client.write(bytes));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    client.resume();
  }
}
