import { afterEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADAPTERS } from './live.ts';
import { HandClock, until } from '../../test/exchange-replica/hand-clock.ts';
import { host, stopAll, stops } from '../../test/exchange-replica/line.ts';
import { beside } from '../../test/stage/beside.ts';
import type { VenueName } from './spec.ts';
import { Venue, VENUE_LIMITS } from './venue.ts';

afterEach(stopAll);

/** Frames of exchanges that outsiders wrote down. */
const { path: FRAMES, isThere, why } = beside('cases/frames');

const MID = 8_400_050;

describe.skipIf(!isThere)(`frames that outsiders wrote down${why}`, () => {
  /**
   * A venue that says each line of the file and then lives on without a quote. @returns its price after each
   * line and after each second more
   */
  async function play(file: string, name: VenueName, quietSeconds = 0) {
    const { url, sockets, heard } = host();
    const clock = new HandClock();
    const venue = new Venue(ADAPTERS[name], { clock, random: () => 1, url });
    stops.push(() => venue.stop());
    venue.start();
    await until(() => heard.length === ADAPTERS[name].subscribe().length, 'the subscription');
    const status = () => venue.status(clock.now());
    const mids: (number | null)[] = [];
    const lines = readFileSync(join(FRAMES, file), 'utf8')
      .trim()
      .replaceAll('<now ms>', `${clock.now()}`)
      .replaceAll('<now>', new Date(clock.now()).toISOString());
    for (const [index, line] of lines.split('\n').entries()) {
      sockets[0]!.send(line);
      await until(() => status().counters.frames === index + 1, 'the frame');
      mids.push(status().price);
    }
    for (let second = 1; second <= quietSeconds; second++) {
      clock.advance(1_000);
      sockets[0]!.ping();
      await until(() => status().signAt === clock.now(), 'a sign of life');
      mids.push(status().price);
    }
    return { mids, status: status(), clock };
  }

  test('a crossed book is out after a second', async () => {
    expect((await play('kraken-crossed.jsonl', 'kraken', 2)).mids).toEqual([null, MID, MID, MID, null]);
  });
  test('so is one that is too wide', async () => {
    expect((await play('kraken-wide.jsonl', 'kraken', 2)).mids).toEqual([MID, MID, MID, null]);
  });
  test('so is one that is empty', async () => {
    expect((await play('bitstamp-empty.jsonl', 'bitstamp', 2)).mids).toEqual([MID, MID, MID, null]);
  });
  test('one that is said again and again is out after 5 s', async () => {
    const { mids } = await play('binance-repeat.jsonl', 'binance', 6);
    expect(mids).toEqual([...new Array(7).fill(8_400_000), null]);
  });
  test('a lost message is counted and costs no line', async () => {
    const { mids, status } = await play('coinbase-lost-message.jsonl', 'coinbase');
    expect(mids).toEqual([8_399_999, 8_399_999]);
    expect(status).toMatchObject({
      state: 'open',
      note: null,
      counters: { gaps: 1, dropped: 0, reconnects: 0 },
    });
  });
  test('too many messages are understood, and the venue is left in peace', async () => {
    const { status, clock } = await play('kraken-rate-error-v1.jsonl', 'kraken');
    expect([status.state, status.note, clock.due()]).toEqual([
      'waiting',
      'the venue refused: Exceeded msg rate',
      [VENUE_LIMITS.rateWaitMs],
    ]);
  });
});
