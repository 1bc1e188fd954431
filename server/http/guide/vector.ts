import { signedText, type SignedTaps } from '../../game/tap.ts';

/**
 * One signed order with all its parts, for authors of signers. The key is public: it must never be
 * registered.
 */

const ORDER: Omit<SignedTaps, 'signature'> = {
  nonce: '7f3c1a52-9f0e-4a57-8b8e-1f2a3b4c5d6e',
  deadline: 1_781_481_605_000,
  taps: [
    { cell: '1781481610000.5000.7602000.7603000', stake: 5_000_000, multiplier: 235, revision: 48_213 },
    { cell: '1781481615000.5000.7603000.7604000', stake: 1_000_000, multiplier: 142, revision: 48_213 },
  ] as unknown as SignedTaps['taps'],
};
const ORIGIN = 'https://taps.example';
const SESSION_ID = '0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61';

export const VECTOR = {
  /** SHA-256 of the text "a key that everybody knows". */
  privateKey: 'ahbGAYQdJj5tcVRsHMt15f-4Rt4YMaQkbcq258OctrM',
  publicKey: 'BB8ivhfQchp1wP2ZlvN96Hw9dTfjH-p0WB6NM8JYbwMRdX7RZKmz08zdmT7fKNK6YIgA4FBexwSSCtde8HQTW0A',
  origin: ORIGIN,
  sessionId: SESSION_ID,
  order: ORDER,
  text: signedText(ORIGIN, SESSION_ID, ORDER),
  /** SHA-256 of the text, hex. */
  digest: 'ca41dc71a2be597c9fcf7dd3cbfccf307a006c6dd29a27b0c197ef009d52adbb',
  /** Made by RFC 6979, so that a signer without chance makes the same. */
  signature: '5FFQBuOqeWKno0KYfT6L_73xR6DG_5oflk2ai-t9pyzzaKNDzYq3r9M0eaLP6YsMsczs9iMX2agrPQjmrVdxNg',
} as const;
