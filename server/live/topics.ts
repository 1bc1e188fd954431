/** What sockets are subscribed to. Frames of a topic are rendered once, however many watch. */
export const TOPICS = { page: 'public-page', stream: 'public-stream' } as const;
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];
