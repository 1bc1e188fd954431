import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isCents } from '../game/price.ts';
import { newConnection, type VenueAdapter } from './adapter.ts';
import { ADAPTERS } from './live.ts';
import { BOOK_WIDTH_SHARE_MAX, VENUE_WORDS_MAX } from './reading.ts';
import { PROTOCOLS } from '../../test/exchange-replica/protocols.ts';
import type { Line } from '../../test/exchange-replica/protocols/protocol.ts';
import { VENUES, type VenueName } from './spec.ts';

const RUNS = 300;
const AT = 1_793_607_330_250;

/** Reads frames on one connection and fails on a throw and on any quote that is none. */
function readAll(adapter: VenueAdapter, frames: readonly (string | Uint8Array)[]): string[] {
  const state = newConnection();
  return frames.map((frame) => {
    const reading = adapter.read(frame, state);
    if (reading.kind === 'quote') {
      expect(isCents(reading.bid) && isCents(reading.ask) && reading.bid <= reading.ask).toBe(true);
      expect(reading.ask - reading.bid).toBeLessThanOrEqual(reading.bid * BOOK_WIDTH_SHARE_MAX);
      expect(reading.exchangeAt === null || Number.isSafeInteger(reading.exchangeAt)).toBe(true);
    } else if (reading.kind !== 'alive') expect(reading.why.length).toBeLessThanOrEqual(VENUE_WORDS_MAX);
    return reading.kind;
  });
}

function framesOf(venue: VenueName): string[] {
  const sent: string[] = [];
  const line: Line = {
    venue,
    subscriptions: new Set(),
    sequence: 0,
    send: (frame) => sent.push(frame),
    cut: (rule) => sent.push(rule),
  };
  const protocol = PROTOCOLS[venue];
  protocol.greet?.(line);
  for (const frame of ADAPTERS[venue].subscribe()) protocol.hear(line, frame);
  const beat = protocol.heartbeat?.(line);
  if (beat) sent.push(beat);
  sent.push(protocol.book(line, { bid: '81000.10', ask: '81000.20', at: AT }));
  const keepAlive = ADAPTERS[venue].keepAlive?.frame;
  if (keepAlive) protocol.hear(line, keepAlive);
  return [...sent, protocol.book(line, { bid: '81000.11', ask: '81000.21', at: AT + 1 })];
}

/** Replaces, deletes or doubles a stretch of a frame, or puts other JSON where a value stood. */
const mutated = (frames: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...frames),
      fc.nat(400),
      fc.nat(12),
      fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom(
          '0',
          '-1',
          '1e400',
          'null',
          '[]',
          '{}',
          '""',
          '"0"',
          '9'.repeat(30),
          '"',
          '\\',
          '\u0000',
        ),
      ),
    )
    .map(([frame, from, length, put]) => {
      const at = from % frame.length;
      return frame.slice(0, at) + put + frame.slice(at + length);
    });

const inside = (frames: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...frames), fc.nat(40), fc.jsonValue({ maxDepth: 2 }))
    .map(([frame, which, put]) => {
      let count = 0;
      try {
        return (
          JSON.stringify(JSON.parse(frame), (_key, value) => (count++ === which ? put : value)) ?? 'null'
        );
      } catch {
        return frame;
      }
    });

describe.each([...VENUES.USD, ...VENUES.USDT])('%s', (venue) => {
  const adapter = ADAPTERS[venue];
  const frames = framesOf(venue);

  test('stands in the group of its currency, under its own name', () => {
    expect(adapter.venue).toBe(venue);
    expect((VENUES[adapter.quote] as readonly string[]).includes(venue)).toBe(true);
    expect(adapter.url).toStartWith('wss://');
  });

  test('understands every frame of the local replica', () => {
    const kinds = readAll(adapter, frames);
    expect(kinds.filter((kind) => kind === 'quote').length).toBe(2);
    expect(kinds.filter((kind) => kind !== 'quote' && kind !== 'alive')).toEqual([]);
  });

  test('any text and any bytes: never throws, never a quote', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (frame) => {
        expect(readAll(adapter, [frame])).not.toContain('quote');
      }),
      { numRuns: RUNS },
    );
  });

  test('mutated frames: never throws, every quote that is left is one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(mutated(frames), inside(frames), fc.constantFrom(...frames)), { maxLength: 6 }),
        (list) => {
          readAll(adapter, list);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
