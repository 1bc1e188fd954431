import { Type } from '@sinclair/typebox';
import type { SignedTaps } from '../game/tap.ts';
import { fieldFault, Fields, type Fault } from '../ports/fields.ts';
import { lengthFault, nonceOf, shapeFault } from '../ports/signed-taps.ts';

/**
 * Every message a socket may send, and what is wrong with anything else; the nonce identifies the order.
 * `isReadable`: it was an order, though not an acceptable one.
 */
export type Inbound =
  | { readonly type: 'taps'; readonly order: SignedTaps }
  | { readonly type: 'snapshot' }
  /** It is to show another board: the text that says which. */
  | { readonly type: 'board'; readonly board: string }
  | {
      readonly type: 'fault';
      readonly fault: Fault;
      readonly nonce: string | null;
      readonly isReadable: boolean;
    };

/** @returns what a frame says, or null for what is no text of JSON. */
export function parsed(frame: string | Uint8Array): unknown {
  if (typeof frame !== 'string') return null;
  try {
    return JSON.parse(frame);
  } catch {
    return null;
  }
}

const NO_MESSAGE: Inbound = {
  type: 'fault',
  fault: { message: 'Expected a text message with one JSON object.' },
  nonce: null,
  isReadable: false,
};

/** Beside its type. */
const NOTHING_MORE = new Fields(Type.Object({}, { additionalProperties: false }));
const WHICH_BOARD = new Fields(
  Type.Object({ board: Type.String({ maxLength: 16 }) }, { additionalProperties: false }),
);

/** Reads what a frame says: exactly a message of the closed list, without another field. */
export function readInbound(value: unknown, tapsMax: number): Inbound {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return NO_MESSAGE;
  const { type, ...rest } = value as Record<string, unknown>;
  const fault =
    type === 'taps'
      ? shapeFault(rest)
      : type === 'snapshot'
        ? NOTHING_MORE.faultOf(rest)
        : type === 'board'
          ? WHICH_BOARD.faultOf(rest)
          : fieldFault('type', 'expected taps, snapshot or board');
  if (fault !== null) return { type: 'fault', fault, nonce: nonceOf(rest), isReadable: false };
  if (type === 'snapshot') return { type };
  if (type === 'board') return { type, board: rest['board'] as string };
  const order = rest as unknown as SignedTaps;
  const tooMany = lengthFault(order, tapsMax);
  return tooMany === null
    ? { type: 'taps', order }
    : { type: 'fault', fault: tooMany, nonce: order.nonce, isReadable: true };
}
