import { FRAME_BYTES_MAX, FRAME_LENGTH_AIM } from './limits.ts';

/**
 * A frame on a stream of bytes: its length in four bytes, the highest first, then as many bytes of UTF-8, a
 * list of messages as JSON.
 */
const HEAD_BYTES = 4;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @param messages JSON texts. @returns frames that no reader refuses for their length, in order. */
export function framesOf(messages: readonly string[]): string[] {
  const frames: string[] = [];
  let from = 0;
  let length = 0;
  messages.forEach((message, index) => {
    if (length > 0 && length + message.length > FRAME_LENGTH_AIM) {
      frames.push(`[${messages.slice(from, index).join(',')}]`);
      from = index;
      length = 0;
    }
    length += message.length;
  });
  if (from < messages.length) frames.push(`[${messages.slice(from).join(',')}]`);
  return frames;
}

/** @returns null for a frame that no reader takes. */
export function encodedFrame(frame: string): Uint8Array | null {
  const size = Buffer.byteLength(frame);
  if (size > FRAME_BYTES_MAX) return null;
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + size);
  bytes.writeUInt32BE(size, 0);
  bytes.write(frame, HEAD_BYTES);
  return bytes;
}

/** Puts frames together from pieces of a stream, wherever it was cut. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Of the frame that is read; null until its head is there. */
  #size: number | null = null;

  /** Bytes that are kept for a frame that is not whole yet. */
  get waiting(): number {
    return this.#bytes;
  }

  /**
   * @param piece is copied where it has to be kept.
   * @returns the texts of the frames that are whole now; null for what is no stream of frames: a length above
   *   the bound, before anything is kept for it, or bytes that are not UTF-8.
   */
  read(piece: Uint8Array): string[] | null {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    const frames: string[] = [];
    for (;;) {
      if (this.#size === null) {
        if (this.#bytes < HEAD_BYTES) break;
        this.#size = Buffer.from(this.#take(HEAD_BYTES)).readUInt32BE(0);
        if (this.#size > FRAME_BYTES_MAX) return null;
      }
      if (this.#bytes < this.#size) break;
      try {
        frames.push(UTF8.decode(this.#take(this.#size)));
      } catch {
        return null;
      }
      this.#size = null;
    }
    // The piece is the transport's, which may use its memory again. Of a Buffer `slice` would copy nothing.
    const last = this.#pieces.length - 1;
    if (last >= 0 && this.#pieces[last]!.buffer === piece.buffer)
      this.#pieces[last] = new Uint8Array(this.#pieces[last]!);
    return frames;
  }

  /** The next bytes, of which there must be as many. */
  #take(size: number): Uint8Array {
    this.#bytes -= size;
    const first = this.#pieces[0];
    if (first !== undefined && first.length >= size) {
      const rest = first.subarray(size);
      if (rest.length === 0) this.#pieces.shift();
      else this.#pieces[0] = rest;
      return first.subarray(0, size);
    }
    const taken = new Uint8Array(size);
    for (let filled = 0; filled < size; ) {
      const piece = this.#pieces[0]!;
      const part = piece.subarray(0, size - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(part.length);
    }
    return taken;
  }
}

/** The messages of a frame, whatever each of them is; null for what is none. */
export function messagesOf(frame: string): readonly unknown[] | null {
  try {
    const messages: unknown = JSON.parse(frame);
    return Array.isArray(messages) ? messages : null;
  } catch {
    return null;
  }
}
