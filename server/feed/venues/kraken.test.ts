import { describe, expect, test } from 'bun:test';
import { newConnection } from '../adapter.ts';
import { kraken } from './kraken.ts';

const ticker = (fields: string, type = 'update') =>
  `{"channel":"ticker","type":"${type}","data":[{"symbol":"BTC/USD",${fields},"bid_qty":1.2,"ask_qty":0.4}]}`;
const status = (system: string) =>
  `{"channel":"status","type":"update","data":[{"api_version":"v2","connection_id":4,"system":"${system}","version":"2.0.10"}]}`;

describe('kraken', () => {
  test('subscribes to the ticker by best bid and offer', () => {
    expect(JSON.parse(kraken.subscribe()[0]!).params).toEqual({
      channel: 'ticker',
      symbol: ['BTC/USD'],
      event_trigger: 'bbo',
      snapshot: true,
    });
  });

  const table: [string, string, object][] = [
    [
      'numbers become cents without a float in between',
      ticker('"bid":81000.29,"ask":81000.30'),
      { kind: 'quote', bid: 8_100_029, ask: 8_100_030, exchangeAt: null },
    ],
    [
      'a time, when there is one',
      ticker('"bid":81000.2,"ask":81000.3,"timestamp":"2026-11-02T08:15:30.250417Z"'),
      { kind: 'quote', exchangeAt: Date.UTC(2026, 10, 2, 8, 15, 30, 250) },
    ],
    [
      'a time that is none',
      ticker('"bid":81000.2,"ask":81000.3,"timestamp":"yesterday"'),
      { kind: 'garbage' },
    ],
    ['exponents are no price', ticker('"bid":8.1e-7,"ask":81000.3'), { kind: 'garbage' }],
    ['empty book', ticker('"bid":0,"ask":81000.3'), { kind: 'dropped' }],
    ['crossed', ticker('"bid":81000.31,"ask":81000.3'), { kind: 'dropped' }],
    [
      'another symbol',
      ticker('"bid":3000.1,"ask":3000.2').replace('BTC/USD', 'ETH/USD'),
      { kind: 'garbage' },
    ],
    ['heartbeat', '{"channel":"heartbeat"}', { kind: 'alive' }],
    [
      'pong',
      '{"method":"pong","req_id":2,"time_in":"2026-11-02T08:15:30.1Z","time_out":"2026-11-02T08:15:30.1Z"}',
      { kind: 'alive' },
    ],
    [
      'acknowledgement',
      '{"method":"subscribe","result":{"channel":"ticker","symbol":"BTC/USD"},"success":true,"req_id":1}',
      { kind: 'alive' },
    ],
    [
      'refusal',
      '{"error":"Currency pair not supported","method":"subscribe","success":false}',
      { kind: 'rejected', why: 'Currency pair not supported' },
    ],
    [
      'error without a method',
      '{"error":"Unsupported field"}',
      { kind: 'rejected', why: 'Unsupported field' },
    ],
    [
      'too many messages, in the words of version 1',
      '{"Error":"Exceeded msg rate"}',
      { kind: 'rejected', why: 'Exceeded msg rate', isRate: true },
    ],
    ['status', status('online'), { kind: 'alive' }],
    ['status without a system', '{"channel":"status","data":[{}]}', { kind: 'garbage' }],
    ['unknown channel', '{"channel":"instrument","data":{}}', { kind: 'garbage' }],
  ];
  test.each(table)('%s', (_name, frame, expected) =>
    expect(kraken.read(frame, newConnection())).toMatchObject(expected),
  );

  test('no quote stands while the system is not online', () => {
    const state = newConnection();
    const quote = ticker('"bid":81000.2,"ask":81000.3');
    expect(
      [status('online'), quote, status('cancel_only'), quote, status('online'), quote].map(
        (frame) => kraken.read(frame, state).kind,
      ),
    ).toEqual(['alive', 'quote', 'halted', 'halted', 'alive', 'quote']);
  });
});
