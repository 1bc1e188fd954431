import { dlopen } from 'bun:ffi';

/** Constants of Linux, prctl(2) and signal(7). */
const PR_SET_PDEATHSIG = 1;
const SIGCONT = 18;

/**
 * Has the system wake this process when its parent dies: one that was stopped then would neither see that nor
 * end. A process that runs takes no notice of the signal.
 */
export function wakeWithoutParent(): void {
  try {
    const { symbols } = dlopen('libc.so.6', {
      prctl: { args: ['i32', 'u64', 'u64', 'u64', 'u64'], returns: 'i32' },
    });
    symbols.prctl(PR_SET_PDEATHSIG, SIGCONT, 0, 0, 0);
  } catch {
    // Another system: there it ends when it is continued.
  }
}
