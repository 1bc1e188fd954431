import { Elysia, type AnyElysia } from 'elysia';
import type { StaticFiles } from '../pages/static.ts';
import { commonHeaders } from '../request-head.ts';

/** The operator's page by itself, with the files that it needs, for a listener of its own. */
export function opsApp({ files }: { readonly files: StaticFiles }, pages: readonly AnyElysia[]) {
  const app = new Elysia({ strictPath: true })
    .onRequest(({ set }) => void Object.assign(set.headers, commonHeaders()))
    .get(
      '/static/*',
      ({ request, params }) =>
        files.respond(params['*'], request.headers) ?? new Response(null, { status: 404 }),
    );
  for (const one of pages) app.use(one);
  return app;
}
