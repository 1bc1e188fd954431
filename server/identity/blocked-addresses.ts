import { contains, readAddress, readRange, type AddressRange } from '../game/address-range.ts';

/** Callers known to be blocked or not; beyond this number they are looked up again. */
const CALLERS_KEPT_MAX = 10_000;

/** The ranges of addresses that operators have blocked, for the keys that `limitKeys` gives to callers. */
export class BlockedAddresses {
  #ranges: readonly AddressRange[] = [];
  readonly #known = new Map<string, boolean>();

  /** @param ranges as `rangeText` writes them. */
  constructor(ranges: readonly string[]) {
    this.replace(ranges);
  }

  replace(ranges: readonly string[]): void {
    this.#ranges = ranges.map(readRange).filter((range) => typeof range !== 'string');
    this.#known.clear();
  }

  /** @param caller an IPv4 address, or the /64 of an IPv6 one; a process of this machine is never blocked. */
  readonly has = (caller: string): boolean => {
    if (this.#ranges.length === 0) return false;
    const known = this.#known.get(caller);
    if (known !== undefined) return known;
    const address = readAddress(caller.replace(/\/64$/, ''));
    const blocked = address !== null && this.#ranges.some((range) => contains(range, address));
    if (this.#known.size >= CALLERS_KEPT_MAX) this.#known.clear();
    this.#known.set(caller, blocked);
    return blocked;
  };
}
