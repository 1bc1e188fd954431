import type { SocketCaller } from './connection.ts';

/**
 * What a socket is subscribed to: all that its kind of socket gets of the board with such windows. Frames of
 * a topic are rendered once, however many watch.
 */
export const topicOf = (kind: SocketCaller['kind'], windowMs: number): Topic => `public-${kind}-${windowMs}`;
export type Topic = `public-${SocketCaller['kind']}-${number}`;
