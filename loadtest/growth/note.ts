/** Beside the books of a filled folder: who has most of its bets, and how many accounts came. */
export const NOTE_FILE = 'growth.json';

export interface Note {
  readonly accountId: string;
  readonly accounts: number;
}
