import { connect, type Socket } from 'node:net';

/** Addresses of this machine that a flood comes from. */
export const SOURCES = 200;
const PER_GROUP = 20;

/** Where the connection of that number comes from: one of 127.1.0.1 to 127.1.9.20. */
export const sourceOf = (connection: number): string =>
  `127.1.${Math.floor((connection % SOURCES) / PER_GROUP)}.${1 + (connection % PER_GROUP)}`;

/** What one connection does with its house. */
export interface Attack {
  /** Written as soon as it is open. */
  readonly first: string | Uint8Array;
  /** Written after the first bytes of an answer. */
  readonly then?: Uint8Array;
  /** Written again and again. */
  readonly drip?: { readonly bytes: string; readonly everyMs: number };
  /** It never reads what it is sent. */
  readonly isDeaf?: boolean;
  /** It is cut after so long, unless the house has ended it. */
  readonly lastsMs: number;
}

/** Connections of a flood to a port of this machine, and what became of them. */
export class Source {
  opened = 0;
  refused = 0;
  bytes = 0;
  /** Open at present, and at most. */
  open = 0;
  openMax = 0;

  constructor(private readonly port: number) {}

  /** @returns when the connection is closed, by whichever side. */
  attack(number: number, { first, then, drip, isDeaf = false, lastsMs }: Attack): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ port: this.port, host: '127.0.0.1', localAddress: sourceOf(number) });
      let isOpen = false;
      let dripping: Timer | undefined;
      const limit = setTimeout(() => socket.destroy(), lastsMs);
      socket.on('connect', () => {
        isOpen = true;
        this.#opened();
        this.#write(socket, first);
        if (drip) dripping = setInterval(() => this.#write(socket, drip.bytes), drip.everyMs);
      });
      if (then) socket.once('data', () => this.#write(socket, then));
      if (isDeaf) socket.pause();
      else socket.resume();
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(limit);
        clearInterval(dripping);
        if (isOpen) this.open -= 1;
        else this.refused += 1;
        resolve();
      });
    });
  }

  #opened(): void {
    this.opened += 1;
    this.open += 1;
    this.openMax = Math.max(this.openMax, this.open);
  }

  #write(socket: Socket, bytes: string | Uint8Array): void {
    if (!socket.writable) return;
    this.bytes += bytes.length;
    socket.write(bytes);
  }
}
