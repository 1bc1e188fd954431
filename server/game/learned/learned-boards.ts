import { PRIOR } from './learned-after.ts';
import type { LearnedBoards, LearnedVersion } from './learned-quote.ts';

/** Before any block. */
export const PRIOR_BOARDS: LearnedBoards = { version: PRIOR.version, windows: [], boards: [PRIOR] };

/**
 * What was known of a board. A block of one board speaks for all, as the prior does; of a board that a block
 * of several has not the prior is known.
 */
export function learnedFor({ version, windows, boards }: LearnedBoards, windowMs: number): LearnedVersion {
  const [first = PRIOR, ...others] = boards;
  if (others.length === 0) return first;
  return boards[windows.indexOf(windowMs)] ?? { ...PRIOR, version };
}
