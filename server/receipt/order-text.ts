import type { CellId } from '../game/grid.ts';

/** A signed order read back from its text, with the taps as they stand in its lines. */
export interface OrderText {
  readonly origin: string;
  readonly sessionId: string;
  readonly nonce: string;
  readonly deadline: number;
  readonly taps: readonly {
    readonly cell: CellId;
    readonly stake: number;
    readonly multiplier: number;
    readonly revision: number;
  }[];
}

const HEADER_LINES = 5;
const WHOLE = /^(0|[1-9]\d{0,15})$/;

/** @returns null unless the text is exactly of the signed form. */
export function readOrderText(text: string): OrderText | null {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length <= HEADER_LINES) return null;
  const [version, origin, sessionId, nonce, deadline, ...rest] = lines as [
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  if (version !== 'tapgrid-tap-v1' || !WHOLE.test(deadline)) return null;
  const taps = rest.map((line) => {
    const [cell, ...numbers] = line.split(' ');
    if (cell === undefined || numbers.length !== 3 || !numbers.every((number) => WHOLE.test(number)))
      return null;
    const [stake, multiplier, revision] = numbers.map(Number) as [number, number, number];
    return { cell: cell as CellId, stake, multiplier, revision };
  });
  return taps.every((tap) => tap !== null)
    ? { origin, sessionId, nonce, deadline: Number(deadline), taps }
    : null;
}
