import type { VenueAdapter } from '../adapter.ts';
import {
  ALIVE,
  asFields,
  asList,
  epochMsOf,
  garbage,
  parseFields,
  planned,
  readBook,
  rejected,
  type Fields,
  type Reading,
} from '../reading.ts';

const CHANNEL = 'bbo-tbt';
const INSTRUMENT = 'BTC-USDT';
const UPGRADE_NOTICE = '64008';

/**
 * OKX public channel `bbo-tbt`: best bid and offer, tick by tick. The server drops a line that was quiet for
 * 30 s, so the client sends the text `ping` and gets the text `pong`; notice 64008 announces a service
 * upgrade. Source: www.okx.com/docs-v5/en
 */
export const okx: VenueAdapter = {
  venue: 'okx',
  label: 'OKX',
  quote: 'USDT',
  url: 'wss://ws.okx.com:8443/ws/v5/public',
  attemptLimit: { count: 3, withinMs: 2_000 },
  subscribe: () => [JSON.stringify({ op: 'subscribe', args: [{ channel: CHANNEL, instId: INSTRUMENT }] })],
  keepAlive: { everyMs: 20_000, frame: 'ping' },
  read(frame) {
    if (frame === 'pong') return ALIVE;
    const message = parseFields(frame);
    if (!message) return garbage('neither pong nor a JSON object');
    return message.event === undefined ? readPush(message) : readEvent(message);
  },
};

function readEvent(message: Fields): Reading {
  switch (message.event) {
    case 'subscribe':
    case 'channel-conn-count':
      return ALIVE;
    case 'notice':
      return message.code === UPGRADE_NOTICE ? planned('the venue announced a service upgrade') : ALIVE;
    case 'error':
    case 'channel-conn-count-error':
      return rejected(message.msg);
    default:
      return garbage('unknown event');
  }
}

function readPush(message: Fields): Reading {
  const topic = asFields(message.arg);
  const book = asFields(asList(message.data).at(-1));
  if (topic?.channel !== CHANNEL || topic.instId !== INSTRUMENT || !book)
    return garbage('not a book of this instrument');
  const exchangeAt = epochMsOf(book.ts);
  if (exchangeAt === null) return garbage('book without a time');
  return readBook(bestOf(book.bids), bestOf(book.asks), exchangeAt);
}

const bestOf = (levels: unknown): unknown => asList(asList(levels)[0])[0];
