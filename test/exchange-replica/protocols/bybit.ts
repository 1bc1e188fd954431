import { levelsOf, parsed, type Protocol } from './protocol.ts';

export const bybit: Protocol = {
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
