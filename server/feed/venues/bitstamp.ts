import type { VenueAdapter } from '../adapter.ts';
import {
  ALIVE,
  asFields,
  asList,
  garbage,
  parseFields,
  planned,
  readBook,
  rejected,
  type Reading,
} from '../reading.ts';

const CHANNEL = 'order_book_btcusd';

/**
 * Bitstamp WebSocket v2: the top of the order book, best level first, prices as text, time in microseconds.
 * `bts:request_reconnect` announces maintenance of the server behind this connection. Source:
 * www.bitstamp.net/websocket/v2
 */
export const bitstamp: VenueAdapter = {
  venue: 'bitstamp',
  label: 'Bitstamp',
  quote: 'USD',
  url: 'wss://ws.bitstamp.net',
  attemptLimit: { count: 75, withinMs: 600_000 },
  subscribe: () => [JSON.stringify({ event: 'bts:subscribe', data: { channel: CHANNEL } })],
  keepAlive: { everyMs: 30_000, frame: JSON.stringify({ event: 'bts:heartbeat' }) },
  read(frame) {
    const message = parseFields(frame);
    if (!message) return garbage('not a JSON object');
    switch (message.event) {
      case 'bts:heartbeat':
      case 'bts:subscription_succeeded':
        return ALIVE;
      case 'bts:request_reconnect':
        return planned('the venue asked to reconnect');
      case 'bts:error':
        return rejected(asFields(message.data)?.message);
      case 'data':
        return message.channel === CHANNEL ? readBookData(message.data) : garbage('unknown channel');
      default:
        return garbage('unknown event');
    }
  },
};

function readBookData(data: unknown): Reading {
  const book = asFields(data);
  const micros = book?.microtimestamp;
  if (!book || typeof micros !== 'string' || !/^\d{16}$/.test(micros)) return garbage('book without a time');
  return readBook(bestOf(book.bids), bestOf(book.asks), Number(micros.slice(0, 13)));
}

const bestOf = (levels: unknown): unknown => asList(asList(levels)[0])[0];
