import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { SignedTaps } from '../../server/game/tap.ts';

/** What the client knew at one moment. A line is on the disk before the client goes on. */
export type JournalLine =
  | { readonly kind: 'account'; readonly accountId: string; readonly sessionId: string }
  | { readonly kind: 'intent'; readonly accountId: string; readonly order: SignedTaps }
  /**
   * The answer of the server, whatever it was; `code` for a refusal of the whole order. `late`: it was asked
   * for longer after the deadline than an answer is promised for, and says nothing.
   */
  | {
      readonly kind: 'answer';
      readonly nonce: string;
      readonly retry: boolean;
      readonly results: readonly JournalResult[] | null;
      readonly code: string | null;
      readonly late?: true;
    };

export interface JournalResult {
  readonly status: 'accepted' | 'rejected';
  readonly betId?: string;
  readonly code?: string;
}

/** An append-only file of JSON lines, flushed to disk line by line. */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(line: JournalLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A last line that was cut by the end of its writer is left out; no file is an empty journal. */
export function readJournal(path: string): JournalLine[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalLine);
}
