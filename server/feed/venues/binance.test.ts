import { describe, expect, test } from 'bun:test';
import { newConnection } from '../adapter.ts';
import { binance } from './binance.ts';

const ticker = (update: unknown, fields: object = {}) =>
  JSON.stringify({
    u: update,
    s: 'BTCUSDT',
    b: '81000.10000000',
    B: '0.5',
    a: '81000.11000000',
    A: '3.1',
    ...fields,
  });

describe('binance', () => {
  test('subscribes to the book ticker', () => {
    expect(binance.subscribe().map((frame) => JSON.parse(frame))).toEqual([
      { method: 'SUBSCRIBE', params: ['btcusdt@bookTicker'], id: 1 },
    ]);
  });

  const table: [string, string, object][] = [
    [
      'a book ticker has no time',
      ticker(7),
      { kind: 'quote', bid: 8_100_010, ask: 8_100_011, exchangeAt: null },
    ],
    [
      'in the wrapper of combined streams',
      `{"stream":"btcusdt@bookTicker","data":${ticker(7)}}`,
      { kind: 'quote', bid: 8_100_010 },
    ],
    ['another symbol', ticker(7, { s: 'ETHUSDT' }), { kind: 'garbage' }],
    ['no update id', ticker(undefined), { kind: 'garbage' }],
    ['crossed', ticker(7, { b: '81000.12000000' }), { kind: 'dropped' }],
    ['zero', ticker(7, { b: '0.00000000' }), { kind: 'dropped' }],
    ['acknowledgement', '{"result":null,"id":1}', { kind: 'alive' }],
    [
      'refusal',
      '{"code":2,"msg":"Invalid request: unknown variant"}',
      { kind: 'rejected', why: 'Invalid request: unknown variant' },
    ],
    [
      'refusal in the newer form',
      '{"id":1,"error":{"code":-1121,"msg":"Invalid symbol."}}',
      { kind: 'rejected', why: 'Invalid symbol.' },
    ],
    ['shutdown notice', '{"e":"serverShutdown","E":1793607330250}', { kind: 'reconnect', isGap: false }],
    [
      'wrapped shutdown notice',
      '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1793607330250}}',
      { kind: 'reconnect', isGap: false },
    ],
    ['a wrapper around nothing', '{"stream":"x","data":null}', { kind: 'garbage' }],
  ];
  test.each(table)('%s', (_name, frame, expected) =>
    expect(binance.read(frame, newConnection())).toMatchObject(expected),
  );

  test('an update that is not newer is dropped', () => {
    const state = newConnection();
    expect([7, 9, 9, 8, 10].map((update) => binance.read(ticker(update), state).kind)).toEqual([
      'quote',
      'quote',
      'dropped',
      'dropped',
      'quote',
    ]);
  });
});
