import { STREAM_SENT } from '../../server/http/api/stream-messages.ts';
import { FRAME_BYTES_MAX } from '../../server/live/limits.ts';

const [CONTINUED, TEXT, BINARY, CLOSE, PING, PONG, RESERVED] = [0x0, 0x1, 0x2, 0x8, 0x9, 0xa, 0xb];
const TAPS = 1_000;

interface Framing {
  readonly isLast?: boolean;
  readonly isMasked?: boolean;
  /** Bits of extensions that nobody agreed on. */
  readonly reserved?: number;
  /** Says another length than it has. */
  readonly length?: number;
}

/** One frame of RFC 6455, right or wrong. */
function frame(
  kind: number,
  payload: string,
  { isLast = true, isMasked = true, reserved = 0, length }: Framing = {},
): Uint8Array {
  const body = Buffer.from(payload);
  const said = length ?? body.length;
  const mask = Buffer.from([7, 13, 17, 23]);
  const head = Buffer.alloc(10);
  head[0] = (isLast ? 0x80 : 0) | (reserved << 4) | kind;
  const masked = isMasked ? 0x80 : 0;
  let bytes = 2;
  if (said < 126) head[1] = masked | said;
  else if (said < 65_536) {
    head[1] = masked | 126;
    head.writeUInt16BE(said, 2);
    bytes = 4;
  } else {
    head[1] = masked | 127;
    head.writeBigUInt64BE(BigInt(said), 2);
    bytes = 10;
  }
  if (!isMasked) return Buffer.concat([head.subarray(0, bytes), body]);
  for (let at = 0; at < body.length; at++) body[at]! ^= mask[at % 4]!;
  return Buffer.concat([head.subarray(0, bytes), mask, body]);
}

/** Asks for a socket. @param path of a page's or a program's */
export const handshake = (origin: string, path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');

const sized = (bytes: number): string => `{"type":"${'x'.repeat(bytes - 11)}"}`;

const SNAPSHOT = frame(TEXT, JSON.stringify(STREAM_SENT.snapshot.example));

/**
 * Every message of the closed list, at its limits and beyond, and what is none. After each comes one that
 * asks for much, and that keeps the socket open: bad ones in a row would end it.
 */
export const MESSAGES: readonly Uint8Array[] = [
  ...Object.values(STREAM_SENT).map(({ example }) => frame(TEXT, JSON.stringify(example))),
  frame(TEXT, JSON.stringify({ ...STREAM_SENT.snapshot.example, more: 1 })),
  frame(TEXT, JSON.stringify({ ...STREAM_SENT.taps.example, nonce: crypto.randomUUID() })),
  frame(TEXT, JSON.stringify({ ...STREAM_SENT.taps.example, deadline: Number.MAX_SAFE_INTEGER })),
  frame(TEXT, JSON.stringify({ ...STREAM_SENT.taps.example, taps: new Array(TAPS).fill(0) })),
  frame(TEXT, sized(FRAME_BYTES_MAX)),
  frame(TEXT, '['.repeat(FRAME_BYTES_MAX)),
  frame(TEXT, ''),
  frame(BINARY, '{"type":"snapshot"}'),
  frame(PING, 'x'.repeat(125)),
  frame(PONG, ''),
].flatMap((message) => [message, SNAPSHOT]);

/** What a house ends a socket for, each in its own manner. */
export const VIOLATIONS: readonly Uint8Array[] = [
  frame(TEXT, sized(FRAME_BYTES_MAX + 1)),
  frame(TEXT, 'x', { length: 2 ** 53 }),
  frame(TEXT, 'x', { isMasked: false }),
  frame(TEXT, 'x', { reserved: 7 }),
  frame(RESERVED, 'x'),
  frame(CONTINUED, 'x'),
  frame(PING, 'x'.repeat(126)),
  frame(CLOSE, '\u0003'),
  Buffer.concat(Array.from({ length: 500 }, () => frame(TEXT, 'x'.repeat(100), { isLast: false }))),
];
