import { Type } from '@sinclair/typebox';
import type { SignedTaps } from '../game/tap.ts';
import { fieldFault, Fields, type Fault } from './fields.ts';

/** The order as JSON: what the API documents and what both edges read by. */

/**
 * A marked list has as many items as the settings allow: the document shows the number as `maxItems`, readers
 * check it beside the shape.
 */
export const BOUND_BY_SETTING = 'x-tapgrid-bound';
const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

export const CellText = Type.String({
  minLength: 1,
  maxLength: 48,
  pattern: '^[0-9.]+$',
  description: 'a cell id <startMs>.<windowMs>.<lowCents>.<highCents>',
});

const NONCE = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';

const TapShape = Type.Object(
  {
    cell: CellText,
    stake: whole(1, WHOLE_MAX, 'micro-dollars, whole cents within what may be staked'),
    multiplier: whole(0, 1_000_000, 'the multiplier that was shown, hundredths'),
    revision: whole(0, WHOLE_MAX, 'the revision of that multiplier'),
  },
  { additionalProperties: false },
);

export const SignedTapsShape = Type.Object(
  {
    nonce: Type.String({
      pattern: NONCE,
      description: 'a lower-case UUID; the same nonce gets the first response again',
    }),
    deadline: whole(0, WHOLE_MAX, "UTC epoch ms by the server's clock; later the order is not accepted"),
    taps: Type.Array(TapShape, {
      minItems: 1,
      [BOUND_BY_SETTING]: true,
      description: 'one or more taps, up to the limit per signature',
    }),
    signature: Type.String({
      pattern: '^[A-Za-z0-9_-]{86}$',
      description: "base64url, without padding, of the 64 raw bytes r‖s of the session key's signature",
    }),
  },
  { additionalProperties: false },
);

const FIELDS = new Fields(SignedTapsShape);

/**
 * The one reader of orders, for HTTP and for sockets. Of the cell ids only length and characters are checked
 * here.
 * @returns null when the value is an order of at most `tapsMax` taps and nothing else, so that it can be
 *   taken for `SignedTaps`.
 */
export const orderFault = (value: unknown, tapsMax: number): Fault | null =>
  shapeFault(value) ?? lengthFault(value as SignedTaps, tapsMax);

/** @returns null when the value is an order, of however many taps. */
export const shapeFault = (value: unknown): Fault | null => FIELDS.faultOf(value);

/** What is wrong with an order that could be read. */
export const lengthFault = ({ taps }: Pick<SignedTaps, 'taps'>, tapsMax: number): Fault | null =>
  taps.length > tapsMax ? fieldFault('taps', `expected at most ${tapsMax}, the limit per signature`) : null;

const NONCE_SHAPE = new RegExp(NONCE);

/**
 * The nonce of an order that could not be read, so that its sender can tell which; null where there is none
 * of its shape.
 */
export function nonceOf(value: object): string | null {
  const { nonce } = value as { readonly nonce?: unknown };
  return typeof nonce === 'string' && NONCE_SHAPE.test(nonce) ? nonce : null;
}
