import { isRecord, isWhole } from '../game/outside-value.ts';
/** One message of a channel: who sent it, its number in that run of the sender, and what it says. */
export interface Envelope {
  /** New at each start of a process. */
  readonly run: string;
  /** Counts from 1 in each channel and run, without holes. */
  readonly seq: number;
  readonly data: unknown;
}

/** Longer ones are not looked into. */
export const MESSAGE_LENGTH_MAX = 4 * 1024 * 1024;

export const sealed = (envelope: Envelope): string => JSON.stringify(envelope);

/** @returns null for what is not a message of ours. */
export function opened(text: string): Envelope | null {
  if (text.length > MESSAGE_LENGTH_MAX) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { run, seq, data } = value;
  return typeof run === 'string' && isWhole(seq) && seq > 0 ? { run, seq, data } : null;
}

/**
 * Runs of senders that are remembered; the one heard least recently is forgotten first, and its next message
 * is taken for a gap.
 */
const RUNS_MAX = 64;

/** Where a reader of a channel stands with each of its senders. */
export class Sequence {
  readonly #seqOf = new Map<string, number>();

  /**
   * `next`: nothing was missed. `gap`: something was, or the sender is new: ask for the whole. `old`: heard
   * before.
   */
  hear({ run, seq }: Pick<Envelope, 'run' | 'seq'>): 'next' | 'gap' | 'old' {
    const before = this.#seqOf.get(run);
    if (before !== undefined && seq <= before) return 'old';
    this.#seqOf.delete(run);
    this.#seqOf.set(run, seq);
    const [oldest] = this.#seqOf.keys();
    if (oldest !== undefined && this.#seqOf.size > RUNS_MAX) this.#seqOf.delete(oldest);
    return seq === (before ?? 0) + 1 ? 'next' : 'gap';
  }
}
