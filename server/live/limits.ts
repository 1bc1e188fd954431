/** Largest frame, in or out. The server refuses larger ones before they are read. */
export const FRAME_BYTES_MAX = 8 * 1024;
/** Partials are gathered up to here, which leaves room for one more. */
export const FRAME_BYTES_WANTED = 6 * 1024;
export const MESSAGES_PER_SECOND = 20;
export const MESSAGES_BURST = 40;
/** Frames that are not of the closed list. */
export const BAD_FRAMES_MAX = 3;
export const BAD_SIGNATURES_MAX = 3;
/** Orders of one socket whose answer is not there yet. */
export const ORDERS_UNDER_WAY_MAX = 32;
/** Cells named in one frame. */
export const CELLS_PER_FRAME_MAX = 250;

/** Close codes of our own; a client does not come back after one of them by itself. */
export const CLOSE = { badFrame: 4400, signedOut: 4401, badSignature: 4403, flood: 4429 } as const;
/** Come back later, spread out. */
export const CLOSE_RESTART = 1012;
export const CLOSE_FULL = 1013;
/** A fault of ours. */
export const CLOSE_BROKEN = 1011;

/** Tokens that refill evenly; one bucket a socket. */
export class MessageAllowance {
  #tokens = MESSAGES_BURST;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** @returns false when the socket talks too much. */
  take(now: number): boolean {
    this.#tokens = Math.min(MESSAGES_BURST, this.#tokens + (Math.max(0, now - this.#at) * MESSAGES_PER_SECOND) / 1000);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

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

  /** Why there is no seat for that address, or null when there is one. */
  shortage(address: string): 'full' | 'address_full' | null {
    if (this.#total >= this.max) return 'full';
    return (this.#byAddress.get(address) ?? 0) >= this.maxPerAddress ? 'address_full' : null;
  }

  /** @returns whether a seat was taken. */
  take(address: string): boolean {
    if (this.shortage(address) !== null) return false;
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
