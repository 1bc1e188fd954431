import { Elysia, type Context } from 'elysia';
import { boardNamed, boardsExpected } from '../game/boards.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { RequestOrigin } from '../ports/origins.ts';
import { bearerToken, showsBearer } from '../ports/bearer.ts';
import type { LiveDeps } from './deps.ts';
import { LiveHub, type Publisher } from './hub.ts';
import type { SocketCaller, Connection, RawSocket } from './connection.ts';

/** What the server keeps with a socket. The framework's sockets dispatch to these by name. */
interface SocketHandlers {
  open(socket: RawSocket): void;
  message(socket: RawSocket, frame: string | Uint8Array): void;
  pong(): void;
  close(socket: RawSocket, code: number): void;
}

interface Upgrading extends Publisher {
  requestIP(request: Request): { readonly address: string } | null;
  upgrade(
    request: Request,
    options: { readonly headers: Record<string, string>; readonly data: SocketHandlers },
  ): boolean;
}

/**
 * Makes the hub and the two routes to it: `/live` for our own pages, `/api/v1/stream` for programs. Socket
 * limits are the server's. The routes upgrade by themselves: the framework's own `ws` makes a new object with
 * two dozen bound functions for each message.
 */
export function liveHub(deps: LiveDeps) {
  const hub = new LiveHub(deps);

  const upgraded =
    (kind: SocketCaller['kind']) =>
    async ({ request, server, set }: Pick<Context, 'request' | 'server' | 'set'>) => {
      const upgrading = server as unknown as Upgrading | null;
      if (upgrading) hub.attach(upgrading);
      const caller = await admit(deps, hub, kind, request, upgrading?.requestIP(request)?.address ?? null);
      if (caller instanceof Response) return caller;
      return upgrading?.upgrade(request, {
        headers: set.headers as Record<string, string>,
        data: socketHandlers(hub, caller),
      })
        ? undefined
        : refusal('bad_request', NO_UPGRADE);
    };

  const plugin = new Elysia({ name: 'live' })
    .get('/live', upgraded('page'))
    .get('/api/v1/stream', upgraded('stream'));
  return { hub, plugin };
}

function socketHandlers(hub: LiveHub, caller: SocketCaller): SocketHandlers {
  let connection: Connection | null = null;
  return {
    open(socket) {
      // It may be closed again while it is written to: who it is must be known by then.
      connection = hub.enter(caller, socket);
      if (connection) hub.greet(connection);
    },
    message: (_, frame) => connection && hub.hear(connection, frame),
    pong: () => connection && hub.answered(connection),
    close: (_, code) => connection && hub.closed(connection, code),
  };
}

/**
 * Block of the address, rate, then a seat, then the session. Anyone may watch, from any address; a cookie is
 * looked at for our own pages alone, so that a page of another site gets the public board in its visitor's
 * browser and nothing else. A bearer token that is no good is refused rather than taken for nobody's.
 */
async function admit(
  deps: LiveDeps,
  hub: LiveHub,
  kind: SocketCaller['kind'],
  request: Request,
  peer: string | null,
): Promise<SocketCaller | Response> {
  const { headers, url } = request;
  const { windows, windowMs } = deps.rules;
  const address = deps.addressOf(peer, headers);
  if (deps.isBlocked(address)) return refusal('address_blocked');
  const { ok } = await deps.limits.requests.take(address, deps.now());
  if (!ok) return refusal('rate_limited');
  const authorization = kind === 'stream' ? (headers.get('authorization') ?? '') : '';
  const showsToken = showsBearer(authorization);
  const bearer = bearerToken(authorization);
  const from = cameFrom(deps, headers);
  // A browser cannot send a token with an upgrade: who shows one is a program, whatever its library says of
  // itself.
  const isGuest = bearer === null && from === 'elsewhere' && headers.has('origin');
  const asked = new URL(url).searchParams.get('board');
  const named = asked === null ? null : boardNamed(windows, asked);
  // A page may be of a run that had this board, and shows what there is; a program is told.
  if (asked !== null && named === null && kind === 'stream')
    return refusal('unknown_board', boardsExpected(windows));
  if (hub.draining) return refusal('halted');
  const shortage = hub.seats.shortage(address, isGuest);
  if (shortage !== null) return refusal(shortage === 'full' ? 'busy' : 'rate_limited');
  // Browsers do not tell a page why an upgrade was refused; an ordinary call gets the same answer.
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return refusal('bad_request', NO_UPGRADE);
  const token = showsToken ? bearer : from === 'here' ? deps.cookies.session(headers.get('cookie')) : null;
  const session = token === null ? null : await deps.sessions.authenticate(token, deps.now());
  if (showsToken && session === null) return refusal('unauthenticated');
  if (hub.isCrowded(session)) return refusal('rate_limited');
  return { kind, session, address, isGuest, board: named?.windowMs ?? windowMs };
}

/** Every browser names its origin with an upgrade; fetch metadata alone are nobody's. */
function cameFrom({ origins }: LiveDeps, headers: Headers): RequestOrigin {
  const from = origins.cameFrom(headers);
  return from === 'here' && !headers.has('origin') ? 'elsewhere' : from;
}

const NO_UPGRADE =
  'Expected a WebSocket: GET with Upgrade: websocket, Connection: Upgrade, ' +
  'Sec-WebSocket-Key and Sec-WebSocket-Version: 13.';

/** Many come back at once. */
const RETRY_AFTER_MS = 5000;

/** In the words of the API. */
function refusal(code: RejectionCode, message: string = rejection(code).message): Response {
  const { status } = rejection(code);
  const wait = status === 429 || status === 503;
  const error = { code, message, ...(wait && { retryAfterMs: RETRY_AFTER_MS }) };
  return Response.json(
    { error },
    {
      status,
      headers: {
        'cache-control': 'no-store',
        ...(wait && { 'retry-after': String(RETRY_AFTER_MS / 1000) }),
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      },
    },
  );
}
