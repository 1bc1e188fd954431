import { endpoints } from '../../server/http/api/endpoints.ts';
import { apiTrader, type Ask } from '../../test/stage/api-trader.ts';
import { sourceOf } from './source.ts';

const ANSWER_MS_MAX = 5_000;
const ORDERS = 25;
const FORGED = 3;

/**
 * A stranger with an account: more orders than an account may send, forged ones, every call of the API as
 * its owner, and last the sign-out, for which the engine asks every edge.
 */
export async function misbehave(origin: string, number: number): Promise<void> {
  const ask: Ask = (url, request = {}) =>
    fetch(url, {
      ...request,
      headers: { ...(request.headers as Record<string, string>), 'x-forwarded-for': sourceOf(number) },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  const player = await apiTrader(origin, ask);
  const { order } = await player.tap();
  await Promise.all(Array.from({ length: ORDERS }, () => player.tap()));
  for (let n = 0; n < FORGED; n++)
    await player.send({ ...order, nonce: crypto.randomUUID(), signature: 'S'.repeat(86) });
  const isLast = ({ method, path }: (typeof endpoints)[number]) =>
    method === 'DELETE' && path.endsWith('/session') ? 1 : 0;
  for (const endpoint of endpoints.toSorted((a, b) => isLast(a) - isLast(b)))
    await player
      .change(endpoint.method, endpoint.path.replace(/:\w+/g, 'x'), endpoint.body?.example)
      .then((answer) => answer.arrayBuffer());
}
