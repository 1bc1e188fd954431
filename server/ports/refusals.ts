import type { RejectionCode } from '../game/rejection.ts';
import type { Tap } from '../game/tap.ts';

/** A tap of a refused order; `code` where it has a reason of its own. */
export interface RefusedTap extends Tap {
  readonly code: RejectionCode | null;
}

/**
 * An order of which nothing was taken, as the books keep it for disputes. `at` is when it was answered, UTC
 * epoch ms; `code` is that of the order, or of its first tap. Where more came than there is room for, a row
 * without a nonce stands for several orders, of one account or, without that too, of any.
 */
export interface Refusal {
  readonly at: number;
  readonly accountId: string | null;
  readonly sessionId: string | null;
  readonly nonce: string | null;
  /** What the edge calls the request, in its log too. */
  readonly requestId: string | null;
  readonly code: RejectionCode;
  readonly taps: readonly RefusedTap[];
  /** Orders that it stands for. */
  readonly orders: number;
}

export interface RefusalRow extends Refusal {
  readonly id: number;
}

/** Which rows are looked for: of one account, and answered from one time up to another, UTC epoch ms. */
export interface RefusalsWanted {
  readonly accountId?: string;
  readonly from?: number;
  readonly to?: number;
}
