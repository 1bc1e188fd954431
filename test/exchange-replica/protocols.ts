import type { VenueName } from '../../server/feed/spec.ts';

/** The venue's side of one connection, as the test server keeps it. */
export interface Line {
  readonly venue: VenueName;
  readonly subscriptions: Set<string>;
  /** Number of the next message, where the venue counts them. */
  sequence: number;
  send(frame: string): void;
  /** The venue cuts the line because the client broke a rule. */
  cut(rule: string): void;
}

export interface Book {
  readonly bid: string;
  readonly ask: string;
  /** Exchange time, UTC epoch ms. */
  readonly at: number;
}

/** How one venue speaks, from its documentation: what it sends, what it answers, what it does not forgive. */
export interface Protocol {
  greet?(line: Line): void;
  /** A message of the client. */
  hear(line: Line, text: string): void;
  /** What must be subscribed before quotes come. */
  readonly channel: string;
  heartbeat?(line: Line): string;
  book(line: Line, book: Book): string;
  /** The notice before the venue closes the line. */
  shutdown?(line: Line): string;
  refusal(line: Line): string;
}

const iso = (at: number, decimals: string): string => new Date(at).toISOString().replace('Z', `${decimals}Z`);

function parsed(line: Line, text: string): Record<string, any> {
  try {
    return JSON.parse(text);
  } catch {
    line.cut('not JSON');
    return {};
  }
}

const coinbase: Protocol = {
  channel: 'ticker',
  hear(line, text) {
    const message = parsed(line, text);
    if (message.type !== 'subscribe') return line.send(this.refusal(line));
    if (Array.isArray(message.channels) || typeof message.channel !== 'string')
      return line.cut('one channel per subscribe message');
    if (message.channel === 'ticker' && message.product_ids?.join() !== 'BTC-USD')
      return line.send(this.refusal(line));
    line.subscriptions.add(message.channel);
    line.send(
      counted(
        line,
        'subscriptions',
        [{ subscriptions: Object.fromEntries([...line.subscriptions].map((name) => [name, ['BTC-USD']])) }],
        Date.now(),
      ),
    );
  },
  heartbeat: (line) =>
    line.subscriptions.has('heartbeats')
      ? counted(
          line,
          'heartbeats',
          [{ current_time: `${new Date().toISOString()} +0000 UTC`, heartbeat_counter: line.sequence }],
          Date.now(),
        )
      : '',
  book: (line, { bid, ask, at }) =>
    counted(
      line,
      'ticker',
      [
        {
          type: 'update',
          tickers: [
            {
              type: 'ticker',
              product_id: 'BTC-USD',
              price: ask,
              best_bid: bid,
              best_bid_quantity: '0.31',
              best_ask: ask,
              best_ask_quantity: '1.07',
            },
          ],
        },
      ],
      at,
    ),
  refusal: () => JSON.stringify({ type: 'error', message: 'authentication failure' }),
};

const counted = (line: Line, channel: string, events: unknown[], at: number): string =>
  JSON.stringify({
    channel,
    client_id: '',
    timestamp: iso(at, '417'),
    sequence_num: line.sequence++,
    events,
  });

const kraken: Protocol = {
  channel: 'ticker',
  greet: (line) =>
    line.send(
      JSON.stringify({
        channel: 'status',
        type: 'update',
        data: [{ system: 'online', api_version: 'v2', connection_id: 77123, version: '2.0.10' }],
      }),
    ),
  hear(line, text) {
    const message = parsed(line, text);
    const times = { time_in: iso(Date.now(), '100'), time_out: iso(Date.now(), '180') };
    if (message.method === 'ping')
      return line.send(JSON.stringify({ method: 'pong', req_id: message.req_id, ...times }));
    const { channel, symbol, event_trigger: trigger } = message.params ?? {};
    if (
      message.method !== 'subscribe' ||
      channel !== 'ticker' ||
      symbol?.join() !== 'BTC/USD' ||
      trigger !== 'bbo'
    )
      return line.send(this.refusal(line));
    line.subscriptions.add(channel);
    line.send(
      JSON.stringify({
        method: 'subscribe',
        result: { channel, event_trigger: trigger, snapshot: true, symbol: 'BTC/USD' },
        success: true,
        ...times,
        req_id: message.req_id,
      }),
    );
  },
  heartbeat: () => '{"channel":"heartbeat"}',
  book: (line, { bid, ask, at }) =>
    `{"channel":"ticker","type":"${line.sequence++ === 0 ? 'snapshot' : 'update'}","data":[{"symbol":"BTC/USD","bid":${bid},"bid_qty":0.52117000,"ask":${ask},"ask_qty":3.00000000,"last":${bid},"volume":902.4,"timestamp":"${iso(at, '250')}"}]}`,
  refusal: () =>
    JSON.stringify({
      error: 'Currency pair not supported BTC/XXX',
      method: 'subscribe',
      req_id: 1,
      success: false,
      symbol: 'BTC/XXX',
    }),
};

