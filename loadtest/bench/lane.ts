import type { SignedTaps } from '../../server/game/tap.ts';
import type { Trader } from './trader.ts';

/** What a server said to one order: a code for each tap that was not accepted. */
export interface Answer {
  readonly accepted: number;
  readonly refused: readonly string[];
}

/** An order on its way. `heard` is called once. */
export interface Shot {
  readonly payload: string;
  readonly seat: number;
  readonly heard: (answer: Answer) => void;
}

/** A way to a server: connections that are open and carry orders. */
export interface Lane {
  /** Connections, and how many orders one of them may carry at a time. */
  readonly seats: number;
  readonly depth: number;
  /** The bytes of an order, made before the clock runs. */
  payloadOf(order: SignedTaps, trader: Trader): string;
  send(shot: Shot): void;
  close(): void;
}

/** Reads the body of an answer; both lanes carry the same fields. */
export function answerOf(body: {
  readonly results?: readonly { readonly status: string; readonly code?: string }[];
  readonly error?: { readonly code: string };
  readonly code?: string;
}): Answer {
  if (body.results === undefined)
    return { accepted: 0, refused: [body.error?.code ?? body.code ?? 'no answer'] };
  let accepted = 0;
  const refused: string[] = [];
  for (const { status, code } of body.results)
    status === 'accepted' ? accepted++ : refused.push(code ?? status);
  return { accepted, refused };
}
