import { actionLine, type ActionRow } from '../rows/action.ts';
import type { BatchRow } from '../rows/batch.ts';
import {
  closedLine,
  lockLine,
  placedLine,
  type ClosedBet,
  type LockedBet,
  type OrderedBet,
} from '../rows/bet.ts';
import { entryLine, type EntryRow } from '../rows/entry.ts';
import { revisionLine, type RevisionRow } from '../rows/revision.ts';
import { shadowLine, type ShadowRow } from '../rows/shadow.ts';
import type { Break } from './break.ts';
import { batchHash } from './hash.ts';

/** A ledger row with the bet that it closed; null for all others, and where that bet is not there. */
export interface PostedEntry<Bet extends ClosedBet = ClosedBet> {
  readonly entry: EntryRow;
  readonly closed: Bet | null;
}

/** What one link of the ledger chain is made of, each part in the order of its lines. */
interface LinkRows {
  readonly bets: readonly OrderedBet[];
  readonly locks: readonly LockedBet[];
  readonly entries: readonly PostedEntry[];
  readonly revisions: readonly RevisionRow[];
  readonly shadow: readonly ShadowRow[];
  readonly actions: readonly ActionRow[];
}

/** A link as the next one names it. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/**
 * The proof of the ledger chain, link by link: the caller hands over the rows of its commits in their order,
 * wherever they come from, and learns where they are not as written.
 */
export class LedgerChain {
  #head: Link;

  /** @param before the link behind which the first one stands. */
  constructor(before: Link) {
    this.#head = before;
  }

  /** The link that was taken last, as it is written. */
  get head(): Link {
    return this.#head;
  }

  take(batch: BatchRow, rows: LinkRows): Break[] {
    const before = this.#head;
    const details: string[] = [];
    if (batch.seq !== before.seq + 1) details.push(`follows batch ${before.seq}`);
    if (batch.previousHash !== before.hash) details.push(`does not name the hash of batch ${before.seq}`);
    const lines = {
      bets: rows.bets.map((bet) => placedLine(bet, bet.nonce)),
      locks: rows.locks.map(lockLine),
      entries: rows.entries.flatMap(({ entry, closed }) =>
        closed === null ? [entryLine(entry)] : [entryLine(entry), closedLine(closed)],
      ),
      revisions: rows.revisions.map(revisionLine),
      shadow: rows.shadow.map(shadowLine),
      actions: rows.actions.map(actionLine),
      tickHash: batch.tickHash,
    };
    if (batchHash(batch.seq, batch.at, before.hash, lines) !== batch.hash)
      details.push(`does not have the hash of its rows: ${rangesOf(rows)}`);
    // The walk continues with the written hash, so that one changed row is reported once.
    this.#head = batch;
    return details.map((detail) => ({ place: `batch ${batch.seq}`, detail }));
  }
}

function rangesOf({ bets, locks, entries, revisions, shadow, actions }: LinkRows): string {
  const range = (name: string, numbers: readonly number[]): string[] =>
    numbers.length === 0
      ? []
      : [`${name} ${numbers[0]}${numbers.length === 1 ? '' : ` to ${numbers.at(-1)}`}`];
  const ranges = [
    ...range(
      'bets',
      bets.map(({ seq }) => seq),
    ),
    ...range(
      'ledger rows',
      entries.map(({ entry }) => entry.id),
    ),
    ...range(
      'revisions',
      revisions.map(({ revision }) => revision),
    ),
    ...range(
      'shadow blocks',
      shadow.map(({ block }) => block),
    ),
    ...range(
      'locks of bets',
      locks.map(({ seq }) => seq),
    ),
    ...range(
      'actions',
      actions.map(({ seq }) => seq),
    ),
  ];
  return ranges.join(', ') || 'none are there';
}
