import { connect, createServer, type Socket } from 'node:net';

const LATE_MS = 400;

/**
 * A relay to a house on which the style sheet comes after everything else, as it may over the air: what
 * a page reads of its layout before that is wrong.
 */
export class LateSheet {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#relay(client));

  private constructor(private readonly target: number) {}

  /** @param target port on this machine */
  static async to(target: number): Promise<LateSheet> {
    const line = new LateSheet(target);
    await new Promise<void>((ready) => line.#server.listen(0, '127.0.0.1', ready));
    return line;
  }

  get origin(): string {
    return `http://localhost:${(this.#server.address() as { port: number }).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #relay(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    client.on('data', (bytes) => {
      if (!bytes.includes('/app.css')) return server.write(bytes);
      client.pause();
      setTimeout(() => (server.write(bytes), client.resume()), LATE_MS);
    });
    server.on('data', (bytes) => client.write(bytes));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
