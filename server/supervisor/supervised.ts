import { ALIVE, BEAT, BEAT_MS, READY } from './member.ts';

/** How often the oracle's loop says that it and the writer move, as a service manager would be told. */
const ALIVE_MS = 3_000;

export interface SaysToSupervisor {
  /** Receives what the service manager is sent. */
  readonly notify: (state: string) => boolean;
  /** How often the service manager expects to hear of it; null where nobody but the supervisor does. */
  readonly watchdogMs: number | null;
}

/**
 * How a process of the house talks to its supervisor: its loop says that it comes round. @returns null where
 * there is no supervisor. @param role only the engine's life is handed on to the service manager.
 */
export function saysToSupervisor(role: 'engine' | 'edge'): SaysToSupervisor | null {
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
    watchdogMs: role === 'engine' ? ALIVE_MS : null,
  };
}
