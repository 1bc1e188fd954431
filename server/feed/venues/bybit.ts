import { isWhole } from '../../game/outside-value.ts';
import type { Cents } from '../../game/price.ts';
import type { ConnectionState, VenueAdapter } from '../adapter.ts';
import {
  ALIVE,
  asFields,
  asList,
  dropped,
  epochMsOf,
  gap,
  garbage,
  isNothing,
  parseFields,
  quoteOf,
  readPrice,
  rejected,
  unfitBook,
  type Fields,
  type Reading,
} from '../reading.ts';

const TOPIC = 'orderbook.1.BTCUSDT';

/**
 * Bybit v5 spot, order book of depth 1: a snapshot, then deltas in which the size "0" deletes a level. `u`
 * grows with each update and starts again at 1, with a snapshot, when the service restarts. The client pings
 * with a JSON message every 20 s. Source: bybit-exchange.github.io/docs/v5/ws/connect and
 * …/websocket/public/orderbook
 */
export const bybit: VenueAdapter = {
  venue: 'bybit',
  label: 'Bybit',
  quote: 'USDT',
  url: 'wss://stream.bybit.com/v5/public/spot',
  attemptLimit: { count: 250, withinMs: 300_000 },
  subscribe: () => [JSON.stringify({ req_id: 'book', op: 'subscribe', args: [TOPIC] })],
  keepAlive: { everyMs: 20_000, frame: JSON.stringify({ req_id: 'ping', op: 'ping' }) },
  read(frame, state) {
    const message = parseFields(frame);
    if (!message) return garbage('not a JSON object');
    if (message.success === false) return rejected(message.ret_msg);
    if (message.op === 'ping' || message.op === 'pong' || message.op === 'subscribe') return ALIVE;
    return message.topic === TOPIC ? readUpdate(message, state) : garbage('unknown topic');
  },
};

function readUpdate(message: Fields, state: ConnectionState): Reading {
  const book = asFields(message.data);
  const exchangeAt = epochMsOf(message.ts);
  const update = book?.u;
  if (!book || exchangeAt === null || !isWhole(update)) return garbage('update without a time or a number');
  const isSnapshot = message.type === 'snapshot' || update === 1;
  if (!isSnapshot && message.type !== 'delta') return garbage('neither snapshot nor delta');
  if (!isSnapshot) {
    if (state.sequence === null) return gap('a delta before the snapshot');
    if (update <= state.sequence) return dropped(`update ${update} after ${state.sequence}`);
  }
  const bid = bestAfter(isSnapshot ? null : state.bid, book.b, (price, than) => price > than);
  const ask = bestAfter(isSnapshot ? null : state.ask, book.a, (price, than) => price < than);
  if (bid === undefined || ask === undefined) return garbage('a level that is no price');
  Object.assign(state, { sequence: update, bid, ask });
  return bid === null || ask === null ? unfitBook('empty book') : quoteOf(bid, ask, exchangeAt);
}

/**
 * The best price of a side once `levels` are applied, null when the side is empty, undefined when a level
 * cannot be read.
 */
function bestAfter(
  best: Cents | null,
  levels: unknown,
  isBetter: (price: Cents, than: Cents) => boolean,
): Cents | null | undefined {
  const set: Cents[] = [];
  for (const level of asList(levels)) {
    const [text, size] = asList(level);
    const price = readPrice(text);
    if (price === null || typeof size !== 'string' || !/^[\d.]+$/.test(size)) return undefined;
    if (!isNothing(size)) set.push(price);
    else if (price === best) best = null;
  }
  return set.length > 0 ? set.reduce((one, other) => (isBetter(other, one) ? other : one)) : best;
}
