import { readdirSync, readFileSync } from 'node:fs';

/** Processes that this one started and that have this in their environment, by their ids. */
export const childrenOf = (parent: number, setting: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return status.includes(`\nPPid:\t${parent}\n`) && environment.includes(setting);
      } catch {
        return false;
      }
    })
    .sort((a, b) => a - b);

/** Whether nothing of a process runs any more; one that nobody has asked for its end is gone too. */
export function isGone(pid: number): boolean {
  try {
    return /^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
