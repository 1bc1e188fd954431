import type { Currency, Micros } from './money.ts';
import type { OwnLimits } from './own-limits.ts';
import type { Restriction } from './restriction.ts';

/** A signed-in browser or program: the public half of its key and what that key may do. */
export interface Session {
  readonly id: string;
  readonly accountId: string;
  readonly currency: Currency;
  /** SHA-256 of the 256-bit token, hex. The token itself is never stored. */
  readonly tokenHash: string;
  /** base64url of the 65 raw bytes of the P-256 public key. */
  readonly publicKey: string;
  readonly stakeMax: Micros;
  /** Highest sum of stakes that this key may order in one UTC day. */
  readonly dailyCap: Micros;
  readonly createdAt: number;
  /** The absolute end; `seenAt` + idle limit may come first. */
  readonly expiresAt: number;
  readonly seenAt: number;
}

export interface Account {
  readonly id: string;
  readonly currency: Currency;
  /** EIP-55 address of the wallet that opened it, null for practice. */
  readonly address: string | null;
  readonly balance: Micros;
  readonly openStake: Micros;
  readonly limits: OwnLimits;
  /** What operators have set for it. */
  readonly restriction: Restriction;
}
