import { describe, expect, test } from 'bun:test';
import { newConnection } from '../adapter.ts';
import { bitstamp } from './bitstamp.ts';

const book = (bids: unknown, asks: unknown, fields: object = {}) =>
  JSON.stringify({
    data: { timestamp: '1793607330', microtimestamp: '1793607330250417', bids, asks, ...fields },
    channel: 'order_book_btcusd',
    event: 'data',
  });

describe('bitstamp', () => {
  test('subscribes to the order book', () => {
    expect(bitstamp.subscribe().map((frame) => JSON.parse(frame))).toEqual([
      { event: 'bts:subscribe', data: { channel: 'order_book_btcusd' } },
    ]);
  });

  const table: [string, string, object][] = [
    [
      'the best level of each side',
      book(
        [
          ['81000.00', '1'],
          ['80999.00', '2'],
        ],
        [
          ['81001.00', '1'],
          ['81002.00', '2'],
        ],
      ),
      { kind: 'quote', bid: 8_100_000, ask: 8_100_100, exchangeAt: 1_793_607_330_250 },
    ],
    ['one side empty', book([], [['81001.00', '1']]), { kind: 'dropped' }],
    ['crossed', book([['81002', '1']], [['81001', '1']]), { kind: 'dropped' }],
    ['no time', book([['81000', '1']], [['81001', '1']], { microtimestamp: undefined }), { kind: 'garbage' }],
    ['levels that are no lists', book('81000', { 0: ['81001'] }), { kind: 'dropped' }],
    [
      'another channel',
      book([['81000', '1']], [['81001', '1']]).replace('btcusd', 'btceur'),
      { kind: 'garbage' },
    ],
    [
      'acknowledgement',
      '{"event":"bts:subscription_succeeded","channel":"order_book_btcusd","data":{}}',
      { kind: 'alive' },
    ],
    ['heartbeat', '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}', { kind: 'alive' }],
    [
      'request to reconnect',
      '{"event":"bts:request_reconnect","channel":"","data":{}}',
      { kind: 'reconnect', isGap: false },
    ],
    [
      'error',
      '{"event":"bts:error","channel":"","data":{"code":null,"message":"Incorrect JSON format."}}',
      { kind: 'rejected', why: 'Incorrect JSON format.' },
    ],
    ['unknown event', '{"event":"order_created","data":{}}', { kind: 'garbage' }],
  ];
  test.each(table)('%s', (_name, frame, expected) =>
    expect(bitstamp.read(frame, newConnection())).toMatchObject(expected),
  );
});
