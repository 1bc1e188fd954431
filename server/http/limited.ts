import type { HttpDeps } from './deps.ts';
import { refusedAsJson } from './reply.ts';

/** What the framework hands to a route. */
export interface Arrival {
  readonly request: Request;
  readonly server: { requestIP(request: Request): { readonly address: string } | null } | null;
  /** Missing where the path has none. */
  readonly params?: Readonly<Record<string, string>>;
}

type Answer = (arrival: Arrival, address: string) => Response | Promise<Response>;
/** `isBlocked` is left out where every address is let in. */
type LimitedDeps = Pick<HttpDeps, 'addressOf' | 'now' | 'refuse' | 'turns'> & {
  readonly isBlocked?: HttpDeps['isBlocked'];
  readonly limits: Pick<HttpDeps['limits'], 'requests'>;
};

/**
 * Takes one request of the caller's address. What is refused before a route is known, or is known to none,
 * passes this too. @returns 403 where the address is blocked, 429 where none is left.
 */
export const overRate =
  ({ limits, addressOf, isBlocked, now, refuse = refusedAsJson }: Omit<LimitedDeps, 'turns'>) =>
  async ({ request, server }: Omit<Arrival, 'params'>): Promise<Response | null> => {
    const address = addressOf(server?.requestIP(request)?.address ?? null, request.headers);
    if (isBlocked?.(address)) return refuse(request, { code: 'address_blocked' });
    const { ok, retryAfterMs } = await limits.requests.take(address, now());
    return ok ? null : refuse(request, { code: 'rate_limited', retryAfterMs });
  };

/**
 * Every route that is no call of the API passes this first: one request of the caller's address is taken, or
 * 429 answered; then it waits for its turn.
 */
export const limited = (deps: LimitedDeps) => {
  const { turns, addressOf, refuse = refusedAsJson } = deps;
  const refused = overRate(deps);
  return (answer: Answer) =>
    async (arrival: Arrival): Promise<Response> => {
      const over = await refused(arrival);
      if (over !== null) return over;
      const { request, server } = arrival;
      const address = addressOf(server?.requestIP(request)?.address ?? null, request.headers);
      return turns.take(
        address,
        () => answer(arrival, address),
        () => refuse(request, { code: 'busy' }),
      );
    };
};
