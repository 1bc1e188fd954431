import { isIP, isIPv6 } from 'node:net';

/** What a peer is called that has no address of its own and came without a forwarding header: a process on this machine. */
export const LOCAL_PEER = 'local';

const FORWARDED_LENGTH_MAX = 1024;

/**
 * Who is calling, for limits and logs: the address of the peer. Only when the peer is a unix socket (null) or loopback, that is our own proxy, the
 * last hop of `X-Forwarded-For` is taken: the one that the proxy itself wrote.
 */
export function clientAddress(peer: string | null, headers: Headers): string {
  const direct = peer === null ? null : plainAddress(peer);
  if (direct !== null && !isLoopback(direct)) return direct;
  const forwarded = headers.get('x-forwarded-for');
  if (forwarded === null || forwarded.length > FORWARDED_LENGTH_MAX) return direct ?? LOCAL_PEER;
  const hop = plainAddress(forwarded.slice(forwarded.lastIndexOf(',') + 1).trim());
  return isIP(hop) === 0 ? (direct ?? LOCAL_PEER) : hop;
}

/** Callers whose keys are at hand; past it they are worked out anew. */
const KEYS_KEPT_MAX = 10_000;
/** As long as an address may be: longer headers are not kept. */
const KEPT_LENGTH_MAX = 64;

/** {@link limitKey} of {@link clientAddress}, with the keys of those who call often at hand. */
export function limitKeys(): (peer: string | null, headers: Headers) => string {
  const kept = new Map<string, string>();
  return (peer, headers) => {
    const forwarded = headers.get('x-forwarded-for') ?? '';
    if (forwarded.length > KEPT_LENGTH_MAX) return limitKey(clientAddress(peer, headers));
    const caller = `${peer} ${forwarded}`;
    const known = kept.get(caller);
    if (known !== undefined) return known;
    const key = limitKey(clientAddress(peer, headers));
    if (kept.size >= KEYS_KEPT_MAX) kept.clear();
    kept.set(caller, key);
    return key;
  };
}

/** The key under which limits count an address: IPv4 whole, IPv6 by its /64, which is what one customer is given. */
export function limitKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

/** An IPv4 tail inside an IPv6 address stands for two groups. */
const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group])));

/** `::ffff:1.2.3.4` is how a dual-stack listener writes 1.2.3.4. */
const plainAddress = (address: string): string => /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address;

const isLoopback = (address: string): boolean => address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
