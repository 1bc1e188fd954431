import { Type, type TSchema } from '@sinclair/typebox';

/** Schemas that several calls share. A description is also what a refusal says is wanted. */

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const count = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
export const amount = (description: string) => Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, description: `${description}, micro-dollars` });
export const time = (description: string) => count(`${description}, UTC epoch ms`);
export const hundredths = (description: string) => Type.Integer({ minimum: 0, maximum: 1_000_000, description: `${description}, hundredths` });
export const cents = (description: string) => Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: `${description}, cents` });

export const Currency = Type.Union([Type.Literal('PLAY'), Type.Literal('USD')], { description: 'PLAY or USD' });
export const PublicKey = Type.String({ pattern: '^[A-Za-z0-9_-]{87}$', description: 'base64url of the 65 raw bytes of a P-256 public key' });
export const CellText = Type.String({ minLength: 1, maxLength: 48, pattern: '^[0-9.]+$', description: 'a cell id <startMs>.<windowMs>.<lowCents>.<highCents>' });

/** Opaque text of a page's end. */
export const Cursor = Type.String({ pattern: '^[A-Za-z0-9._~-]{1,128}$', description: 'the cursor of the page before' });
export const NextCursor = orNull(Type.String({ description: 'Asks for the next page; null at the end' }));

/** `limit` of a page: how many rows at most. */
export const PageSize = (maximum: number) => Type.Integer({ minimum: 1, maximum, description: `a whole number from 1 to ${maximum}` });

export const SignedInShape = Type.Object({
  account: Type.Object({ id: Type.String(), currency: Currency, balance: amount('Balance') }),
  session: Type.Object({ id: Type.String({ description: 'Part of the text that taps sign' }), expiresAt: time('End of the session') }),
  token: Type.String({ description: 'For `Authorization: Bearer`; shown once' }),
});
