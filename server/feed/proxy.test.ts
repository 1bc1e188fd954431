import { afterEach, describe, expect, test } from 'bun:test';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { systemClock } from './clock.ts';
import { openFeed } from './open.ts';
import { proxyRules } from './proxy.ts';
import { until } from '../../test/exchange-replica/hand-clock.ts';
import { stopAll, stops } from '../../test/exchange-replica/line.ts';
import { Replica } from '../../test/exchange-replica/replica.ts';

afterEach(stopAll);

const PROXY = 'http://user:secret@proxy.example:3128';

describe('which addresses are reached through it', () => {
  const table: [noProxy: string, url: string, isProxied: boolean][] = [
    ['', 'wss://ws.kraken.com/v2', true],
    ['', 'ws://ws.kraken.com/v2', true],
    ['', 'ws://127.0.0.1:9000', false],
    ['', 'ws://127.9.0.1:9000', false],
    ['', 'ws://localhost:9000', false],
    ['', 'ws://exchange.localhost:9000', false],
    ['', 'ws://[::1]:9000', false],
    ['', 'wss://127.example', true],
    ['*', 'wss://ws.kraken.com/v2', false],
    ['kraken.com', 'wss://ws.kraken.com/v2', false],
    ['.kraken.com', 'wss://ws.kraken.com/v2', false],
    ['*.kraken.com', 'wss://ws.kraken.com/v2', false],
    ['KRAKEN.com', 'wss://ws.kraken.com/v2', false],
    ['ws.kraken.com:443', 'wss://ws.kraken.com/v2', false],
    ['ws.kraken.com:8443', 'wss://ws.kraken.com/v2', true],
    ['aken.com', 'wss://ws.kraken.com/v2', true],
    ['com.', 'wss://ws.kraken.com/v2', true],
    ['intern.example, 10.0.0.7 ,', 'ws://10.0.0.7:9000', false],
    ['intern.example, 10.0.0.7 ,', 'ws://10.0.0.70:9000', true],
    [',', 'wss://ws.kraken.com/v2', true],
  ];
  test.each(table)('NO_PROXY=%p, %s: %p', (noProxy, url, isProxied) =>
    expect(proxyRules(PROXY, noProxy)(url)).toBe(isProxied ? PROXY : undefined),
  );

  test('without a proxy none', () => expect(proxyRules(null, '')('wss://ws.kraken.com/v2')).toBeUndefined());
});

/**
 * A CONNECT proxy that knows one host by name, `exchange.example`, and answers everything else, and wrong
 * passwords, with a refusal.
 */
async function proxyTo(port: number) {
  const asked: string[] = [];
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (bytes) => {
      const [line = '', ...headers] = bytes.toString().split('\r\n');
      asked.push(line);
      const isUser = headers.some((header) => header === `Proxy-Authorization: Basic ${btoa('user:secret')}`);
      if (line !== 'CONNECT exchange.example:80 HTTP/1.1' || !isUser)
        return client.end(
          `HTTP/1.1 ${isUser ? '403 Forbidden' : '407 Proxy Authentication Required'}\r\n\r\n`,
        );
      const venue = dial(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(venue).pipe(client);
      });
      venue.on('error', () => client.destroy());
      client.on('close', () => venue.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return {
    asked,
    address: (user: string) => `http://${user}@127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

async function through(user: string, noProxy: string) {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const proxy = await proxyTo(Number(new URL(replica.urls.kraken).port));
  const urls = { coinbase: 'ws://exchange.example/coinbase', kraken: 'ws://exchange.example/kraken' };
  const opened = openFeed('live:coinbase,kraken', {
    clock: systemClock,
    urls,
    proxyOf: proxyRules(proxy.address(user), noProxy),
  });
  if ('error' in opened) throw new Error(opened.error.message);
  const feed = opened.ok;
  stops.push(() => feed.stop());
  await feed.start();
  return { replica, feed, asked: proxy.asked };
}

describe('a real CONNECT proxy', () => {
  test('quotes of exchanges that only the proxy knows come through it', async () => {
    const { replica, feed, asked } = await through('user:secret', '');
    await until(
      () => replica.subscribed('coinbase').length === 1 && replica.subscribed('kraken').length === 1,
      'the subscriptions',
    );
    for (const venue of ['coinbase', 'kraken'] as const) replica.quote(venue, '81000.00', '81000.20');
    await until(() => feed.sample(Date.now()).length === 2, 'the quotes');
    expect(new Set(asked)).toEqual(new Set(['CONNECT exchange.example:80 HTTP/1.1']));
  });

  test('a proxy that refuses is named as the cause, and its password is not', async () => {
    const { feed, asked } = await through('user:wrong', '');
    await until(() => feed.status(Date.now()).every(({ state }) => state === 'waiting'), 'the refusals');
    expect(asked.length).toBeGreaterThan(0);
    for (const { note } of feed.status(Date.now())) {
      expect(note).toMatch(/proxy/i);
      expect(note).not.toContain('wrong');
    }
  });

  test('a proxy that does not exist is named, with its address and without its password', async () => {
    const free = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
    const { port } = free;
    await free.stop(true);
    const opened = openFeed('live:coinbase,kraken', {
      urls: { coinbase: 'ws://exchange.example', kraken: 'ws://exchange.example' },
      proxyOf: () => `http://user:secret@127.0.0.1:${port}`,
    });
    if ('error' in opened) throw new Error(opened.error.message);
    await opened.ok.start();
    await until(() => opened.ok.status(Date.now()).every(({ state }) => state === 'waiting'), 'the failures');
    for (const { note } of opened.ok.status(Date.now())) {
      expect(note).toContain(`the proxy 127.0.0.1:${port}`);
      expect(note).not.toContain('secret');
    }
    opened.ok.stop();
  });

  test('what NO_PROXY names never asks it', async () => {
    const { feed, asked } = await through('user:secret', 'exchange.example');
    await until(() => feed.status(Date.now()).every(({ state }) => state === 'waiting'), 'the failures');
    expect(asked).toEqual([]);
  });
});
