import { describe, expect, test } from 'bun:test';
import { newConnection } from '../adapter.ts';
import { okx } from './okx.ts';

const push = (book: object, instId = 'BTC-USDT') =>
  JSON.stringify({
    arg: { channel: 'bbo-tbt', instId },
    data: [
      {
        asks: [['81000.2', '1', '0', '2']],
        bids: [['81000.1', '4', '0', '9']],
        ts: '1793607330250',
        seqId: 11,
        ...book,
      },
    ],
  });

describe('okx', () => {
  test('subscribes to the best bid and offer', () => {
    expect(okx.subscribe().map((frame) => JSON.parse(frame))).toEqual([
      { op: 'subscribe', args: [{ channel: 'bbo-tbt', instId: 'BTC-USDT' }] },
    ]);
  });

  const table: [string, string, object][] = [
    [
      'best bid and offer',
      push({}),
      { kind: 'quote', bid: 8_100_010, ask: 8_100_020, exchangeAt: 1_793_607_330_250 },
    ],
    ['one side empty', push({ bids: [] }), { kind: 'dropped' }],
    ['crossed', push({ bids: [['81000.3', '1']] }), { kind: 'dropped' }],
    ['no time', push({ ts: undefined }), { kind: 'garbage' }],
    ['another instrument', push({}, 'ETH-USDT'), { kind: 'garbage' }],
    ['no data', '{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[]}', { kind: 'garbage' }],
    ['the pong is text, not JSON', 'pong', { kind: 'alive' }],
    ['a ping is not ours to get', 'ping', { kind: 'garbage' }],
    [
      'acknowledgement',
      '{"event":"subscribe","arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"connId":"a1"}',
      { kind: 'alive' },
    ],
    [
      'upgrade notice',
      '{"event":"notice","code":"64008","msg":"soon","connId":"a1"}',
      { kind: 'reconnect', isGap: false },
    ],
    ['another notice', '{"event":"notice","code":"1","msg":"hello"}', { kind: 'alive' }],
    [
      'error',
      '{"event":"error","code":"60012","msg":"Invalid request"}',
      { kind: 'rejected', why: 'Invalid request' },
    ],
    ['unknown event', '{"event":"login"}', { kind: 'garbage' }],
  ];
  test.each(table)('%s', (_name, frame, expected) =>
    expect(okx.read(frame, newConnection())).toMatchObject(expected),
  );
});
