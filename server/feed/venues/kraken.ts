import type { ConnectionState, VenueAdapter } from '../adapter.ts';
import {
  ALIVE,
  asFields,
  asList,
  garbage,
  halted,
  instantOf,
  parseFields,
  readBook,
  rejected,
  type Fields,
  type Reading,
} from '../reading.ts';

const SYMBOL = 'BTC/USD';

/**
 * Kraken WebSocket v2. A `status` message comes first; `ticker` follows the best bid and offer; a heartbeat
 * comes about once a second when nothing else does. Prices are JSON numbers. While the system is not `online`
 * its book is no price. Clients that send too much get an error in the format of version 1: `{"Error":
 * "Exceeded msg rate"}`. Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2
 */
export const kraken: VenueAdapter = {
  venue: 'kraken',
  label: 'Kraken',
  quote: 'USD',
  url: 'wss://ws.kraken.com/v2',
  attemptLimit: { count: 75, withinMs: 600_000 },
  subscribe: () => [
    JSON.stringify({
      method: 'subscribe',
      params: { channel: 'ticker', symbol: [SYMBOL], event_trigger: 'bbo', snapshot: true },
      req_id: 1,
    }),
  ],
  keepAlive: { everyMs: 30_000, frame: JSON.stringify({ method: 'ping', req_id: 2 }) },
  read(frame, state) {
    const message = parseFields(frame);
    if (!message) return garbage('not a JSON object');
    if (typeof message.Error === 'string') return rejected(message.Error);
    if (message.method !== undefined || message.error !== undefined) return readAnswer(message);
    if (message.channel === 'heartbeat') return ALIVE;
    if (message.channel === 'status') return readStatus(message, state);
    return message.channel === 'ticker' ? readTicker(message, state) : garbage('unknown channel');
  },
};

function readAnswer(message: Fields): Reading {
  if (message.success === false || message.error !== undefined) return rejected(message.error);
  return message.method === 'pong' || message.method === 'subscribe' ? ALIVE : garbage('unknown method');
}

function readStatus({ data }: Fields, state: ConnectionState): Reading {
  const system = asFields(asList(data).at(-1))?.system;
  if (typeof system !== 'string') return garbage('status without a system state');
  state.halted = system !== 'online';
  return state.halted ? halted(`system is ${system.slice(0, 20)}`) : ALIVE;
}

function readTicker({ data }: Fields, state: ConnectionState): Reading {
  const ticker = asList(data)
    .map(asFields)
    .findLast((fields) => fields?.symbol === SYMBOL);
  if (!ticker) return garbage('no ticker of this symbol');
  const exchangeAt = instantOf(ticker.timestamp);
  if (ticker.timestamp !== undefined && exchangeAt === null)
    return garbage('ticker with a time that is none');
  return state.halted ? halted('system is not online') : readBook(ticker.bid, ticker.ask, exchangeAt);
}
