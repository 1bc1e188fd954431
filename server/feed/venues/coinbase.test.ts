import { describe, expect, test } from 'bun:test';
import { newConnection } from '../adapter.ts';
import { coinbase } from './coinbase.ts';

const message = (
  sequence: unknown,
  channel: string,
  events: unknown[],
  timestamp: unknown = '2026-11-02T08:15:30.250417Z',
) => JSON.stringify({ channel, client_id: '', timestamp, sequence_num: sequence, events });
const ticker = (sequence: unknown, fields: object = {}, timestamp?: unknown) =>
  message(
    sequence,
    'ticker',
    [
      {
        type: 'snapshot',
        tickers: [
          {
            type: 'ticker',
            product_id: 'BTC-USD',
            price: '81000.10',
            best_bid: '81000.00',
            best_ask: '81000.11',
            ...fields,
          },
        ],
      },
    ],
    timestamp,
  );

describe('coinbase', () => {
  test('subscribes one channel a message, with heartbeats', () => {
    expect(coinbase.subscribe().map((frame) => JSON.parse(frame))).toEqual([
      { type: 'subscribe', product_ids: ['BTC-USD'], channel: 'ticker' },
      { type: 'subscribe', channel: 'heartbeats' },
    ]);
  });

  const table: [string, string, object][] = [
    [
      'best bid and ask, not the last trade',
      ticker(0),
      { kind: 'quote', bid: 8_100_000, ask: 8_100_011, exchangeAt: Date.UTC(2026, 10, 2, 8, 15, 30, 250) },
    ],
    [
      'acknowledgement',
      message(0, 'subscriptions', [{ subscriptions: { ticker: ['BTC-USD'] } }]),
      { kind: 'alive' },
    ],
    ['heartbeat', message(0, 'heartbeats', [{ heartbeat_counter: 9 }]), { kind: 'alive' }],
    [
      'error',
      '{"type":"error","message":"too many subscriptions"}',
      { kind: 'rejected', why: 'too many subscriptions' },
    ],
    ['another product', ticker(0, { product_id: 'ETH-USD' }), { kind: 'garbage' }],
    [
      'the batch ticker has no book',
      ticker(0, { best_bid: undefined, best_ask: undefined }),
      { kind: 'dropped' },
    ],
    ['crossed', ticker(0, { best_bid: '81000.12' }), { kind: 'dropped' }],
    ['no time', ticker(0, {}, null), { kind: 'garbage' }],
    ['no sequence number', ticker(undefined), { kind: 'garbage' }],
    ['sequence number as text', ticker('0'), { kind: 'garbage' }],
    ['unknown channel', message(0, 'candles', []), { kind: 'garbage' }],
    [
      'events that are no list',
      '{"channel":"ticker","timestamp":"2026-11-02T08:15:30Z","sequence_num":0,"events":{"tickers":[]}}',
      { kind: 'garbage' },
    ],
  ];
  test.each(table)('%s', (_name, frame, expected) =>
    expect(coinbase.read(frame, newConnection())).toMatchObject(expected),
  );

  test('every message counts: a hole is counted and what comes after it is taken, a repetition is dropped', () => {
    const state = newConnection();
    const kinds = [
      message(0, 'subscriptions', []),
      ticker(1),
      message(2, 'heartbeats', []),
      ticker(2),
      ticker(1),
      ticker(3),
      ticker(5),
    ].map((frame) => coinbase.read(frame, state));
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'alive',
      'quote',
      'alive',
      'dropped',
      'dropped',
      'quote',
      'quote',
    ]);
    expect(state.holes).toBe(1);
    expect(coinbase.read(ticker(0), newConnection()).kind).toBe('quote');
  });
});
