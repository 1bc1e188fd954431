/** Largest frame, in or out. The server refuses larger ones before they are read. */
export const FRAME_BYTES_MAX = 8 * 1024;
/** Partials are gathered up to here, which leaves room for one more. */
export const FRAME_BYTES_WANTED = 6 * 1024;
export const MESSAGES_PER_SECOND = 20;
export const MESSAGES_BURST = 40;
/** Frames in a row that are not of the closed list. */
export const BAD_FRAMES_MAX = 3;
export const BAD_SIGNATURES_MAX = 3;
/** Orders of one socket whose answer is not there yet. */
export const ORDERS_UNDER_WAY_MAX = 32;
/** Open sockets of one account: each of them gets each bet. */
export const SOCKETS_PER_ACCOUNT_MAX = 32;
/** Cells named in one frame. */
export const CELLS_PER_FRAME_MAX = 160;

/**
 * Every code that this server closes a socket with. Those of the protocol pass: clients come back later,
 * spread out. Our own, from 4000 up, are final: a client does not come back by itself. The page has words for
 * each (`static/live/closings.js`).
 */
export const CLOSE = {
  broken: 1011,
  restart: 1012,
  full: 1013,
  badFrame: 4400,
  signedOut: 4401,
  badSignature: 4403,
  flood: 4429,
  blocked: 4451,
} as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Tokens that refill evenly; one bucket a socket. */
export class MessageAllowance {
  #tokens = MESSAGES_BURST;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** @returns false when the socket talks too much. */
  take(now: number): boolean {
    this.#tokens = Math.min(
      MESSAGES_BURST,
      this.#tokens + (Math.max(0, now - this.#at) * MESSAGES_PER_SECOND) / 1000,
    );
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/**
 * Sockets that a page of another site opened may take this share of all seats and of an address's: it opens
 * them in the browsers of our own visitors, who need theirs.
 */
const GUEST_SHARE = 0.5;

/** Open sockets, in all and by address. */
export class Seats {
  #total = 0;
  readonly #byAddress = new Map<string, number>();

  constructor(
    private readonly max: number,
    private readonly maxPerAddress: number,
  ) {}

  get taken(): number {
    return this.#total;
  }

  /**
   * Why there is no seat for that address, or null when there is one. `isGuest`: a page of another site asks.
   */
  shortage(address: string, isGuest = false): 'full' | 'address_full' | null {
    const share = isGuest ? GUEST_SHARE : 1;
    if (this.#total >= this.max * share) return 'full';
    return (this.#byAddress.get(address) ?? 0) >= this.maxPerAddress * share ? 'address_full' : null;
  }

  /** @returns whether a seat was taken. */
  take(address: string, isGuest = false): boolean {
    if (this.shortage(address, isGuest) !== null) return false;
    this.#total++;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    return true;
  }

  leave(address: string): void {
    const mine = this.#byAddress.get(address);
    if (mine === undefined) return;
    this.#total--;
    if (mine === 1) this.#byAddress.delete(address);
    else this.#byAddress.set(address, mine - 1);
  }
}
