import type { Session } from '../../game/session.ts';
import { Type } from '@sinclair/typebox';
import { archivedRows, askArchive } from '../archived.ts';
import type { Call } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { amount, count, oneOf, orNull, time } from '../shape.ts';

const STATES = ['here', 'archived', 'waiting', 'fetching', 'failed'] as const;
const State = oneOf(
  STATES,
  '`here`: everything is readable. `archived`: you can request it. `failed`: the archive could not be ' +
    'read; the operator has been informed',
);
const RetryAfter = orNull(
  Type.Number({ description: 'When to check or request again, ms; null if there is nothing to wait for' }),
);

/** What the lists of an account say of rows that have left the disk. */
export const ArchivedShape = orNull(
  Type.Object({
    until: time('Rows up to this time are in the archive'),
    balance: amount('The balance at that time, from which the oldest row here continues'),
    rows: count('Rows of the statement up to then'),
    state: State,
    retryAfterMs: RetryAfter,
  }),
);

export function archivedOf({ deps, session }: Pick<Call<unknown, unknown, Session>, 'deps' | 'session'>): {
  until: number;
  balance: number;
  rows: number;
  state: string;
  retryAfterMs: number | null;
} | null {
  const found = archivedRows(deps, session.accountId);
  return found && { until: found.until, balance: found.balance, rows: found.rows, ...found.progress };
}

export const archive = endpoint({
  method: 'POST',
  path: '/api/v1/archive',
  title: 'Request archived bets',
  about:
    'Some weeks after they are closed, bets and their rows move from the disk to the archive for good. ' +
    'This call fetches what the receipt of `betId` needs, or without `betId` the newest archived part ' +
    'of the statement. Segments are fetched one by one and verified against their hashes and both ' +
    'chains; then the receipt, the list of bets and the statement include them for a while. Call it ' +
    'again to see the progress. An account that asks too often gets `rate_limited`.',
  access: 'session',
  body: {
    schema: Type.Object(
      { betId: Type.Optional(Type.String({ maxLength: 64 })) },
      { additionalProperties: false },
    ),
    example: { betId: '0190a5c2-7000-7000-8000-000000000001' },
  },
  answers: {
    200: {
      about: 'Everything is readable',
      schema: Type.Object({ state: State, retryAfterMs: RetryAfter }),
      example: { state: 'here', retryAfterMs: null },
    },
    202: {
      about: 'It is being fetched',
      schema: Type.Object({ state: State, retryAfterMs: RetryAfter }),
      example: { state: 'fetching', retryAfterMs: 5000 },
    },
  },
  refusals: ['not_found', 'archived', 'busy'],
  run: ({ deps, session, body }) => {
    const asked = askArchive(deps, session, body.betId ?? null);
    if ('code' in asked) return asked;
    const wait = asked.retryAfterMs;
    return {
      status: asked.state === 'here' ? 200 : 202,
      body: asked,
      ...(wait !== null && { headers: { 'retry-after': String(Math.ceil(wait / 1000)) } }),
    };
  },
});
