/** Beside the books of a filled folder: who has most of its bets, and the token of his session. */
export const NOTE_FILE = 'growth.json';

export interface Note {
  readonly accountId: string;
  readonly token: string;
}
