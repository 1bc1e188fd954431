import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * What a peer is called that has no address of its own and came without a forwarding header: a process on
 * this machine.
 */
export const LOCAL_PEER = 'local';

const FORWARDED_LENGTH_MAX = 1024;

/** A proxy, or a network of them, from which a forwarding header is believed. */
export interface ProxyNetwork {
  readonly address: string;
  /** Leading bits that count. */
  readonly bits: number;
}

export type IsTrusted = (address: string) => boolean;

/** Loopback is our own proxy, always; the others are those that the operator names. */
export function trustedProxies(networks: readonly ProxyNetwork[]): IsTrusted {
  const list = new BlockList();
  for (const { address, bits } of networks) list.addSubnet(address, bits, familyOf(address));
  return (address) =>
    isLoopback(address) ||
    (networks.length > 0 && isIP(address) !== 0 && list.check(address, familyOf(address)));
}

const LOOPBACK_ALONE: IsTrusted = trustedProxies([]);

/**
 * Who is calling, for limits and logs: the address of the peer. Only where the peer is a unix socket (null),
 * loopback, or a proxy that is trusted, `X-Forwarded-For` is read, from its end: each proxy writes there whom
 * it was called by, so the last hop that is no trusted proxy is the caller. What stands before it anybody may
 * have written.
 */
export function clientAddress(
  peer: string | null,
  headers: Headers,
  isTrusted: IsTrusted = LOOPBACK_ALONE,
): string {
  let known = peer === null ? LOCAL_PEER : plainAddress(peer);
  if (peer !== null && !isTrusted(known)) return known;
  const forwarded = headers.get('x-forwarded-for');
  if (forwarded === null || forwarded.length > FORWARDED_LENGTH_MAX) return known;
  for (const hop of forwarded.split(',').reverse()) {
    const address = plainAddress(hop.trim());
    if (isIP(address) === 0) return known;
    known = address;
    if (!isTrusted(known)) return known;
  }
  return known;
}

/** Callers whose keys are cached; beyond this number they are computed again. */
const KEYS_KEPT_MAX = 10_000;
/** As long as an address may be: longer headers are not kept. */
const KEPT_LENGTH_MAX = 64;

/** {@link limitKey} of {@link clientAddress}, with the keys of those who call often at hand. */
export function limitKeys(
  networks: readonly ProxyNetwork[] = [],
): (peer: string | null, headers: Headers) => string {
  const isTrusted = trustedProxies(networks);
  const kept = new Map<string, string>();
  return (peer, headers) => {
    const forwarded = headers.get('x-forwarded-for') ?? '';
    if (forwarded.length > KEPT_LENGTH_MAX) return limitKey(clientAddress(peer, headers, isTrusted));
    const caller = `${peer} ${forwarded}`;
    const known = kept.get(caller);
    if (known !== undefined) return known;
    const key = limitKey(clientAddress(peer, headers, isTrusted));
    if (kept.size >= KEYS_KEPT_MAX) kept.clear();
    kept.set(caller, key);
    return key;
  };
}

/**
 * The key under which limits count an address: IPv4 whole, IPv6 by its /64, which is what one customer is
 * given.
 */
export function limitKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** An IPv4 tail inside an IPv6 address stands for two groups. */
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));

/** `::ffff:1.2.3.4` and `::ffff:102:304` are how a dual-stack listener writes 1.2.3.4. */
function plainAddress(address: string): string {
  const [, dotted, high, low] =
    /^::ffff:(?:(\d{1,3}(?:\.\d{1,3}){3})|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return dotted ?? address;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}

const isLoopback = (address: string): boolean =>
  address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');
