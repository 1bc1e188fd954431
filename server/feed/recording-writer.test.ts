import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cents } from '../game/price.ts';
import { RecordingWriter, RECORDING_ROWS_BUFFERED_MAX } from './recording-writer.ts';
import { readRecording } from './recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-writer-'));
afterAll(() => rmSync(folder, { recursive: true }));

function opened(path: string): RecordingWriter {
  const result = RecordingWriter.open(path);
  if ('error' in result) throw new Error(result.error.message);
  return result.ok;
}
const rowsOf = (path: string) => {
  const result = readRecording(path);
  return 'error' in result
    ? result.error.code
    : [...result.ok.times].map((at, i) => [at, result.ok.prices[i]]);
};

test.each(['a.csv', 'a.csv.gz'])('%s: what is written is read, and a second writer goes on', (name) => {
  const path = join(folder, name);
  const first = opened(path);
  expect([first.write(100, cents(7_604_105)), first.write(200, cents(5))]).toEqual([true, true]);
  first.close();
  const second = opened(path);
  expect([
    second.write(200, cents(6)),
    second.write(150, cents(6)),
    second.write(300, cents(1_000_000_000)),
  ]).toEqual([false, false, true]);
  expect(second.rows).toBe(1);
  second.close();
  expect(rowsOf(path)).toEqual([
    [100, 7_604_105],
    [200, 5],
    [300, 1_000_000_000],
  ]);
});

test('a file is whole after every write, without a close', () => {
  const path = join(folder, 'killed.csv.gz');
  const writer = opened(path);
  expect(rowsOf(path)).toBe('replay_empty');
  for (let i = 1; i < RECORDING_ROWS_BUFFERED_MAX; i++) writer.write(i, cents(i));
  expect(rowsOf(path)).toBe('replay_empty');
  writer.write(RECORDING_ROWS_BUFFERED_MAX, cents(1));
  expect(rowsOf(path).length).toBe(RECORDING_ROWS_BUFFERED_MAX);
  writer.write(RECORDING_ROWS_BUFFERED_MAX + 1, cents(1));
  writer.flush();
  expect(rowsOf(path).length).toBe(RECORDING_ROWS_BUFFERED_MAX + 1);
  writer.close();
});

test.each([
  ['another.csv', 'a,b\n1,2\n', 'replay_bad_header'],
  ['torn.csv.gz', gzipSync('ts_ms,price\n1,5\n').subarray(0, 20), 'replay_unreadable'],
  ['notes.txt', '', 'recording_unwritable'],
] as const)('%s is left as it is', (name, content, code) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  expect(RecordingWriter.open(path)).toMatchObject({ error: { code } });
  expect(readFileSync(path)).toEqual(Buffer.from(content as string));
});

test('a folder that does not exist is an error, not an exception', () => {
  expect(RecordingWriter.open(join(folder, 'nowhere', 'a.csv'))).toMatchObject({
    error: { code: 'recording_unwritable' },
  });
});
