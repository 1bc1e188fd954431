import { Type } from '@sinclair/typebox';
import { DEFAULT_TERMS } from '../../game/terms.ts';
import { PublishedTermsShape } from '../../ports/terms-shape.ts';
import { endpoint } from '../endpoint.ts';
import { ok, publicFor } from '../reply.ts';

const CACHE_SECONDS = 60;

export const terms = endpoint({
  method: 'GET',
  path: '/api/v1/terms',
  title: 'Read the published terms',
  about:
    'The terms the house has committed itself to, oldest first: the rule, times, venues and quorum, and ' +
    'the parameters of the multipliers. Terms apply to bets from the commit that recorded them until ' +
    'the next terms. `tapgrid verify-receipt` checks a receipt against them.',
  access: 'open',
  answers: {
    200: {
      about: 'All terms, the newest last',
      schema: Type.Object({ terms: Type.Array(PublishedTermsShape) }),
      example: { terms: [{ batch: 1, at: 1_781_481_000_000, terms: DEFAULT_TERMS }] },
    },
  },
  refusals: [],
  run: ({ deps }) => ok({ terms: deps.books.terms() }, publicFor(CACHE_SECONDS)),
});
