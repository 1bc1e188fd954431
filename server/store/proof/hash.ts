import { line } from '../rows/line.ts';
import { tickLine, type TickText } from '../rows/tick.ts';

/** Hash before the first batch and before the first tick. */
export const GENESIS_HASH = '0'.repeat(64);

/** SHA-256 of UTF-8 text, lower-case hex. */
export const sha256 = (text: string): string => new Bun.CryptoHasher('sha256').update(text).digest('hex');

/**
 * The lines of one batch, each part in row order. The line of a ledger row that closes a bet already has the
 * `close` line behind it.
 */
interface BatchLines {
  readonly bets: readonly string[];
  readonly locks: readonly string[];
  readonly entries: readonly string[];
  readonly revisions: readonly string[];
  readonly shadow: readonly string[];
  readonly actions: readonly string[];
  /** Head of the tick chain after the batch. */
  readonly tickHash: string;
}

/**
 * Hash of one link of the ledger chain: SHA-256 over UTF-8 lines joined by `\n`, without one at the end.
 *
 *     batch|<seq>|<at>|<previous hash>
 *     bet|…        each bet placed, by its sequence number
 *     lock|…       each held bet locked, by the bet's sequence number
 *     entry|…      each ledger row, by id; directly behind the row that closes a bet its close|… line
 *     revision|…   each grid revision, by number
 *     shadow|…     each block of the shadow book, by number
 *     action|…     each operator's action, by number
 *     ticks|<head of the tick chain>
 *
 * The fields of each line are those that `rows/` writes. See docs/ledger-format.md.
 */
export function batchHash(seq: number, at: number, previousHash: string, lines: BatchLines): string {
  return sha256(
    [
      line('batch', seq, at, previousHash),
      ...lines.bets,
      ...lines.locks,
      ...lines.entries,
      ...lines.revisions,
      ...lines.shadow,
      ...lines.actions,
      line('ticks', lines.tickHash),
    ].join('\n'),
  );
}

/**
 * Hash of the tick chain after a commit: SHA-256 over the previous hash and the line of each tick of the
 * commit, joined by `\n`.
 */
export const tickHash = (previousHash: string, ticks: readonly TickText[]): string =>
  sha256([previousHash, ...ticks.map(tickLine)].join('\n'));
