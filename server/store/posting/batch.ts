import type { LockedBet } from '../rows/bet.ts';

/** What a commit gathers while its operations are applied. */
export class Batch {
  readonly bets: string[] = [];
  readonly locks: LockedBet[] = [];
  readonly revisions: string[] = [];
  readonly shadow: string[] = [];
  readonly actions: string[] = [];

  constructor(
    readonly seq: number,
    readonly at: number,
  ) {}
}
