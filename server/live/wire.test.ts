import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { multiplier, type Multiplier } from '../game/money.ts';
import { cents } from '../game/price.ts';
import type { Board, BoardColumn } from '../ports/events.ts';
import { GridDiff } from './grid-diff.ts';
import { readInbound } from './inbound.ts';
import { FRAME_BYTES_MAX, MessageAllowance, MESSAGES_BURST, Seats } from './limits.ts';
import { pageFrames, streamFrames } from './outbound.ts';

const WINDOW = 5000;
const START = 1_800_000_000_000;

const boardOf = (revision: number, columns: readonly BoardColumn[]): Board => ({
  revision: {
    revision,
    at: START + revision,
    tickSeq: revision,
    inputs: {} as never,
    columns: [],
    pause: null,
  },
  tick: { seq: revision, at: START + revision, price: cents(7_600_000), sources: [] },
  windowMs: WINDOW,
  rows: columns[0]?.multipliers.length ?? 0,
  columns,
});

const columnOf = (index: number, low: number, values: readonly number[]): BoardColumn => ({
  start: START + index * WINDOW,
  band: 1000,
  low: cents(low),
  locked: index < 2,
  multipliers: values.map((value) => (value === 0 ? null : multiplier(value))),
});

describe('a page that applies every grid frame', () => {
  const columns = fc.array(
    fc.record({
      shift: fc.integer({ min: 0, max: 4 }),
      values: fc.array(fc.constantFrom(0, 105, 235, 999, 2500), { minLength: 6, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test('shows what the board has', () => {
    fc.assert(
      fc.property(fc.array(columns, { minLength: 1, maxLength: 8 }), (boards) => {
        const diff = new GridDiff();
        const shown = new Map<number, { low: number; cells: Map<number, number> }>();
        let seq = 0;
        boards.forEach((made, revision) => {
          const board = boardOf(
            revision,
            made.map(({ shift, values }, index) =>
              columnOf(revision + index, 7_600_000 + shift * 1000, values),
            ),
          );
          for (const frame of pageFrames.grid(() => ++seq, board, diff.next(board)))
            apply(shown, JSON.parse(frame));
          for (const { start, low, multipliers } of board.columns)
            expect(multipliers.map((_, row) => shown.get(start)?.cells.get(low + row * 1000) ?? 0)).toEqual(
              multipliers.map((value) => value ?? (0 as Multiplier)),
            );
        });
      }),
    );
  });

  function apply(
    shown: Map<number, { low: number; cells: Map<number, number> }>,
    [, , , , , first, columns]: [
      string,
      number,
      number,
      number,
      null,
      number,
      [number, number, ...number[]][],
    ],
  ): void {
    for (const [index, low, ...changes] of columns) {
      const start = first + index * WINDOW;
      const column = shown.get(start) ?? { low, cells: new Map<number, number>() };
      if (low) column.low = low;
      for (const price of [...column.cells.keys()])
        if (price < column.low || price >= column.low + 6 * 1000) column.cells.delete(price);
      for (let i = 0; i < changes.length; i += 2)
        column.cells.set(column.low + changes[i]! * 1000, changes[i + 1]!);
      shown.set(start, column);
    }
  }
});

test('the largest board that can be configured fits into frames of the limit, and only the last names the revision', () => {
  const board = boardOf(
    9,
    Array.from({ length: 61 }, (_, index) => columnOf(index, 7_600_000, Array<number>(40).fill(2500))),
  );
  let seq = 0;
  for (const frames of [
    pageFrames.grid(() => ++seq, board, new GridDiff().next(board)),
    pageFrames.snapshot(1, board),
    streamFrames.grid(() => ++seq, board, new GridDiff().next(board)),
    streamFrames.full(1, board),
  ]) {
    expect(frames.length).toBeGreaterThan(1);
    for (const frame of frames) expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES_MAX);
  }
  expect(
    pageFrames
      .grid(() => ++seq, board, new GridDiff().next(board))
      .map((frame) => JSON.parse(frame)[2])
      .filter((revision) => revision !== null),
  ).toEqual([9]);
  expect(
    pageFrames
      .settled(crypto.randomUUID(), Array<string>(900).fill('c1800000000000-60000-10000000000-10000100000'))
      .every((frame) => frame.length <= FRAME_BYTES_MAX),
  ).toBe(true);
});

describe('what comes in', () => {
  const order = {
    type: 'taps',
    nonce: '7f3c1a52-9f0e-4a57-8b8e-1f2a3b4c5d6e',
    deadline: START,
    signature: 'A'.repeat(86),
    taps: [{ cell: '1800000000000.5000.7602000.7603000', stake: 5_000_000, multiplier: 235, revision: 1 }],
  };
  test('is taps or a wish for a snapshot', () => {
    const { type, ...rest } = order;
    expect(readInbound(order, 16)).toEqual({ type: 'taps', order: rest } as never);
    expect(readInbound({ type: 'snapshot' }, 16)).toEqual({ type: 'snapshot' });
  });
  const nothing: readonly (readonly [name: string, value: unknown])[] = [
    ['null', null],
    ['a text', 'snapshot'],
    ['a number', 7],
    ['an empty list', []],
    ['a list', ['taps']],
    ['bytes', Buffer.from('{}')],
    ['an empty object', {}],
    ['taps alone', { type: 'taps' }],
    ['another type', { ...order, type: 'TAPS' }],
    ['no tap', { ...order, taps: [] }],
    ['too many taps', { ...order, taps: Array(17).fill(order.taps[0]) }],
    ['a deadline as text', { ...order, deadline: '1' }],
  ];
  test.each(nothing)('%s is nothing', (_, value) => expect(readInbound(value, 16).type).toBe('fault'));

  test.each([
    ['a field of an order that is not known', { ...order, tip: 1 }, 'tip', order.nonce],
    [
      'a field of a tap that is not known',
      { ...order, taps: [{ ...order.taps[0], tip: 1 }] },
      'taps.0.tip',
      order.nonce,
    ],
    ['a field beside snapshot', { type: 'snapshot', since: 5 }, 'since', null],
    [
      'a stake as text',
      { ...order, taps: [order.taps[0], { ...order.taps[0], stake: '5' }] },
      'taps.1.stake',
      order.nonce,
    ],
    ['a nonce that is none', { ...order, nonce: 'mine' }, 'nonce', null],
    ['a message of another kind', { ...order, type: 'tap' }, 'type', order.nonce],
  ])('%s is told by field and nonce', (_, value, field, nonce) =>
    expect(readInbound(value, 16)).toEqual({
      type: 'fault',
      nonce,
      isReadable: false,
      fault: { field, message: expect.stringContaining(`Field ${field}: `) },
    }),
  );
  test('too many taps are an order all the same', () => {
    expect(readInbound({ ...order, taps: Array(17).fill(order.taps[0]) }, 16)).toMatchObject({
      type: 'fault',
      nonce: order.nonce,
      isReadable: true,
      fault: { field: 'taps', message: expect.stringContaining('at most 16') },
    });
  });
  test('never throws', () =>
    fc.assert(
      fc.property(fc.anything(), (value) =>
        ['fault', 'taps', 'snapshot'].includes(readInbound(value, 16).type),
      ),
    ));
});

test('a socket may talk in bursts but not for ever', () => {
  const allowance = new MessageAllowance(0);
  for (let i = 0; i < MESSAGES_BURST; i++) expect(allowance.take(0)).toBe(true);
  expect(allowance.take(0)).toBe(false);
  expect(allowance.take(100)).toBe(true);
});

test('seats are counted in all and by address, and come back', () => {
  const seats = new Seats(3, 2);
  expect([seats.take('a'), seats.take('a'), seats.take('a')]).toEqual([true, true, false]);
  expect([seats.shortage('a'), seats.shortage('b')]).toEqual(['address_full', null]);
  expect([seats.take('b'), seats.shortage('c')]).toEqual([true, 'full']);
  seats.leave('a');
  seats.leave('nobody');
  expect([seats.taken, seats.take('c')]).toEqual([2, true]);
});

test('pages of other sites may take half of the seats of an address, and half of all', () => {
  const seats = new Seats(6, 4);
  expect([seats.take('a', true), seats.take('a', true), seats.take('a', true)]).toEqual([true, true, false]);
  expect(seats.shortage('a')).toBeNull();
  expect([seats.take('b', true), seats.take('c', true), seats.shortage('c')]).toEqual([true, false, null]);
});
