import { ALIVE, BEAT, BEAT_MS, READY } from './member.ts';

/** How often the oracle's loop says that it and the writer move, as a service manager would be told. */
const ALIVE_MS = 3_000;

export interface SaysToSupervisor {
  /** Receives what the service manager is sent. */
  readonly notify: (state: string) => boolean;
  readonly watchdogMs: number;
}

/**
 * How a process of the house talks to its supervisor: its loop says that it comes round. @returns null where
 * there is no supervisor.
 */
export function saysToSupervisor(): SaysToSupervisor | null {
  const send = process.send?.bind(process);
  if (send === undefined) return null;
  // Where the supervisor is gone there is nobody to tell.
  const say = (what: string): boolean => process.connected && send(what);
  return {
    notify(state) {
      if (state.startsWith('READY=1')) {
        setInterval(() => say(BEAT), BEAT_MS).unref();
        return say(READY);
      }
      return state === 'WATCHDOG=1' && say(ALIVE);
    },
    watchdogMs: ALIVE_MS,
  };
}
