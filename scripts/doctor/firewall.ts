import { existsSync } from 'node:fs';
import { well, wrong, type Check } from './check.ts';
import type { Asks } from './units.ts';

/** Where provision.sh puts the packet filter; without it the machine has none of ours. */
export const FILTER_RULES = '/etc/tapgrid/nftables.conf';

const AGAIN = '/opt/tapgrid/current/deploy/provision.sh';
const TABLE = 'nft --stateless --terse list table inet tapgrid';

/**
 * Whether the kernel has the packet filter that the files describe, which is compared as in provision.sh.
 * Only root can see it; anybody else gets no line.
 */
export function firewall(ask: Asks, rules: string): readonly Check[] {
  if (process.getuid?.() !== 0 || !existsSync(rules)) return [];
  if (ask(['nft', '--version']) === null)
    return [wrong('firewall', 'packet filter: not loaded; nft is not installed', `${AGAIN} installs it.`)];
  const running = ask(['sh', '-c', TABLE]);
  const state = running === null ? 'not loaded' : 'loaded';
  const fault = ask(['sh', '-c', 'nft --check --file "$0" 2>&1 || true', rules])?.trim() ?? '';
  if (fault !== '') {
    const words = fault.split('\n').find((line) => line.includes('Error:')) ?? fault;
    return [
      wrong(
        'firewall',
        `packet filter: ${state}, and the kernel rejects the files: ${words}`,
        `Correct the file, then run ${AGAIN}. Until then the machine starts without a packet filter.`,
      ),
    ];
  }
  if (running === null) return [wrong('firewall', 'packet filter: not loaded', `${AGAIN} loads it.`)];
  const expected = ask(['unshare', '--net', 'sh', '-c', `nft --file "$0" && ${TABLE}`, rules]);
  return expected === null || expected === running
    ? [well('firewall', 'packet filter: loaded')]
    : [
        wrong(
          'firewall',
          `packet filter: differs from ${rules} and /etc/tapgrid/filter.d`,
          `${AGAIN} loads the files, and keeps rules that were added with nft.`,
        ),
      ];
}
