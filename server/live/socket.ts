import { Elysia } from 'elysia';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { LiveDeps } from './deps.ts';
import { LiveHub, type Publisher } from './hub.ts';
import type { Visitor } from './watcher.ts';

/** Makes the hub and the two routes to it: `/live` for our own pages, `/api/v1/stream` for programs. Socket limits are the server's. */
export function liveHub(deps: LiveDeps) {
  const hub = new LiveHub(deps);
  // A request becomes a socket's context; what was found out about it at the door waits here.
  const visitors = new WeakMap<Request, Visitor>();

  const handlers = (kind: Visitor['kind']) => ({
    // In an array: as a bare function it would run twice.
    beforeHandle: [
      async ({ request, server }: { request: Request; server: (Publisher & { requestIP(request: Request): { address: string } | null }) | null }) => {
        if (server) hub.attach(server);
        const visitor = await admit(deps, hub, kind, request, server?.requestIP(request)?.address ?? null);
        if (visitor instanceof Response) return visitor;
        visitors.set(request, visitor);
        return undefined;
      },
    ],
    open(ws: { readonly id: string; readonly data: unknown; readonly raw: Parameters<LiveHub['open']>[2] }) {
      const visitor = visitors.get((ws.data as { request: Request }).request);
      if (visitor) hub.open(ws.id, visitor, ws.raw);
    },
    message(ws: { readonly id: string }, message: unknown) {
      hub.hear(ws.id, message);
    },
    close(ws: { readonly id: string }, code: number) {
      hub.closed(ws.id, code);
    },
  });

  const plugin = new Elysia({ name: 'live' }).ws('/live', handlers('page') as never).ws('/api/v1/stream', handlers('stream') as never);
  return { hub, plugin };
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;

/** Origin, then a seat, then the session. Anyone may watch; a token that is no good is refused rather than taken for nobody's. */
async function admit(deps: LiveDeps, hub: LiveHub, kind: Visitor['kind'], request: Request, peer: string | null): Promise<Visitor | Response> {
  const { headers } = request;
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return refusal('bad_request');
  const bearer = kind === 'stream' ? (BEARER.exec(headers.get('authorization') ?? '')?.[1] ?? null) : null;
  if (!deps.origins.mayUpgrade(headers, bearer !== null) && !(kind === 'stream' && deps.origins.isProgram(headers))) return refusal('wrong_origin');
  if (hub.draining) return refusal('halted');
  const address = deps.addressOf(peer, headers);
  const shortage = hub.seats.shortage(address);
  if (shortage !== null) return refusal(shortage === 'full' ? 'busy' : 'rate_limited');
  const token = bearer ?? deps.cookies.session(headers.get('cookie'));
  const session = token === null ? null : await deps.sessions.authenticate(token, deps.now());
  if (bearer !== null && session === null) return refusal('unauthenticated');
  return { kind, session, address };
}

function refusal(code: RejectionCode): Response {
  const { status, message } = rejection(code);
  return Response.json({ error: { code, message } }, { status, headers: { 'cache-control': 'no-store', ...((status === 429 || status === 503) && { 'retry-after': '5' }) } });
}
