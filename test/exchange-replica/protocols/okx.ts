import { parsed, type Protocol } from './protocol.ts';

export const okx: Protocol = {
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
