/**
 * A range of internet addresses, IPv4 or IPv6: all that begin with the first `bits` of `base`. IPv6 counts by
 * its first 64 bits, which one customer is given whole.
 */
export interface AddressRange {
  readonly version: 4 | 6;
  /** Of 32 bits, or the first 64 of an IPv6 address; the bits behind the first `bits` are 0. */
  readonly base: bigint;
  readonly bits: number;
}

/** What wider ranges would take out is a part of the world: that is what a halt is for. */
const BITS = { 4: { min: 8, max: 32 }, 6: { min: 16, max: 64 } } as const;

/**
 * Reads `203.0.113.0/24`, `2001:db8::/32`, or one address, of IPv6 with the /64 around it.
 * @returns a sentence for the operator when it is none.
 */
export function readRange(text: string): AddressRange | string {
  const [address = '', length, more] = text.trim().toLowerCase().split('/');
  const found = more === undefined ? readAddress(address) : null;
  if (found === null)
    return `${text} is not a range; expected 203.0.113.0/24, 2001:db8::/32, or a single address.`;
  const { min, max } = BITS[found.version];
  const bits = length === undefined ? max : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (bits < min || bits > max)
    return `Expected ${min} to ${max} bits after the slash of an IPv${found.version} range.`;
  const range = { ...found, base: masked(found, bits), bits };
  return isOfThisMachine(range) ? "That range includes this machine's own addresses." : range;
}

/** One spelling for each range. */
export function rangeText({ version, base, bits }: AddressRange): string {
  if (version === 4) return `${[24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 255n).join('.')}/${bits}`;
  const groups = [48n, 32n, 16n, 0n].map((shift) => ((base >> shift) & 0xffffn).toString(16));
  while (groups.at(-1) === '0') groups.pop();
  return `${groups.join(':')}::/${bits}`;
}

export interface Address {
  readonly version: 4 | 6;
  readonly base: bigint;
}

/** Null for what is no address; a zone and what stands behind the 64th bit of IPv6 do not count. */
export const readAddress = (text: string): Address | null =>
  text.includes(':') ? readIPv6(text.split('%')[0]!) : readIPv4(text);

export const contains = (range: AddressRange, address: Address): boolean =>
  range.version === address.version && masked(address, range.bits) === range.base;

const masked = ({ version, base }: Address, bits: number): bigint => {
  const rest = BigInt(BITS[version].max - bits);
  return (base >> rest) << rest;
};

function readIPv4(text: string): Address | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return null;
  return { version: 4, base: parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n) };
}

const GROUPS = 8;

function readIPv6(text: string): Address | null {
  const [head = '', tail, more] = text.split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  if (more !== undefined || left === null || right === null) return null;
  const missing = GROUPS - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...new Array<bigint>(missing).fill(0n), ...right];
  return { version: 6, base: groups.slice(0, 4).reduce((sum, group) => (sum << 16n) + group, 0n) };
}

/** An IPv4 tail stands for two groups. */
function groupsOf(text: string): readonly bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const tail = index === parts.length - 1 ? readIPv4(part) : null;
    if (tail !== null) groups.push(tail.base >> 16n, tail.base & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

/** 127.0.0.0/8; of IPv6 the /64 of ::1, in which IPv4 addresses are written too. */
const isOfThisMachine = ({ version, base }: AddressRange): boolean =>
  version === 4 ? base >> 24n === 127n : base === 0n;
