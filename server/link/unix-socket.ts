import type { Socket } from 'bun';
import { encodedFrame, FrameReader } from './frames.ts';
import type { Dial, Line, LineUser, TakeLine } from './line.ts';

/** A line over a stream socket: what the system does not take waits here, in order. */
class SocketLine implements Line {
  readonly reader = new FrameReader();
  user: LineUser | null = null;
  readonly #queue: Uint8Array[] = [];
  #waiting = 0;
  #closed = false;

  constructor(private readonly socket: Socket<SocketLine>) {}

  get waiting(): number {
    return this.#waiting;
  }

  send(frame: string): void {
    if (this.#closed) return;
    const bytes = encodedFrame(frame);
    if (bytes === null) return this.close();
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    if (this.#queue.length === 1) this.drain();
  }

  close(): void {
    this.socket.terminate();
    this.ended();
  }

  /** The system takes bytes again. */
  drain(): void {
    for (let bytes = this.#queue[0]; bytes !== undefined && !this.#closed; bytes = this.#queue[0]) {
      const written = Math.max(0, this.socket.write(bytes));
      this.#waiting -= written;
      if (written < bytes.length) {
        // Never by an offset: Bun refuses any but zero.
        this.#queue[0] = bytes.subarray(written);
        return;
      }
      this.#queue.shift();
    }
  }

  read(piece: Uint8Array): void {
    const frames = this.#closed ? [] : this.reader.read(piece);
    if (frames === null) return this.close();
    for (const frame of frames) if (!this.#closed) this.user!.frame(frame);
  }

  ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.length = 0;
    this.#waiting = 0;
    this.user?.closed();
  }
}

const handlers = (take: TakeLine) => ({
  open(socket: Socket<SocketLine>) {
    socket.data = new SocketLine(socket);
    socket.data.user = take(socket.data);
  },
  data: (socket: Socket<SocketLine>, piece: Uint8Array) => socket.data.read(piece),
  drain: (socket: Socket<SocketLine>) => socket.data.drain(),
  close: (socket: Socket<SocketLine>) => socket.data?.ended(),
  error: (socket: Socket<SocketLine>) => socket.data?.close(),
});

/** @param path of a socket that is not there. @throws Error when it cannot be made. */
export function listenForEdges(path: string, take: TakeLine): { stop(): void } {
  const server = Bun.listen<SocketLine>({ unix: path, socket: handlers(take) });
  return { stop: () => server.stop(true) };
}

/** Reaches the engine that listens at a path. */
export const dialAt =
  (path: string): Dial =>
  async (take) => {
    try {
      await Bun.connect<SocketLine>({ unix: path, socket: { ...handlers(take), connectError() {} } });
      return true;
    } catch {
      return false;
    }
  };
