import type { VenueName } from '../../../server/feed/spec.ts';

/** The venue's side of one connection, as the test server keeps it. */
export interface Line {
  readonly venue: VenueName;
  readonly subscriptions: Set<string>;
  /** Number of the next message, where the venue counts them. */
  sequence: number;
  send(frame: string): void;
  /** The venue cuts the line because the client broke a rule. */
  cut(rule: string): void;
}

export interface Book {
  readonly bid: string;
  readonly ask: string;
  /** Exchange time, UTC epoch ms. */
  readonly at: number;
}

/** How one venue speaks, from its documentation: what it sends, what it answers, what it does not forgive. */
export interface Protocol {
  greet?(line: Line): void;
  /** A message of the client. */
  hear(line: Line, text: string): void;
  /** What must be subscribed before quotes come. */
  readonly channel: string;
  heartbeat?(line: Line): string;
  book(line: Line, book: Book): string;
  /** The notice before the venue closes the line. */
  shutdown?(line: Line): string;
  refusal(line: Line): string;
}

export const iso = (at: number, decimals: string): string =>
  new Date(at).toISOString().replace('Z', `${decimals}Z`);

export function parsed(line: Line, text: string): Record<string, any> {
  try {
    return JSON.parse(text);
  } catch {
    line.cut('not JSON');
    return {};
  }
}

/** A side of the book that is empty has no levels. */
export const levelsOf = (price: string, size: string): [string, string][] =>
  Number(price) === 0 ? [] : [[price, size]];
