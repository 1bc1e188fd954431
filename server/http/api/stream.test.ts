import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { GridDiff } from '../../live/grid-diff.ts';
import { readInbound } from '../../live/inbound.ts';
import { answerFrame, errorFrame, streamFrames } from '../../live/outbound.ts';
import { openHouse, type TestHouse } from '../../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../../test/stage/http-trader.ts';
import { STREAM_RECEIVED, STREAM_SENT } from './stream-messages.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
  await house.pass(500);
});
afterAll(() => house.close());

const faults = (name: keyof typeof STREAM_RECEIVED, frame: string): string[] =>
  [...Value.Errors(STREAM_RECEIVED[name].schema, JSON.parse(frame))].map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('the stream as it is documented', () => {
  test.each(Object.entries({ ...STREAM_SENT, ...STREAM_RECEIVED }))(
    '%s: the example fits',
    (_, { schema, example }) => expect([...Value.Errors(schema, example)]).toEqual([]),
  );

  test('what may be sent is taken', () => {
    expect(readInbound(STREAM_SENT.taps.example, 16).type).toBe('taps');
    expect(readInbound(STREAM_SENT.snapshot.example, 16).type).toBe('snapshot');
  });

  test('real frames fit', async () => {
    const diff = new GridDiff();
    diff.next(house.engine.board()!);
    await house.pass(1000);
    const board = house.engine.board()!;
    const trader = await practise(house);
    const offer = offers(house)[4]!;
    await trader.tap([tapOn(offer)]);
    const bet = house.books.openBets()[0]!;
    expect(
      faults('hello', streamFrames.hello(1, { windowMs: 5000, simulated: false, accountId: null })),
    ).toEqual([]);
    expect(faults('heartbeat', streamFrames.heartbeat(1))).toEqual([]);
    expect(faults('tick', streamFrames.tick(2, board.tick))).toEqual([]);
    for (const frame of streamFrames.grid(() => 3, board, diff.next(board)))
      expect(faults('grid', frame)).toEqual([]);
    for (const frame of streamFrames.full(3, board)) expect(faults('grid, full', frame)).toEqual([]);
    expect(faults('bet', streamFrames.bet(bet, 1 as never))).toEqual([]);
    expect(faults('answer, refused', answerFrame('x', { code: 'halted', retryAfterMs: 5 }))).toEqual([]);
    expect(faults('answer', answerFrame('x', { code: 'halted', retryAfterMs: 5 }))).not.toEqual([]);
    expect(
      faults(
        'answer',
        answerFrame('x', {
          replayed: false,
          balance: null,
          results: [{ status: 'rejected', code: 'quote_mismatch', offered: offer.multiplier }],
        }),
      ),
    ).toEqual([]);
    for (const nonce of [null, crypto.randomUUID()])
      expect(
        faults(
          'error',
          errorFrame('bad_request', { field: 'taps', message: 'Field taps: it is missing.' }, nonce),
        ),
      ).toEqual([]);
    expect(
      faults(
        'error',
        errorFrame('bad_request', { message: 'Expected a text message with one JSON object.' }, null),
      ),
    ).toEqual([]);
  });
});
