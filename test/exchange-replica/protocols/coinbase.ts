import { iso, parsed, type Protocol, type Line } from './protocol.ts';

export const coinbase: Protocol = {
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
