import { describe, expect, test } from 'bun:test';
import { newConnection } from '../adapter.ts';
import { bybit } from './bybit.ts';

type Levels = [string, string][];
const update = (type: string, number: unknown, b: Levels, a: Levels, ts: unknown = 1_793_607_330_250) =>
  JSON.stringify({
    topic: 'orderbook.1.BTCUSDT',
    ts,
    type,
    data: { s: 'BTCUSDT', b, a, u: number, seq: 77 },
    cts: 1_793_607_330_248,
  });
const first = update('snapshot', 50, [['81000.1', '2']], [['81000.2', '1']]);

describe('bybit', () => {
  test('subscribes to the book of depth 1', () => {
    expect(bybit.subscribe().map((frame) => JSON.parse(frame))).toEqual([
      { req_id: 'book', op: 'subscribe', args: ['orderbook.1.BTCUSDT'] },
    ]);
  });

  const table: [string, string, object][] = [
    ['snapshot', first, { kind: 'quote', bid: 8_100_010, ask: 8_100_020, exchangeAt: 1_793_607_330_250 }],
    [
      'a delta before the snapshot',
      update('delta', 51, [['81000.1', '2']], []),
      { kind: 'reconnect', isGap: true },
    ],
    ['a snapshot with one side', update('snapshot', 50, [['81000.1', '2']], []), { kind: 'dropped' }],
    ['no time', update('snapshot', 50, [['81000.1', '2']], [['81000.2', '1']], null), { kind: 'garbage' }],
    [
      'no update number',
      update('snapshot', null, [['81000.1', '2']], [['81000.2', '1']]),
      { kind: 'garbage' },
    ],
    [
      'neither snapshot nor delta',
      update('full', 50, [['81000.1', '2']], [['81000.2', '1']]),
      { kind: 'garbage' },
    ],
    [
      'a size that is none',
      update('snapshot', 50, [['81000.1', 'many']], [['81000.2', '1']]),
      { kind: 'garbage' },
    ],
    ['another topic', first.replace('orderbook.1.', 'orderbook.50.'), { kind: 'garbage' }],
    [
      'pong',
      '{"success":true,"ret_msg":"pong","conn_id":"c","req_id":"ping","op":"ping"}',
      { kind: 'alive' },
    ],
    [
      'acknowledgement',
      '{"success":true,"ret_msg":"","conn_id":"c","req_id":"book","op":"subscribe"}',
      { kind: 'alive' },
    ],
    [
      'refusal',
      '{"success":false,"ret_msg":"error:handler not found","op":"subscribe"}',
      { kind: 'rejected', why: 'error:handler not found' },
    ],
  ];
  test.each(table)('%s', (_name, frame, expected) =>
    expect(bybit.read(frame, newConnection())).toMatchObject(expected),
  );

  test('deltas replace and delete levels on top of the snapshot', () => {
    const state = newConnection();
    const book = (frame: string) => {
      const reading = bybit.read(frame, state);
      return reading.kind === 'quote' ? [reading.bid, reading.ask] : reading.kind;
    };
    expect(book(first)).toEqual([8_100_010, 8_100_020] as never);
    expect(
      book(
        update(
          'delta',
          51,
          [
            ['81000.1', '0'],
            ['81000.0', '5'],
          ],
          [],
        ),
      ),
    ).toEqual([8_100_000, 8_100_020] as never);
    expect(
      book(
        update(
          'delta',
          52,
          [],
          [
            ['81000.3', '1'],
            ['81000.2', '0'],
          ],
        ),
      ),
    ).toEqual([8_100_000, 8_100_030] as never);
    expect(book(update('delta', 52, [['81000.1', '1']], []))).toBe('dropped');
    expect(book(update('delta', 53, [['80000.0', '0']], []))).toEqual([8_100_000, 8_100_030] as never);
    expect(book(update('delta', 54, [['81000.0', '0']], []))).toBe('dropped');
    expect(book(update('delta', 55, [['81000.1', '1']], []))).toEqual([8_100_010, 8_100_030] as never);
    expect(book(update('snapshot', 1, [['90000.0', '1']], [['90000.1', '1']]))).toEqual([
      9_000_000, 9_000_010,
    ] as never);
    expect(book(update('delta', 2, [], [['90000.0', '1']]))).toEqual([9_000_000, 9_000_000] as never);
  });
});