const bitstamp: Protocol = {
  channel: 'order_book_btcusd',
  hear(line, text) {
    const { event, data } = parsed(line, text);
    if (event === 'bts:heartbeat')
      return line.send(JSON.stringify({ event: 'bts:heartbeat', channel: '', data: { status: 'success' } }));
    if (event !== 'bts:subscribe' || data?.channel !== 'order_book_btcusd')
      return line.send(this.refusal(line));
    line.subscriptions.add(data.channel);
    line.send(JSON.stringify({ event: 'bts:subscription_succeeded', channel: data.channel, data: {} }));
  },
  book: (_line, { bid, ask, at }) =>
    JSON.stringify({
      data: {
        timestamp: String(Math.floor(at / 1000)),
        microtimestamp: `${at}318`,
        bids: [
          [bid, '0.40000000'],
          ['1.00', '2.00000000'],
        ],
        asks: [
          [ask, '0.11000000'],
          ['9000000.00', '1.00000000'],
        ],
      },
      channel: 'order_book_btcusd',
      event: 'data',
    }),
  shutdown: () => JSON.stringify({ event: 'bts:request_reconnect', channel: '', data: {} }),
  refusal: () =>
    JSON.stringify({
      event: 'bts:error',
      channel: '',
      data: { code: null, message: 'Bad subscription string.' },
    }),
};

const binance: Protocol = {
  channel: 'btcusdt@bookTicker',
  hear(line, text) {
    const { method, params, id } = parsed(line, text);
    if (method !== 'SUBSCRIBE' || !Array.isArray(params)) return line.send(this.refusal(line));
    for (const name of params) line.subscriptions.add(name);
    line.send(JSON.stringify({ result: null, id }));
  },
  book: (line, { bid, ask }) =>
    JSON.stringify({
      u: 880_000 + line.sequence++,
      s: 'BTCUSDT',
      b: `${bid}000000`,
      B: '2.17000000',
      a: `${ask}000000`,
      A: '0.86000000',
    }),
  shutdown: () => JSON.stringify({ stream: '!serverShutdown', data: { e: 'serverShutdown', E: Date.now() } }),
  refusal: () => JSON.stringify({ code: 2, msg: 'Invalid request: unknown variant' }),
};

const okx: Protocol = {
  channel: 'bbo-tbt',
  hear(line, text) {
    if (text === 'ping') return line.send('pong');
    const { op, args } = parsed(line, text);
    if (op !== 'subscribe' || args?.[0]?.channel !== 'bbo-tbt' || args[0].instId !== 'BTC-USDT')
      return line.send(this.refusal(line));
    line.subscriptions.add('bbo-tbt');
    line.send(JSON.stringify({ event: 'subscribe', arg: args[0], connId: 'c0ffee01' }));
  },
  book: (line, { bid, ask, at }) =>
    JSON.stringify({
      arg: { channel: 'bbo-tbt', instId: 'BTC-USDT' },
      data: [
        {
          asks: [[ask, '0.7', '0', '3']],
          bids: [[bid, '1.9', '0', '5']],
          ts: String(at),
          seqId: 5_000 + line.sequence++,
        },
      ],
    }),
  shutdown: () =>
    JSON.stringify({
      event: 'notice',
      code: '64008',
      msg: 'The connection is about to close.',
      connId: 'c0ffee01',
    }),
  refusal: () =>
    JSON.stringify({ event: 'error', code: '60012', msg: 'Invalid request', connId: 'c0ffee01' }),
};

const bybit: Protocol = {
  channel: 'orderbook.1.BTCUSDT',
  hear(line, text) {
    const { op, args, req_id } = parsed(line, text);
    if (op === 'ping')
      return line.send(JSON.stringify({ success: true, ret_msg: 'pong', conn_id: 'b1', req_id, op: 'ping' }));
    if (op !== 'subscribe' || args?.join() !== 'orderbook.1.BTCUSDT') return line.send(this.refusal(line));
    line.subscriptions.add(args[0]);
    line.send(JSON.stringify({ success: true, ret_msg: '', conn_id: 'b1', req_id, op: 'subscribe' }));
  },
  book: (line, { bid, ask, at }) =>
    JSON.stringify({
      topic: 'orderbook.1.BTCUSDT',
      ts: at,
      type: 'snapshot',
      data: {
        s: 'BTCUSDT',
        b: levelsOf(bid, '0.2'),
        a: levelsOf(ask, '0.4'),
        u: 300 + line.sequence,
        seq: 9_000 + line.sequence++,
      },
      cts: at - 2,
    }),
  refusal: () =>
    JSON.stringify({
      success: false,
      ret_msg: 'Invalid topic',
      conn_id: 'b1',
      req_id: 'book',
      op: 'subscribe',
    }),
};

/** A side of the book that is empty has no levels. */
const levelsOf = (price: string, size: string): [string, string][] =>
  Number(price) === 0 ? [] : [[price, size]];

export const PROTOCOLS: Readonly<Record<VenueName, Protocol>> = {
  coinbase,
  kraken,
  bitstamp,
  binance,
  okx,
  bybit,
};
