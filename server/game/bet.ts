import type { Cell } from './grid.ts';
import type { Currency, Micros, Multiplier } from './money.ts';
import type { RuleVersion } from './path.ts';
import type { VoidReason } from './rejection.ts';

/** `placed` is durable and held; `locked` has its final multiplier; the other three are closed. */
export type BetStatus = 'placed' | 'locked' | 'won' | 'lost' | 'void';

export interface Bet {
  readonly id: string;
  readonly accountId: string;
  readonly currency: Currency;
  /** Placed while prices were recorded or synthetic. */
  readonly simulated: boolean;
  /** The rule of touch that it was taken under, and by which it is decided. */
  readonly rule: RuleVersion;
  readonly cell: Cell;
  readonly stake: Micros;
  /** The multiplier that the trader saw, and the grid revision that offered it. */
  readonly shown: Multiplier;
  readonly shownRevision: number;
  readonly guardPercent: number;
  readonly placedAt: number;
  /** The first revision at or after this time locks the multiplier. */
  readonly lockAt: number;
  readonly locked: Multiplier | null;
  readonly lockedRevision: number | null;
  readonly status: BetStatus;
  readonly payout: Micros;
  readonly closedAt: number | null;
  /** Sequence number of the tick that decided it; null for a stake that came back without one. */
  readonly closedTick: number | null;
  readonly voidReason: VoidReason | null;
}

export const isOpen = (bet: Bet): boolean => bet.status === 'placed' || bet.status === 'locked';
