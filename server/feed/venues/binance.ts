import { isWhole } from '../../game/outside-value.ts';
import type { VenueAdapter } from '../adapter.ts';
import { ALIVE, asFields, dropped, garbage, parseFields, planned, readBook, rejected } from '../reading.ts';

const SYMBOL = 'BTCUSDT';

/**
 * Binance spot `bookTicker`, which carries no time, only an update id that grows. The server pings every 20 s
 * and takes at most five messages a second, pings included. A `serverShutdown` event comes before planned
 * maintenance. Source: developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 */
export const binance: VenueAdapter = {
  venue: 'binance',
  label: 'Binance',
  quote: 'USDT',
  url: 'wss://data-stream.binance.vision/ws',
  attemptLimit: { count: 150, withinMs: 300_000 },
  subscribe: () => [
    JSON.stringify({ method: 'SUBSCRIBE', params: [`${SYMBOL.toLowerCase()}@bookTicker`], id: 1 }),
  ],
  keepAlive: { everyMs: 30_000, frame: null },
  read(frame, state) {
    const outer = parseFields(frame);
    const message = outer && outer.stream !== undefined ? asFields(outer.data) : outer;
    if (!message) return garbage('not a JSON object');
    if (message.e === 'serverShutdown') return planned('the venue is about to shut this server down');
    if (message.error !== undefined) return rejected(asFields(message.error)?.msg);
    if (message.code !== undefined) return rejected(message.msg);
    if (message.result === null) return ALIVE;
    const { u: update } = message;
    if (message.s !== SYMBOL || !isWhole(update)) return garbage('not a book ticker of this symbol');
    if (state.sequence !== null && update <= state.sequence)
      return dropped(`update ${update} after ${state.sequence}`);
    state.sequence = update;
    return readBook(message.b, message.a, null);
  },
};
