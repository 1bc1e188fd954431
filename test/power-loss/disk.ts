import type { SystemCall } from './system-calls.ts';

/** Smallest piece that a disk writes whole. */
const SECTOR_BYTES = 512;

type Change = Extract<SystemCall, { kind: 'write' | 'truncate' }>;

interface File {
  durable: Uint8Array;
  size: number;
  readonly pending: Change[];
  /** The name in the folder is durable from the first flush of the file on. */
  named: boolean;
}

/**
 * Which of the writes that were not flushed a cut of power leaves behind: each answer is one sector, in any
 * order.
 */
export type Survives = () => boolean;

/** What a disk holds, and what it was told but has not been made to keep. */
export class Disk {
  readonly #files = new Map<string, File>();

  apply(call: SystemCall): void {
    if (call.kind === 'acknowledged') return;
    if (call.kind === 'unlink') return void this.#files.delete(call.file);
    const file = this.#file(call.file);
    if (call.kind !== 'sync') return void file.pending.push(call);
    for (const change of file.pending.splice(0))
      change.kind === 'truncate' ? truncate(file, change.size) : write(file, change.offset, change.bytes);
    file.named = true;
  }

  get pendingWrites(): number {
    return [...this.#files.values()].reduce((sum, { pending }) => sum + pending.length, 0);
  }

  /** The files after a cut now. */
  cut(survives: Survives): Map<string, Uint8Array> {
    const left = new Map<string, Uint8Array>();
    for (const [name, file] of this.#files) {
      if (!file.named && !survives()) continue;
      const copy: File = {
        durable: file.durable.slice(0, file.size),
        size: file.size,
        pending: [],
        named: true,
      };
      for (const change of file.pending) {
        if (change.kind === 'truncate') {
          if (survives()) truncate(copy, change.size);
          continue;
        }
        for (let from = 0; from < change.bytes.length; from += SECTOR_BYTES)
          if (survives()) write(copy, change.offset + from, change.bytes.subarray(from, from + SECTOR_BYTES));
      }
      left.set(name, copy.durable.subarray(0, copy.size));
    }
    return left;
  }

  #file(name: string): File {
    let file = this.#files.get(name);
    if (file === undefined)
      this.#files.set(name, (file = { durable: new Uint8Array(0), size: 0, pending: [], named: false }));
    return file;
  }
}

function write(file: File, offset: number, bytes: Uint8Array): void {
  const end = offset + bytes.length;
  if (end > file.durable.length) {
    const grown = new Uint8Array(Math.max(end, file.durable.length * 2));
    grown.set(file.durable.subarray(0, file.size));
    file.durable = grown;
  }
  file.durable.set(bytes, offset);
  file.size = Math.max(file.size, end);
}

function truncate(file: File, size: number): void {
  if (size > file.size) write(file, size - 1, new Uint8Array(1));
  file.durable.fill(0, size);
  file.size = size;
}
