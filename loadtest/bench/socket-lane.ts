import type { SignedTaps } from '../../server/game/tap.ts';
import { answerOf, type Lane, type Shot } from './lane.ts';
import type { Trader } from './trader.ts';

/** Orders that a socket may have under way at once; the server takes some more. */
const DEPTH = 8;

/** The JSON socket of the API, one for each trader. */
export class SocketLane implements Lane {
  readonly depth = DEPTH;
  readonly #sockets: WebSocket[] = [];
  readonly #waiting = new Map<string, Shot>();

  static async open(origin: string, traders: readonly Trader[]): Promise<SocketLane> {
    const lane = new SocketLane();
    for (const trader of traders) lane.#sockets.push(await lane.#connect(origin, trader));
    return lane;
  }

  get seats(): number {
    return this.#sockets.length;
  }

  payloadOf(order: SignedTaps): string {
    return JSON.stringify({ type: 'taps', ...order });
  }

  send(shot: Shot): void {
    this.#waiting.set(nonceOf(shot.payload), shot);
    this.#sockets[shot.seat]!.send(shot.payload);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #connect(origin: string, trader: Trader): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/stream`, {
        headers: { authorization: `Bearer ${trader.token}` },
      } as never);
      socket.onopen = () => resolve(socket);
      socket.onerror = () => reject(new Error('no socket'));
      socket.onclose = ({ code }) =>
        this.#waiting.forEach((shot, nonce) => this.#lost(socket, shot, nonce, code));
      socket.onmessage = ({ data }) => this.#read(data as string);
    });
  }

  #lost(socket: WebSocket, shot: Shot, nonce: string, code: number): void {
    if (this.#sockets[shot.seat] !== socket) return;
    this.#waiting.delete(nonce);
    shot.heard({ accepted: 0, refused: [`closed ${code}`] });
  }

  /** Ticks and grids come on the same socket and are passed over unread. */
  #read(data: string): void {
    if (!data.startsWith(ANSWER)) return;
    const answer = JSON.parse(data) as Parameters<typeof answerOf>[0] & { nonce: string };
    const shot = this.#waiting.get(answer.nonce);
    if (shot === undefined) return;
    this.#waiting.delete(answer.nonce);
    shot.heard(answerOf(answer));
  }
}

const ANSWER = '{"type":"answer"';
const NONCE_AT = '{"type":"taps","nonce":"'.length;
const NONCE_LENGTH = 36;

const nonceOf = (payload: string): string => payload.slice(NONCE_AT, NONCE_AT + NONCE_LENGTH);
