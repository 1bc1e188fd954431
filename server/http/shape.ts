import { Type, type TSchema } from '@sinclair/typebox';
import { REJECTIONS, VOID_REASONS } from '../game/rejection.ts';
import { PAUSES } from '../game/revision.ts';

/** Schemas that several calls share. A description is also what a refusal says is expected. */

/** One of a closed list of words. */
export const oneOf = <const Words extends readonly string[]>(
  words: Words,
  description: string,
  whenMissing?: Words[number],
) =>
  Type.Union(
    words.map((word) => Type.Literal(word as Words[number])),
    { description, ...(whenMissing !== undefined && { default: whenMissing }) },
  );

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const count = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
export const amount = (description: string) =>
  Type.Integer({
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `${description}, micro-dollars`,
  });
export const time = (description: string) => count(`${description}, UTC epoch ms`);
export const hundredths = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000, description: `${description}, hundredths` });
export const cents = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: `${description}, cents` });

export const Currency = oneOf(['PLAY', 'USD'], 'PLAY or USD');
export const BetStatus = oneOf(
  ['placed', 'locked', 'won', 'lost', 'void'],
  'placed and locked are open, the others closed',
);
export const VoidReason = orNull(
  oneOf(Object.keys(VOID_REASONS) as (keyof typeof VOID_REASONS)[], 'Why the stake was refunded'),
);
export const PauseReason = orNull(oneOf(PAUSES, 'Why no bets are taken although there are prices'));
export const MaintenanceShape = orNull(
  Type.Object(
    {
      from: time('Taps are paused from then on'),
      until: time('To then'),
      reason: Type.String({ description: 'For people' }),
      running: Type.Boolean({ description: 'It has begun' }),
    },
    { description: 'Announced by the operator; windows that would overlap it take no bets' },
  ),
);
export const HeadlineShape = orNull(
  Type.Object(
    {
      at: time('When the news is expected'),
      name: Type.String({ description: 'For people' }),
      from: time('Cells are sold on its terms from then on'),
      until: time('To then'),
      running: Type.Boolean({ description: 'They are now' }),
    },
    {
      description:
        'The entry of the news calendar that is near: around it the edge is wider and the highest ' +
        'multiplier lower',
    },
  ),
);
export const Code = oneOf(
  REJECTIONS.map(([code]) => code),
  'One of a closed list',
);

/** What every refusal looks like. */
export const ErrorShape = Type.Object({
  error: Type.Object({
    code: Code,
    message: Type.String({ description: 'A message for people; it may change' }),
    field: Type.Optional(
      Type.String({ description: 'The field of the request that is wrong, as a path with dots' }),
    ),
    retryAfterMs: Type.Optional(Type.Integer({ minimum: 0, description: 'With 429 and 503: when to retry' })),
  }),
});

export const PublicKey = Type.String({
  pattern: '^[A-Za-z0-9_-]{87}$',
  description: 'base64url of the 65 raw bytes of a P-256 public key',
});

/** Opaque text of a page's end. */
export const Cursor = Type.String({
  pattern: '^[A-Za-z0-9._~-]{1,128}$',
  description: 'the cursor of the page before',
});
export const NextCursor = orNull(Type.String({ description: 'Cursor of the next page; null at the end' }));

/** `limit` of a page: how many rows at most. */
export const PageSize = (maximum: number) =>
  Type.Integer({ minimum: 1, maximum, description: `a whole number from 1 to ${maximum}` });

export const SignedInShape = Type.Object({
  account: Type.Object({ id: Type.String(), currency: Currency, balance: amount('Balance') }),
  session: Type.Object({
    id: Type.String({ description: 'Part of the text that taps sign' }),
    expiresAt: time('End of the session'),
  }),
  token: Type.String({ description: 'For `Authorization: Bearer`; shown once' }),
  origin: Type.String({ description: 'Part of the text that taps sign, exactly as here' }),
});
