import { Type } from '@sinclair/typebox';
import { endpoint } from '../endpoint.ts';
import { oneOf } from '../shape.ts';

export const session = endpoint({
  method: 'DELETE',
  path: '/api/v1/session',
  title: 'Sign out',
  about: 'Ends this session; with `?everywhere=true` every session of the account. Open bets continue.',
  access: 'session',
  query: Type.Object({ everywhere: Type.Optional(oneOf(['true', 'false'], 'true or false')) }),
  answers: { 204: { about: 'Signed out; no body', schema: Type.Null(), example: null } },
  refusals: ['busy'],
  run: async ({ deps, query, session, program }) => {
    const code = await deps.sessions.end(session, query.everywhere === 'true');
    return code === null
      ? {
          status: 204,
          body: null,
          ...(!program && { headers: { 'set-cookie': deps.cookies.clearSession() } }),
        }
      : { code };
  },
});
