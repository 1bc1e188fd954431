import type { WebSocket as Socket } from 'k6/websockets';

declare function require(module: string): { readonly WebSocket: typeof Socket };

/**
 * The socket of this k6: in 1.1 its module has another name, and an import of a name that is not there ends
 * the script.
 */
export const WebSocket = moduleOfSockets().WebSocket;
export type WebSocket = Socket;

function moduleOfSockets(): { readonly WebSocket: typeof Socket } {
  try {
    return require('k6/websockets');
  } catch {
    return require('k6/experimental/websockets');
  }
}
