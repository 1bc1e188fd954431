import { Counter, Trend } from 'k6/metrics';
import { WebSocket } from './socket.ts';
import { SOCKET_URL, socketHeaders, type Client } from './client.ts';

/** Sockets that were not let in, and that were closed by the server although nobody had asked for it. */
export const socketsRefused = new Counter('sockets_refused');
export const socketsDropped = new Counter('sockets_dropped');
export const framesMissed = new Counter('frames_missed');
/** From the tick's own time to its arrival; only sound when both clocks agree. */
export const tickAge = new Trend('tick_age', true);

/**
 * Listens until `stayMs` have passed. @returns whether the socket was open at all, and the code with which
 * the server closed it, if it did.
 */
export function listen(
  client: Client,
  stayMs: number,
): Promise<{ readonly opened: boolean; readonly closedWith: number | null }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(SOCKET_URL, null, { headers: socketHeaders(client.token) });
    let [opened, leaving, lastSeq] = [false, false, 0];
    socket.onopen = () => {
      opened = true;
      setTimeout(() => {
        leaving = true;
        socket.close();
      }, stayMs);
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as { type: string; seq?: number; at?: number; full?: boolean };
      if (message.type === 'tick') tickAge.add(Math.max(0, Date.now() - message.at!));
      if (message.seq === undefined || message.full === true || message.type === 'hello') return;
      if (lastSeq > 0 && message.seq > lastSeq + 1) framesMissed.add(message.seq - lastSeq - 1);
      lastSeq = message.seq;
    };
    socket.onerror = () => {
      if (!opened) resolve({ opened: false, closedWith: null });
    };
    socket.onclose = ({ code }) => resolve({ opened, closedWith: leaving ? null : code });
  });
}
