import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { compose, type Tapgrid } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { Pulse } from './pulse.ts';

test('a beat takes the place of what was not told, and only of that', () => {
  let beats = 0;
  const pulse = new Pulse(() => beats++);
  pulse.stop();
  // A price between any two looks.
  for (let i = 0; i < 5; i++) {
    pulse.heard();
    pulse.look();
  }
  expect(beats).toBe(0);
  // Nothing any more: one beat a look, from the first look on between which and the last nothing was told.
  for (let i = 0; i < 3; i++) pulse.look();
  expect(beats).toBe(3);
  pulse.heard();
  pulse.look();
  expect(beats).toBe(3);
});

/** Real prices for two seconds, and none after them. */
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-pulse-'));
let tapgrid: Tapgrid;
beforeAll(async () => {
  const file = join(folder, 'short.csv.gz');
  writeFileSync(
    file,
    Bun.gzipSync(
      Buffer.from(
        [
          'ts_ms,price',
          ...Array.from({ length: 20 }, (_, i) => `${1_700_000_000_000 + i * 100},76010.00`),
        ].join('\n'),
      ),
    ),
  );
  const loaded = loadConfig({ PORT: '0', DATA_DIR: join(folder, 'data'), FEED: `replay:${file}` });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  tapgrid = await compose(loaded.ok, pino({ level: 'silent' }) as never, (cause) => {
    throw cause;
  });
});
afterAll(async () => {
  await tapgrid.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['/live', /^\["h",\d+\]$/, /^\["t"/],
  ['/api/v1/stream', /^\{"type":"heartbeat","at":\d+\}$/, /"type":"tick"/],
])(
  'on %s something comes when prices have stopped',
  async (path, beat, tick) => {
    const socket = new WebSocket(tapgrid.origin.replace('http', 'ws') + path);
    const frames: string[] = [];
    await new Promise<void>((beaten) => {
      socket.onmessage = ({ data }) => {
        frames.push(String(data));
        // The last of them, with no price between.
        if (frames.length > 4 && frames.slice(-4).every((frame) => beat.test(frame))) beaten();
      };
    });
    expect(frames.slice(-4).some((frame) => tick.test(frame))).toBe(false);
    const [first, last] = [frames.at(-4)!, frames.at(-1)!].map((frame) => Number(/\d{13}/.exec(frame)![0]));
    expect(Math.abs(last! - Date.now())).toBeLessThan(60_000);
    expect(last!).toBeGreaterThan(first!);
    socket.close();
  },
  60_000,
);
