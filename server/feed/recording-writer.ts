import { lastOf } from './recording-density.ts';
import { messageOf } from '../ports/failure.ts';
import { closeSync, existsSync, fsyncSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Cents } from '../game/price.ts';
import { readRecording, RECORDING_HEADER, type RecordingError } from './recording.ts';

/** Rows that are kept in memory before they become one write: a minute at ten a second. */
export const RECORDING_ROWS_BUFFERED_MAX = 600;

/**
 * Writes a recording that {@link readRecording} reads, or continues one. Each write is a complete gzip
 * member, so the file is readable after every write and however the process ends; at most the buffered rows
 * are lost.
 */
export class RecordingWriter {
  /** Rows taken since the writer was opened. */
  rows = 0;
  private buffer: string[] = [];

  private constructor(
    private readonly descriptor: number,
    private readonly isCompressed: boolean,
    private lastAt: number,
    /** Of a file that was made here and is nothing without rows. */
    private readonly madeAt: string | null,
  ) {}

  /**
   * @returns an error where the file there is not a whole recording, or cannot be written; nothing is
   * overwritten
   */
  static open(path: string): { readonly ok: RecordingWriter } | { readonly error: RecordingError } {
    if (!/\.csv(\.gz)?$/.test(path)) return unwritable(`${path} does not end in .csv or .csv.gz`);
    try {
      const existed = existsSync(path);
      const isNew = !existed || statSync(path).size === 0;
      const before = isNew ? null : readRecording(path);
      if (before && 'error' in before && before.error.code !== 'replay_empty') return before;
      const lastAt = before && 'ok' in before ? lastOf(before.ok.times) : 0;
      const writer = new RecordingWriter(
        openSync(path, 'a'),
        path.endsWith('.gz'),
        lastAt,
        existed ? null : path,
      );
      if (isNew) writer.append(`${RECORDING_HEADER}\n`);
      return { ok: writer };
    } catch (cause) {
      return unwritable(`The recording ${path} cannot be written: ${messageOf(cause)}`);
    }
  }

  /** @returns false for a time that is not later than the row before, which is not written */
  write(at: number, price: Cents): boolean {
    if (at <= this.lastAt) return false;
    this.lastAt = at;
    this.rows++;
    this.buffer.push(`${at},${Math.floor(price / 100)}.${String(price % 100).padStart(2, '0')}\n`);
    if (this.buffer.length >= RECORDING_ROWS_BUFFERED_MAX) this.flush();
    return true;
  }

  flush(): void {
    if (this.buffer.length === 0) return;
    this.append(this.buffer.join(''));
    this.buffer = [];
  }

  /** A file that was made for nothing is removed again. */
  close(): void {
    this.flush();
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    if (this.rows === 0 && this.madeAt !== null) unlinkSync(this.madeAt);
  }

  private append(text: string): void {
    const bytes = this.isCompressed ? gzipSync(text) : Buffer.from(text);
    for (let from = 0; from < bytes.length; ) from += writeSync(this.descriptor, bytes, from);
  }
}

const unwritable = (message: string) => ({ error: { code: 'recording_unwritable', message } }) as const;
