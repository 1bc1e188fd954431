import { Type } from '@sinclair/typebox';
import type { Refused, SignedIn } from '../../ports/sign-in.ts';
import { endpoint, type Call } from '../endpoint.ts';
import { VECTOR } from '../guide/vector.ts';
import type { Reply } from '../reply.ts';
import { PublicKey, SignedInShape } from '../shape.ts';

export const SIGNED_IN_EXAMPLE = {
  account: { id: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d', currency: 'PLAY', balance: 10_000_000_000 },
  session: { id: '0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61', expiresAt: 1_781_524_800_000 },
  token: 'q3p0mXr2m0m9m1o0H6kM4m2u0d4s1k8e5VbT7yWcZxA',
  origin: 'https://taps.example',
};
export const PUBLIC_KEY_EXAMPLE = VECTOR.publicKey;

export const practice = endpoint({
  method: 'POST',
  path: '/api/v1/practice',
  title: 'Open a practice account',
  about:
    'Creates an account with play money and a session whose taps the given key signs. A browser also gets ' +
    'the session as a cookie.',
  access: 'open',
  body: {
    schema: Type.Object({ publicKey: PublicKey }, { additionalProperties: false }),
    example: { publicKey: PUBLIC_KEY_EXAMPLE },
  },
  answers: {
    201: { about: 'The account and its session', schema: SignedInShape, example: SIGNED_IN_EXAMPLE },
  },
  refusals: ['key_reused', 'busy'],
  limit: { name: 'practice', by: 'address' },
  run: async (call) =>
    signedInReply(call, await call.deps.login.practice(call.body.publicKey, call.now), 201),
});

/** The same answer for practice and for a wallet: body for programs, cookie for browsers. */
export function signedInReply(
  { deps, now, program }: Pick<Call, 'deps' | 'now' | 'program'>,
  outcome: SignedIn | Refused,
  status: number,
): Reply {
  // What the author of a program has to know is no sentence for a trader.
  if ('code' in outcome)
    return outcome.code === 'bad_signature' && !program ? { code: outcome.code } : outcome;
  const { account, session, token } = outcome;
  const { id, currency, balance } = account;
  const maxAgeS = Math.max(0, Math.floor((session.expiresAt - now) / 1000));
  return {
    status,
    body: {
      account: { id, currency, balance },
      session: { id: session.id, expiresAt: session.expiresAt },
      token,
      origin: deps.origin,
    },
    ...(!program && { headers: { 'set-cookie': deps.cookies.setSession(token, maxAgeS) } }),
  };
}
