import { Type } from '@sinclair/typebox';
import { endpoint } from '../endpoint.ts';
import { ok, type Json } from '../reply.ts';
import { amount, count, Currency, PublicKey, SignedInShape, time } from '../shape.ts';
import { CHALLENGE_ID_EXAMPLE, ChallengeId, challengeReply, KeySignature, preOf } from './login.ts';
import { PUBLIC_KEY_EXAMPLE, SIGNED_IN_EXAMPLE, signedInReply } from './practice.ts';

/** The way back into a practice account, and its refill. */

const NEW_KEY_EXAMPLE =
  'BHrXnt5cUj8Y7zQ2c1mJ0wqK9p4aVn6sEoXb3fTgLd0RkW8yMiPuZ5hNvC1eSxJ7qAaYt2BfGl9oDwQrKzUcIm4';
const AccountId = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: 'the id of the account' });
const { id: ACCOUNT_EXAMPLE } = SIGNED_IN_EXAMPLE.account;
const RETURN_TEXT_EXAMPLE =
  `tapgrid-return-v1\nhttps://taps.example\n${ACCOUNT_EXAMPLE}\n${PUBLIC_KEY_EXAMPLE}\n` +
  `${NEW_KEY_EXAMPLE}\n7a0f4be2c1d94b6e8f3a5c7d9e1b2f40\n`;

export const returnChallenge = endpoint({
  method: 'POST',
  path: '/api/v1/practice/return/challenge',
  title: 'Request the message that brings back a practice account',
  about:
    'A practice account has no wallet. Anyone who holds one of its keys can bring it back, however long ' +
    'ago its session ended. The message names the origin, the account, the registered key and a new key ' +
    'for the new session, because each session has its own key. The same registered key works again ' +
    'and again until it is signed out with `DELETE /api/v1/session`, by its own session or by any ' +
    'session of the account with `?everywhere=true`. A message is returned for any account and ' +
    'key; only a valid signature reveals whether they belong together.',
  access: 'open',
  body: {
    schema: Type.Object(
      { account: AccountId, registeredKey: PublicKey, publicKey: PublicKey },
      { additionalProperties: false },
    ),
    example: { account: ACCOUNT_EXAMPLE, registeredKey: PUBLIC_KEY_EXAMPLE, publicKey: NEW_KEY_EXAMPLE },
  },
  answers: {
    200: {
      about:
        'The message to sign: `tapgrid-return-v1`, origin, account, registered key, new key, nonce, each ' +
        'followed by a line feed',
      schema: Type.Object({ challengeId: ChallengeId, message: Type.String() }),
      example: { challengeId: CHALLENGE_ID_EXAMPLE, message: RETURN_TEXT_EXAMPLE },
    },
  },
  refusals: ['key_reused'],
  run: async (call) =>
    challengeReply(
      call,
      await call.deps.comeback.challenge({ ...call.body, program: call.program }, preOf(call), call.now),
    ),
});

const AwayShape = Type.Object({
  since: time('When the account was last used'),
  until: time('Now'),
  won: count('Bets won since then'),
  lost: count('Bets lost since then'),
  void: count('Bets voided since then'),
  staked: amount('Stakes of these bets'),
  paid: amount('Amount they returned'),
});

export const practiceReturn = endpoint({
  method: 'POST',
  path: '/api/v1/practice/return',
  title: 'Bring back a practice account',
  about:
    'Takes the registered key’s signature of the message and, as proof of possession, the new key’s ' +
    'signature of the UTF-8 text `tapgrid-login-v1\\n<challengeId>\\n<message>`, ' +
    'both ECDSA P-256 with SHA-256. ' +
    'Responds like `POST /api/v1/practice`, and reports what happened to the bets since then. It counts ' +
    'towards the limit of new practice accounts.',
  access: 'open',
  body: {
    schema: Type.Object(
      { challengeId: ChallengeId, signature: KeySignature, proof: KeySignature },
      { additionalProperties: false },
    ),
    example: { challengeId: CHALLENGE_ID_EXAMPLE, signature: 'A'.repeat(86), proof: 'A'.repeat(86) },
  },
  answers: {
    200: {
      about: 'The account, its new session, and what happened in between',
      schema: Type.Composite([SignedInShape, Type.Object({ away: AwayShape })]),
      example: {
        ...SIGNED_IN_EXAMPLE,
        away: {
          since: 1_781_481_600_000,
          until: 1_781_488_800_000,
          won: 1,
          lost: 2,
          void: 0,
          staked: 30_000_000,
          paid: 21_600_000,
        },
      },
    },
  },
  refusals: ['bad_signature', 'challenge_expired', 'login_failed', 'key_reused', 'account_blocked', 'busy'],
  limit: { name: 'practice', by: 'address' },
  run: async (call) => {
    const outcome = await call.deps.comeback.finish({ ...call.body, pre: preOf(call) }, call.now);
    if ('code' in outcome) return outcome;
    const reply = signedInReply(call, outcome, 200) as Json;
    return { ...reply, body: { ...(reply.body as object), away: outcome.away } };
  },
});

export const refill = endpoint({
  method: 'POST',
  path: '/api/v1/practice/refill',
  title: 'Refill an empty practice account',
  about:
    'Once per UTC day, when the balance is below the lowest stake and no bet is open, a grant tops the ' +
    'account up to the balance of a new one.',
  access: 'session',
  answers: {
    200: {
      about: 'The account as it is now',
      schema: Type.Object({
        account: Type.Object({ id: Type.String(), currency: Currency, balance: amount('Balance') }),
      }),
      example: { account: SIGNED_IN_EXAMPLE.account },
    },
  },
  refusals: ['practice_only', 'not_empty', 'refilled_today', 'busy'],
  run: async ({ deps, session }) => {
    const { accountId } = session;
    const { stakes, practiceGrant } = deps.rules;
    const code = await deps.house.refill(
      accountId,
      Math.min(...stakes) as (typeof stakes)[number],
      practiceGrant,
    );
    if (code !== null) return { code };
    const { id, currency, balance } = deps.books.account(accountId)!;
    return ok({ account: { id, currency, balance } });
  },
});
