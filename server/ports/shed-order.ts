import type { RejectionCode } from '../game/rejection.ts';
import { oldestRevision, type SignedTaps } from '../game/tap.ts';

/**
 * Of an order that an edge has no room for: what tells whether it may have been taken before. `revision` is
 * the oldest that its taps name, `taps` their number.
 */
export interface ShedOrder {
  readonly accountId: string;
  readonly nonce: string;
  readonly deadline: number;
  readonly revision: number;
  readonly taps: number;
}

/** `busy`: nothing was deducted for it. `unknown`: it may have been taken before; the same order tells. */
export type ShedCode = Extract<RejectionCode, 'busy' | 'unknown'>;

/** A full house refuses more orders than it takes, so they are asked about in one text, a line each. */
export const SHED_LINES = '^(?:[^ \\n]{1,128} [^ \\n]{1,128} \\d{1,16} \\d{1,16} \\d{1,4}\\n)*$';

export const shedLine = ({ nonce, deadline, taps }: SignedTaps, accountId: string): string =>
  `${accountId} ${nonce} ${deadline} ${oldestRevision(taps)} ${taps.length}\n`;

/** @param lines that match {@link SHED_LINES}. */
export function readShedLines(lines: string): ShedOrder[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [accountId, nonce, deadline, revision, taps] = line.split(' ') as [
        string,
        string,
        string,
        string,
        string,
      ];
      return { accountId, nonce, deadline: Number(deadline), revision: Number(revision), taps: Number(taps) };
    });
}

/** The answer: a letter an order. */
const LETTERS = { busy: 'b', unknown: 'u' } as const;
export const SHED_LETTERS = '^[bu]*$';
export const shedLetter = (code: ShedCode): string => LETTERS[code];
export const shedCode = (letters: string, index: number): ShedCode =>
  letters[index] === LETTERS.busy ? 'busy' : 'unknown';
