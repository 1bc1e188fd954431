import { parsed, type Protocol } from './protocol.ts';

export const bitstamp: Protocol = {
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
