import { parsed, type Protocol } from './protocol.ts';

export const binance: Protocol = {
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
