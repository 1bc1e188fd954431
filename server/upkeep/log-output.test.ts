import { afterAll, describe, expect, test } from 'bun:test';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogOutput, openTarget, type LogTarget } from './log-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A reader that takes as many bytes as it is allowed to. */
function reader() {
  const taken: Uint8Array[] = [];
  const state = { room: Infinity, broken: false };
  const target: LogTarget = {
    hasRoom: () => state.broken || state.room > 0,
    write(bytes) {
      if (state.broken) throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
      const count = Math.min(bytes.length, state.room);
      state.room -= count;
      taken.push(Buffer.from(bytes.subarray(0, count)));
      return count;
    },
  };
  return { target, state, lines: () => Buffer.concat(taken).toString().split('\n').filter(Boolean) };
}

describe('a reader that stops', () => {
  test('what waits comes in order, what did not fit is dropped from the end, counted and told', () => {
    const { target, state, lines } = reader();
    const output = new LogOutput(target, 60);
    output.write('{"n":1}\n');
    state.room = 3;
    for (let n = 2; n <= 20; n++) output.write(`{"n":${n}}\n`);
    expect([lines(), output.dropped > 0]).toEqual([['{"n":1}', '{"n'], true]);
    state.room = Infinity;
    output.write('{"n":21}\n');
    const heard = lines().map((line) => JSON.parse(line));
    const kept = heard.filter(({ n }) => n !== undefined).map(({ n }) => n);
    expect(heard.filter(({ dropped }) => dropped !== undefined)).toEqual([
      expect.objectContaining({ level: 'warn', dropped: output.dropped }),
    ]);
    expect(kept).toEqual([...Array.from({ length: kept.length - 1 }, (_, index) => index + 1), 21]);
    expect(kept.length + output.dropped).toBe(21);
  });

  test('a reader that has gone is no error, and the next one is told what is missing', () => {
    const { target, state, lines } = reader();
    const output = new LogOutput(target);
    state.broken = true;
    for (let n = 0; n < 5; n++) output.write(`{"n":${n}}\n`);
    expect(output.dropped).toBe(5);
    state.broken = false;
    output.write('{"n":5}\n');
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ dropped: 5 }),
      { n: 5 },
    ]);
    expect(output.dropped).toBe(5);
  });

  test('at the end of the process it is not waited for', () => {
    const { target, state, lines } = reader();
    const output = new LogOutput(target);
    state.room = 0;
    output.write('{"n":1}\n');
    output.end();
    expect(lines()).toEqual([]);
    state.room = Infinity;
    output.end();
    expect(lines()).toEqual(['{"n":1}']);
  });
});

test('a full pipe takes no thread with it, and every line that it had room for is whole', () => {
  const path = join(folder, 'pipe');
  expect(Bun.spawnSync(['mkfifo', path]).exitCode).toBe(0);
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // As a shell opens it: a write that has to wait, waits for ever.
  const write = openSync(path, constants.O_WRONLY);
  const output = new LogOutput(openTarget(write), 1_000_000);
  const line = (n: number) => `${JSON.stringify({ n, text: 'x'.repeat(9_000) })}\n`;
  for (let n = 0; n < 200; n++) output.write(line(n));
  expect(output.dropped).toBeGreaterThan(0);
  const text = drained(read, output);
  const heard = text
    .split('\n')
    .filter(Boolean)
    .map((one) => JSON.parse(one) as { n?: number; dropped?: number });
  expect(heard.at(-1)!.dropped).toBe(output.dropped);
  expect(heard.slice(0, -1).map(({ n }) => n)).toEqual(
    Array.from({ length: 200 - output.dropped }, (_, n) => n),
  );
  closeSync(read);
  closeSync(write);
});

function drained(read: number, output: LogOutput): string {
  const buffer = Buffer.alloc(1 << 20);
  let text = '';
  for (;;) {
    let count = 0;
    try {
      count = readSync(read, buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    if (count === 0) return text;
    text += buffer.subarray(0, count).toString();
    output.flush(0);
  }
}
