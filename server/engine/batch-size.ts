import type { Operation } from '../ports/ledger.ts';

/**
 * Most locks and closings in one commit: some 10 ms of the writer, so that neither a wave of locks nor a
 * column with many losers makes taps wait for longer.
 */
export const SETTLEMENTS_MAX = 256;

/** Taps, locks or closings of an operation; any other counts as one. */
export function sizeOf(operation: Operation): number {
  if (operation.kind === 'place-bets') return operation.taps.length;
  if (operation.kind === 'lock-bets') return operation.locks.length;
  if (operation.kind === 'close-bets') return operation.closings.length;
  return 1;
}

/** Cuts a long list of settlements into operations that fit a commit. */
export function* inSlices<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += SETTLEMENTS_MAX)
    yield items.slice(from, from + SETTLEMENTS_MAX);
}
