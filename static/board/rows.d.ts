/** As rows.js has it, for the server, which makes the first paint by the same rule. */
export declare const ROWS_IN_SIGHT: readonly number[];
export declare const shareSold: (
  sold: readonly { readonly away: number; readonly height: number }[],
  columns: number,
  rows: number,
) => number;
export declare const rowsFor: (shareOf: (rows: number) => number, most?: number) => number;
export declare class RowChoice {
  constructor(rows: number);
  rows: number;
  look(shareOf: (rows: number) => number, most: number, now: number): void;
}
