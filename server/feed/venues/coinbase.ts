import { isWhole } from '../../game/outside-value.ts';
import type { ConnectionState, VenueAdapter } from '../adapter.ts';
import {
  ALIVE,
  asFields,
  asList,
  dropped,
  garbage,
  instantOf,
  parseFields,
  readBook,
  rejected,
  type Fields,
  type Reading,
} from '../reading.ts';

const PRODUCT = 'BTC-USD';

/**
 * Coinbase Advanced Trade, market data without a key. One channel per subscribe message, the first within 5
 * s; `heartbeats` once a second keeps the connection; `sequence_num` counts every message of the connection
 * over all channels, so a hole means a lost message: each ticker is complete in itself, and one hole costs
 * nothing. Source: docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket
 */
export const coinbase: VenueAdapter = {
  venue: 'coinbase',
  label: 'Coinbase',
  quote: 'USD',
  url: 'wss://advanced-trade-ws.coinbase.com',
  attemptLimit: { count: 8, withinMs: 32_000 },
  subscribe: () => [
    JSON.stringify({ type: 'subscribe', product_ids: [PRODUCT], channel: 'ticker' }),
    JSON.stringify({ type: 'subscribe', channel: 'heartbeats' }),
  ],
  read(frame, state) {
    const message = parseFields(frame);
    if (!message) return garbage('not a JSON object');
    if (message.type === 'error') return rejected(message.message);
    return outOfSequence(message, state) ?? readChannel(message);
  },
};

function outOfSequence({ sequence_num: sequence }: Fields, state: ConnectionState): Reading | null {
  if (!isWhole(sequence) || sequence < 0) return garbage('no sequence number');
  const before = state.sequence;
  if (before !== null && sequence <= before) return dropped(`message ${sequence} after ${before}`);
  state.sequence = sequence;
  if (before !== null && sequence !== before + 1) state.holes++;
  return null;
}

function readChannel(message: Fields): Reading {
  if (message.channel === 'subscriptions' || message.channel === 'heartbeats') return ALIVE;
  if (message.channel !== 'ticker') return garbage('unknown channel');
  const ticker = asList(message.events)
    .flatMap((event) => asList(asFields(event)?.tickers))
    .map(asFields)
    .findLast((fields) => fields?.product_id === PRODUCT);
  const exchangeAt = instantOf(message.timestamp);
  if (!ticker || exchangeAt === null) return garbage('no ticker of this product, or no time');
  return readBook(ticker.best_bid, ticker.best_ask, exchangeAt);
}
