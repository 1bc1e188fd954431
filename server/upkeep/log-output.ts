import { dlopen, ptr } from 'bun:ffi';
import { writeSync } from 'node:fs';
import { systemCodeOf } from '../ports/failure.ts';

/** What may wait for a reader that does not keep up; past it lines are dropped. */
const LOG_WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** A pipe that has room at all has room for so much; pipe(7), PIPE_BUF. */
const PIECE_BYTES = 4096;
/** While something waits it is tried again so often. */
const AGAIN_MS = 50;
/**
 * At the end of the process: as long as the reader takes something within the first, and no longer than the
 * second.
 */
const LAST_STILL_MS_MAX = 1_000;
const LAST_MS_MAX = 5_000;

/** Where the bytes of a log go. Neither call ever waits for longer than it was told to. */
export interface LogTarget {
  /** Whether a piece can be taken without a wait, within `ms`. */
  hasRoom(ms: number): boolean;
  /** @returns bytes that were taken. @throws when there is no reader any more, or no room on the disk. */
  write(bytes: Uint8Array): number;
}

/**
 * The lines of a log on their way out. Each is written before the call returns, so that not even a process
 * that is killed takes its last words with it; but nobody is ever waited for. What the reader does not take
 * waits in order up to {@link LOG_WAITING_BYTES_MAX}; what does not fit is dropped, counted, and told in a
 * line of its own as soon as the reader takes lines again.
 */
export class LogOutput {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #dropped = 0;
  #unreported = 0;
  /** Dropped lines reported by the notice at the end of the queue; 0 without one. */
  #noticed = 0;
  #timer: Timer | null = null;

  constructor(
    private readonly target: LogTarget,
    private readonly waitingBytesMax = LOG_WAITING_BYTES_MAX,
  ) {}

  /** Lines dropped since start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param line with its line break. */
  write(line: string): void {
    if (this.#isBehind) this.flush(0);
    const bytes = Buffer.from(line);
    if (this.#unreported > 0 || this.#waitingBytes + bytes.length > this.waitingBytesMax) this.#drop(1);
    else this.#add(bytes);
    this.flush(0);
    if (this.#isBehind) this.#timer ??= setInterval(() => this.flush(0), AGAIN_MS).unref();
  }

  /** The last that this process does: waits for the reader, but not for one that stands still. */
  end(): void {
    for (const until = performance.now() + LAST_MS_MAX; this.#isBehind && performance.now() < until; )
      if (!this.flush(LAST_STILL_MS_MAX)) return;
  }

  /** Offers what waits once more, for so long at most. @returns whether anything was taken. */
  flush(waitMs: number): boolean {
    let taken = false;
    try {
      while (this.#isBehind && this.target.hasRoom(waitMs)) {
        if (this.#waiting.length === 0) this.#notice();
        const first = this.#waiting[0]!;
        const count = this.target.write(first.subarray(0, PIECE_BYTES));
        if (count === 0) break;
        taken = true;
        this.#waitingBytes -= count;
        if (count < first.length) this.#waiting[0] = first.subarray(count);
        else this.#waiting.shift();
        if (this.#waiting.length === 0) this.#noticed = 0;
      }
    } catch {
      // No reader any more, or no space on the disk: the next reader gets the notice.
      this.#lose();
    }
    if (!this.#isBehind && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    return taken;
  }

  get #isBehind(): boolean {
    return this.#waiting.length > 0 || this.#unreported > 0;
  }

  #notice(): void {
    this.#noticed = this.#unreported;
    this.#unreported = 0;
    const notice = {
      level: 'warn',
      time: new Date().toISOString(),
      dropped: this.#noticed,
      msg: 'lines of this log were dropped: nobody read them in time',
    };
    this.#add(Buffer.from(`${JSON.stringify(notice)}\n`));
  }

  #drop(lines: number): void {
    this.#dropped += lines;
    this.#unreported += lines;
  }

  #lose(): void {
    const noticed = this.#noticed;
    this.#drop(this.#waiting.length - (noticed > 0 ? 1 : 0));
    this.#unreported += noticed;
    this.#noticed = 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #add(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }
}

/** The one output of this process: all logs share it, so that their lines stand in order. */
export const standardOutput = (): LogOutput => {
  const output = new LogOutput(openTarget(STANDARD_OUTPUT));
  process.on('exit', () => output.end());
  return output;
};

const STANDARD_OUTPUT = 1;
/** poll(2), the same on Linux and macOS. */
const POLLOUT = 0x4;
const POLL_FAILED = 0x8 | 0x10 | 0x20;
/** The system's C library, by the names that it has where Bun runs. */
const C_LIBRARIES = [
  'libc.so.6',
  'libc.musl-x86_64.so.1',
  'libc.musl-aarch64.so.1',
  'libSystem.B.dylib',
] as const;

/**
 * A descriptor that is asked for room before each piece. A descriptor that nobody can be asked about is
 * written to as it is.
 */
export function openTarget(descriptor: number): LogTarget {
  const poll = openPoll();
  const write = (bytes: Uint8Array): number => {
    try {
      return writeSync(descriptor, bytes);
    } catch (error) {
      if (systemCodeOf(error) === 'EAGAIN') return 0;
      throw error;
    }
  };
  if (poll === null) return { hasRoom: () => true, write };
  const entry = new DataView(new ArrayBuffer(8));
  entry.setInt32(0, descriptor, true);
  entry.setInt16(4, POLLOUT, true);
  const bytes = new Uint8Array(entry.buffer);
  // What has failed has room: the write then says why.
  return {
    hasRoom: (ms) => poll(ptr(bytes), 1, ms) > 0 && (entry.getInt16(6, true) & (POLLOUT | POLL_FAILED)) !== 0,
    write,
  };
}

function openPoll(): ((entries: ReturnType<typeof ptr>, count: number, ms: number) => number) | null {
  for (const name of C_LIBRARIES) {
    try {
      return dlopen(name, { poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' } }).symbols.poll as never;
    } catch {
      // The next name.
    }
  }
  return null;
}
