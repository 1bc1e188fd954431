import { Type } from '@sinclair/typebox';
import type { ChallengeAnswer, Refused } from '../../ports/sign-in.ts';
import { endpoint, type Call } from '../endpoint.ts';
import { ok, type Reply } from '../reply.ts';
import { PublicKey, SignedInShape } from '../shape.ts';
import { PUBLIC_KEY_EXAMPLE, SIGNED_IN_EXAMPLE, signedInReply } from './practice.ts';

export const ChallengeId = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,640}$',
  description: 'the id of the challenge, unchanged',
});
export const KeySignature = Type.String({
  pattern: '^[A-Za-z0-9_-]{86}$',
  description: "the session key's signature, base64url of r‖s",
});
export const CHALLENGE_ID_EXAMPLE = 'q1Yv8Zk0b2Jd3Lr5s7Tt9Xw1a4Cc6Ee8Gg0Ii2Kk4MoeyJraW5kIjoid2FsbGV0In0';
const MESSAGE_EXAMPLE =
  'taps.example wants you to sign in with your Ethereum account:\n' +
  '0x71C7656EC7ab88b098defB751B7401B5f6d8976F\n\n…';

export const challenge = endpoint({
  method: 'POST',
  path: '/api/v1/login/challenge',
  title: 'Request a sign-in message',
  about:
    'Returns the ERC-4361 message that the wallet signs once to delegate taps to the given key. It is ' +
    'valid for a few minutes and a few tries. Its id is long because it contains the sealed challenge.',
  access: 'open',
  body: {
    schema: Type.Object(
      {
        address: Type.String({
          pattern: '^(0[xX])?[0-9a-fA-F]{40}$',
          description: 'an Ethereum address, 40 hex digits, with 0x or without',
        }),
        chainId: Type.Integer({ minimum: 1, maximum: 999_999_999_999, description: 'an EIP-155 chain id' }),
        publicKey: PublicKey,
      },
      { additionalProperties: false },
    ),
    example: {
      address: '0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
      chainId: 1,
      publicKey: PUBLIC_KEY_EXAMPLE,
    },
  },
  answers: {
    200: {
      about: 'The text to be signed with personal_sign',
      schema: Type.Object({ challengeId: ChallengeId, message: Type.String() }),
      example: { challengeId: CHALLENGE_ID_EXAMPLE, message: MESSAGE_EXAMPLE },
    },
  },
  refusals: ['key_reused', 'busy'],
  run: async (call) =>
    challengeReply(
      call,
      await call.deps.login.challenge({ ...call.body, program: call.program }, preOf(call), call.now),
    ),
});

export const login = endpoint({
  method: 'POST',
  path: '/api/v1/login',
  title: 'Sign in with a wallet',
  about:
    'Takes the wallet’s signature of the message (personal_sign) and, as proof of possession, the session ' +
    'key’s signature of the UTF-8 text ' +
    '`tapgrid-login-v1\\n<challengeId>\\n<message>`.',
  access: 'open',
  body: {
    schema: Type.Object(
      {
        challengeId: ChallengeId,
        // Longer ones come from contract wallets, which get the answer that they cannot sign in.
        signature: Type.String({
          pattern: '^(0[xX])?[0-9a-fA-F]*$',
          maxLength: 12_000,
          description: "the wallet's signature in hex, 65 bytes or the compact 64, with 0x or without",
        }),
        proof: KeySignature,
      },
      { additionalProperties: false },
    ),
    example: {
      challengeId: CHALLENGE_ID_EXAMPLE,
      signature: `0x${'5e'.repeat(64)}1b`,
      proof: 'A'.repeat(86),
    },
  },
  answers: {
    200: {
      about: 'The account and its session',
      schema: SignedInShape,
      example: {
        ...SIGNED_IN_EXAMPLE,
        account: { ...SIGNED_IN_EXAMPLE.account, currency: 'USD', balance: 0 },
      },
    },
  },
  refusals: ['bad_signature', 'challenge_expired', 'login_failed', 'key_reused', 'account_blocked', 'busy'],
  run: async (call) =>
    signedInReply(call, await call.deps.login.finish({ ...call.body, pre: preOf(call) }, call.now), 200),
});

/** What the browser's cookie holds that ties texts to it; a program has none. */
export const preOf = ({
  deps,
  headers,
  program,
}: Pick<Call, 'deps' | 'headers' | 'program'>): string | null =>
  program ? null : deps.cookies.pre(headers.get('cookie'));

/** The text to be signed, and for a browser the cookie that ties it to it. */
export function challengeReply(
  { deps, now }: Pick<Call, 'deps' | 'now'>,
  outcome: ChallengeAnswer | Refused,
): Reply {
  if ('code' in outcome) return outcome;
  const { challengeId, message, pre, expiresAt } = outcome;
  if (pre === null) return ok({ challengeId, message });
  return ok(
    { challengeId, message },
    { 'set-cookie': deps.cookies.setPre(pre, Math.max(1, Math.ceil((expiresAt - now) / 1000))) },
  );
}
