/**
 * Below the ports that a kernel gives to connections and to whoever asks for any, so that nobody comes by one
 * of these while the server that it is for starts, or is away for a while.
 */
const FIRST = 11_000;
const COUNT = 20_000;
/** Apart for processes that run side by side. */
const APART = 97;

let next = process.pid * APART;

/** A port of loopback that nothing listens on, and that is handed out once. */
export function freePort(): number {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT);
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true);
      return port;
    } catch {
      // Somebody has it.
    }
  }
  throw new Error('no port is free');
}
