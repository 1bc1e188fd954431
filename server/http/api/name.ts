import { Type } from '@sinclair/typebox';
import { NAME_FORM } from '../../game/trader-name.ts';
import { endpoint } from '../endpoint.ts';
import { chooseName, takeNameBack } from '../naming.ts';
import { ok } from '../reply.ts';

const NameShape = Type.Object({
  name: Type.String({ description: 'The name under which others see the account' }),
});

export const name = endpoint({
  method: 'POST',
  path: '/api/v1/account/name',
  title: 'Choose a public name',
  about:
    'Agrees that others see this practice account under a name: with its wins on the live list of wins, ' +
    'and with its profit, best multiplier and number of bets on the leaderboards. ' +
    `A name has ${NAME_FORM}; other forms of these letters become them (NFKC). Names are compared by what ` +
    'looks alike (`0` and `o`, `rn` and `m`), so nobody can be taken for somebody else. Without a name ' +
    'an account is never shown. Sending another name changes it; `DELETE` takes it back.',
  access: 'session',
  body: {
    schema: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 64, description: `a name of ${NAME_FORM}` }),
        agree: Type.Literal(true, { description: 'true: the trader agrees that others see it' }),
      },
      { additionalProperties: false, description: 'name, and agree: true' },
    ),
    example: { name: 'Ada-1815', agree: true },
  },
  answers: { 200: { about: 'As it is shown from now on', schema: NameShape, example: { name: 'Ada-1815' } } },
  refusals: ['practice_only', 'name_refused', 'name_taken', 'names_full', 'busy'],
  limit: { name: 'names', by: 'address' },
  run: async ({ deps, session, body }) =>
    (await chooseName(deps, session.accountId, body.name)) ??
    ok({ name: deps.books.nameOf(session.accountId) }),
});

export const nameless = endpoint({
  method: 'DELETE',
  path: '/api/v1/account/name',
  title: 'Take your public name back',
  about:
    'Nobody sees the name any more, from now on; it is erased from the books, and free for others. Taking ' +
    'back a name that is not there changes nothing. Signing out of a practice account does it too.',
  access: 'session',
  answers: { 204: { about: 'Erased', schema: Type.Null(), example: null } },
  refusals: ['practice_only', 'busy'],
  run: async ({ deps, session }) =>
    (await takeNameBack(deps, session.accountId)) ?? { status: 204, body: null },
});
