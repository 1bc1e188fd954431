import { Type } from '@sinclair/typebox';
import { endpoint } from '../endpoint.ts';
import { ok, publicFor } from '../reply.ts';
import { count, orNull, time } from '../shape.ts';

const hash = Type.String({ description: 'SHA-256, hex' });
const Link = Type.Object({ batch: count('Number of the commit'), hash, at: time('When') });

export const chain = endpoint({
  method: 'GET',
  path: '/api/v1/chain',
  title: 'Read the chain heads',
  about:
    'The newest hash of the ledger chain and of the tick chain. Save them: with an old head anybody can ' +
    'prove that history was not rewritten. With `batch`, `commit` is that link of the ledger chain; ' +
    'null if it does not exist or is no longer kept.',
  access: 'open',
  query: Type.Object({ batch: Type.Optional(count('the number of a commit')) }),
  answers: {
    200: {
      about: 'Both heads',
      schema: Type.Object({
        ledger: Link,
        ticks: Type.Object({ seq: count('Number of the newest tick under a hash'), hash, at: time('When') }),
        commit: Type.Optional(orNull(Link)),
      }),
      example: {
        ledger: { batch: 5123, hash: '9f'.repeat(32), at: 1_781_481_600_000 },
        ticks: { seq: 96_427, hash: '3c'.repeat(32), at: 1_781_481_600_000 },
      },
    },
  },
  refusals: [],
  run: ({ deps, query: { batch } }) =>
    ok(
      { ...deps.books.chain(), ...(batch !== undefined && { commit: deps.books.commit(batch) }) },
      publicFor(1),
    ),
});
