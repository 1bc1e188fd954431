import type { Socket } from 'bun';
import type { SignedTaps } from '../../server/game/tap.ts';
import { answerOf, type Lane, type Shot } from './lane.ts';
import type { Trader } from './trader.ts';

/**
 * HTTP/1.1 over plain sockets that stay open, one request under way on each: `fetch` would cost the generator
 * several times what the server spends on the same request, and both share the machine.
 */
export class HttpLane implements Lane {
  readonly depth = 1;
  readonly #connections: Connection[] = [];

  private constructor(private readonly host: string) {}

  static async open(origin: string, seats: number): Promise<HttpLane> {
    const { hostname, port, host } = new URL(origin);
    const lane = new HttpLane(host);
    await Promise.all(
      Array.from({ length: seats }, async () =>
        lane.#connections.push(await Connection.open(hostname, Number(port))),
      ),
    );
    return lane;
  }

  get seats(): number {
    return this.#connections.length;
  }

  payloadOf(order: SignedTaps, { token }: Trader): string {
    const body = JSON.stringify(order);
    return (
      `POST /api/v1/taps HTTP/1.1\r\nHost: ${this.host}\r\nAuthorization: ` +
      `Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    );
  }

  send(shot: Shot): void {
    this.#connections[shot.seat]!.send(shot);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

class Connection {
  #socket!: Socket;
  #shot: Shot | null = null;
  #received = '';

  static async open(hostname: string, port: number): Promise<Connection> {
    const connection = new Connection();
    connection.#socket = await Bun.connect({
      hostname,
      port,
      socket: {
        open: (socket) => void socket.setNoDelay(true),
        data: (_, data) => connection.#read(data.toString('latin1')),
        close: () => connection.#lost(),
        error: () => connection.#lost(),
      },
    });
    return connection;
  }

  /** @throws Error when the kernel takes only a part: an order is far smaller than its buffer. */
  send(shot: Shot): void {
    this.#shot = shot;
    if (this.#socket.write(shot.payload) !== shot.payload.length)
      throw new Error('the socket took only a part of an order');
  }

  close(): void {
    this.#socket.end();
  }

  #read(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head === -1) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#received.slice(0, head))?.[1] ?? NaN);
    if (Number.isNaN(length)) throw new Error(`an answer without a length: ${this.#received.slice(0, head)}`);
    const body = this.#received.slice(head + 4);
    if (body.length < length) return;
    this.#received = '';
    this.#answer(answerOf(JSON.parse(body)));
  }

  #lost(): void {
    this.#answer({ accepted: 0, refused: ['connection lost'] });
  }

  #answer(answer: Parameters<Shot['heard']>[0]): void {
    const shot = this.#shot;
    this.#shot = null;
    shot?.heard(answer);
  }
}
