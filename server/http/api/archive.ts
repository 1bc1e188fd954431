import type { Session } from '../../game/session.ts';
import { Type } from '@sinclair/typebox';
import { archivedRows, askArchive } from '../archived.ts';
import type { Call } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { amount, count, oneOf, orNull, time } from '../shape.ts';

const STATES = ['here', 'archived', 'waiting', 'fetching', 'failed'] as const;
const State = oneOf(
  STATES,
  '`here`: all of it can be read. `archived`: it can be asked for. `failed`: ' +
    'the archive could not be read, the operator has been told',
);
const RetryAfter = orNull(
  Type.Number({ description: 'When to look, or to ask, again, ms; null where there is nothing to wait for' }),
);

/** What the lists of an account say of rows that have left the disk. */
export const ArchivedShape = orNull(
  Type.Object({
    until: time('Rows up to this time are in the archive'),
    balance: amount('What the account had then: the oldest row here continues from it'),
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
  title: 'Ask for what is archived',
  about:
    'Closed bets and their rows leave the disk after some weeks for the archive, for ever. ' +
    'This has what is missing for the receipt of `betId` fetched, ' +
    'or without one the newest part of the statement that has left. ' +
    'Segments of the archive are fetched one after the other and held against their hashes and both ' +
    'chains; then the receipt, the list of bets and the statement have what was in them, for a while. ' +
    'Ask again to see how far it is. ' +
    'An account that asks too often gets `rate_limited`.',
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
      about: 'Nothing is missing: it can be read',
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
