import { Type } from '@sinclair/typebox';
import { rejection } from '../../game/rejection.ts';
import type { SignedTaps } from '../../game/tap.ts';
import type { OrderAnswer } from '../../ports/house.ts';
import { orderFault, SignedTapsShape } from '../../ports/signed-taps.ts';
import { endpoint } from '../endpoint.ts';
import { VECTOR } from '../guide/vector.ts';
import { ok, type Refusal } from '../reply.ts';
import { amount, Code, hundredths, orNull, time } from '../shape.ts';

const Result = Type.Union([
  Type.Object({
    status: Type.Literal('accepted'),
    betId: Type.String(),
    multiplier: hundredths('As shown'),
    lockAt: time('The first revision from this time on locks it'),
    balance: amount('Balance after it'),
  }),
  Type.Object({
    status: Type.Literal('rejected'),
    code: Code,
    message: Type.String(),
    multiplier: Type.Optional(hundredths('The current multiplier')),
  }),
]);

export const taps = endpoint({
  method: 'POST',
  path: '/api/v1/taps',
  title: 'Place bets',
  about:
    'Up to `tapsMax` taps (see the grid) under one signature of the session key: ' +
    'ECDSA P-256 with SHA-256, the 64 raw bytes r‖s as base64url without padding, over the UTF-8 text ' +
    '`tapgrid-tap-v1\\n<origin>\\n<sessionId>\\n<nonce>\\n<deadline>\\n` and one line for each tap, ' +
    '`<cell> <stake> <multiplier> <revision>\\n`. The origin is the `origin` of practice, sign-in and ' +
    'grid. The response follows the commit: an accepted bet is durable. Each tap has its own result, in ' +
    'order.',
  access: 'session',
  body: {
    schema: SignedTapsShape,
    example: {
      ...VECTOR.order,
      taps: VECTOR.order.taps.map((tap) => ({ ...tap })),
      signature: VECTOR.signature,
    },
    faultOf: (value, rules) => orderFault(value, rules.tapsPerSignatureMax),
  },
  answers: {
    200: {
      about: 'A result for each tap. `replayed` marks a repeat of the first response to this nonce',
      schema: Type.Object({
        replayed: Type.Boolean(),
        results: Type.Array(Result),
        balance: Type.Optional(orNull(amount('Balance after the order; null if nothing was accepted'))),
      }),
      example: {
        replayed: false,
        results: [
          {
            status: 'accepted',
            betId: '0190a5c2-7000-7000-8000-000000000001',
            multiplier: 235,
            lockAt: 1_781_481_600_800,
            balance: 9_995_000_000,
          },
          {
            status: 'rejected',
            code: 'quote_mismatch',
            message: rejection('quote_mismatch').message,
            multiplier: 231,
          },
        ],
        balance: 9_995_000_000,
      },
    },
  },
  refusals: [
    'deadline_passed',
    'deadline_too_far',
    'nonce_reused',
    'bad_signature',
    'halted',
    'busy',
    'warming_up',
    'head_start_unmeasured',
    'simulated_prices',
    'account_blocked',
    'account_paused',
    'unknown',
  ],
  limit: {
    name: 'taps',
    by: 'account',
    cost: (body) => body.taps.length,
    onOver: ({ deps, body, session, requestId }) =>
      deps.house.turnedAway(body as unknown as SignedTaps, session, requestId),
  },
  run: ({ deps, session, body, requestId }) => {
    const order = body as unknown as SignedTaps;
    return deps.house.order(order, session, requestId).then(toReply, (error) => {
      deps.log.error({ err: error, nonce: order.nonce }, 'an order ended without a response');
      return { code: 'unknown' };
    });
  },
});

function toReply(answer: OrderAnswer): ReturnType<typeof ok> | Refusal {
  if ('code' in answer) return answer;
  const { replayed, results, balance } = answer;
  return ok({
    replayed,
    results: results.map((result) => {
      if (result.status === 'accepted') {
        const { status, betId, multiplier, lockAt, balance: after } = result;
        return { status, betId, multiplier, lockAt, balance: after };
      }
      const { status, code, message, offered } = result;
      return {
        status,
        code,
        message: message ?? rejection(code).message,
        ...(offered !== undefined && { multiplier: offered }),
      };
    }),
    balance,
  });
}
