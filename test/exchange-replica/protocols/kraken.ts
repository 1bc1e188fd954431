import { iso, parsed, type Protocol } from './protocol.ts';

export const kraken: Protocol = {
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
