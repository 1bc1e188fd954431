/** Frames of `/live` as the page gets them; server/live/outbound.ts writes them. */

/** `[row, value, row, value…]`; 0 takes no bets. */
type Changes = number[];

/** Numbered, except for the heartbeat, which is identified by its time, and the wanted cells. */
export type PublicFrame =
  | readonly ['h', at: number]
  | readonly ['w', wanted: readonly (readonly [cell: string, want: number])[]]
  | readonly ['t', seq: number, at: number, price: number]
  | readonly [
      'g',
      seq: number,
      revision: number | null,
      at: number,
      pause: string | null,
      first: number,
      columns: readonly (readonly [index: number, low: number, ...changes: Changes])[],
    ];

export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly seq: number;
  readonly revision: number;
  readonly grid: readonly [windowMs: number, rows: number];
  readonly pause: string | null;
  readonly tick: readonly [seq: number, at: number, price: number];
  readonly columns: readonly (readonly [
    start: number,
    band: number,
    low: number,
    values: readonly number[],
  ])[];
}

/** Whose state it was, and which cells carry a bet of theirs. */
export interface SettledFrame {
  readonly type: 'settled';
  readonly session: string | null;
  readonly cells: readonly string[];
  readonly more: boolean;
}

export interface TapResult {
  readonly status: 'accepted' | 'rejected';
  readonly betId?: string;
  readonly code?: string;
  readonly message?: string;
  readonly multiplier?: number;
}

export interface Answer {
  readonly nonce: string;
  readonly results?: readonly TapResult[];
  readonly code?: string;
  readonly message?: string;
}

export type Frame =
  | PublicFrame
  | SnapshotFrame
  | SettledFrame
  | ({ readonly type: 'answer' } & Answer)
  | {
      readonly type: 'error';
      readonly nonce?: string;
      readonly error: { readonly code: string; readonly message: string };
    };
