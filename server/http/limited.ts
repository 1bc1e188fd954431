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

/** Every route that is no call of the API passes this first: one request of the caller's address is taken, or 429 answered; then it waits for its turn. */
export const limited =
  ({ limits, turns, addressOf, now, refuse = refusedAsJson }: Pick<HttpDeps, 'addressOf' | 'now' | 'refuse' | 'turns'> & { readonly limits: Pick<HttpDeps['limits'], 'requests'> }) =>
  (answer: Answer) =>
  async (arrival: Arrival): Promise<Response> => {
    const { request, server } = arrival;
    const address = addressOf(server?.requestIP(request)?.address ?? null, request.headers);
    const { ok, retryAfterMs } = await limits.requests.take(address, now());
    return ok ? turns.take(address, () => answer(arrival, address), () => refuse(request, { code: 'busy' })) : refuse(request, { code: 'rate_limited', retryAfterMs });
  };
