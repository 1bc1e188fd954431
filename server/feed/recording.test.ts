import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseRecording, readRecording } from './recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const rowsOf = (result: ReturnType<typeof readRecording>) =>
  'ok' in result ? [...result.ok.times].map((at, i) => [at, result.ok.prices[i]]) : result.error;

describe('parseRecording', () => {
  const table: [string, string, string, string][] = [
    ['no header', '1000,5.00\n', 'replay_bad_header', 'b.csv does not start'],
    ['empty file', '', 'replay_empty', 'b.csv has no prices'],
    ['only a header', 'ts_ms,price\n', 'replay_empty', 'b.csv has no prices'],
    ['text for a price', 'ts_ms,price\n1000,5.00\n1100,abc\n', 'replay_bad_line', 'b.csv line 3'],
    ['negative price', 'ts_ms,price\n1000,-5\n', 'replay_bad_line', 'b.csv line 2'],
    ['exponent', 'ts_ms,price\n1000,1e5\n', 'replay_bad_line', 'b.csv line 2'],
    ['price of zero', 'ts_ms,price\n1000,0.00\n', 'replay_bad_line', 'b.csv line 2'],
    ['fraction in the time', 'ts_ms,price\n1000.5,5\n', 'replay_bad_line', 'b.csv line 2'],
    ['third field', 'ts_ms,price\n1000,5,6\n', 'replay_bad_line', 'b.csv line 2'],
    ['empty line in the middle', 'ts_ms,price\n1000,5\n\n1100,5\n', 'replay_bad_line', 'b.csv line 3'],
    [
      'seconds for a time',
      'ts_ms,price\n1767225600,87500\n',
      'replay_bad_line',
      'line 2 has a time in seconds, expected ms',
    ],
    ['another shape names the way in', 'id,price\n', 'replay_bad_header', 'tapgrid import'],
    ['time goes back', 'ts_ms,price\n1000,5\n1100,5\n1099,5\n', 'replay_bad_line', 'b.csv line 4 is earlier'],
  ];
  test.each(table)('%s', (_name, text, code, message) => {
    const result = parseRecording('b.csv', text);
    expect('error' in result && result.error.code).toBe(code as never);
    expect('error' in result && result.error.message).toContain(message);
  });

  test('takes \\r\\n, a last line without its end, equal times and prices of 0 to 8 decimals', () => {
    const result = parseRecording(
      'a.csv',
      'ts_ms,price\r\n1000,16200\r\n1000,234.885\r\n1001,10111.65100000',
    );
    expect(rowsOf(result)).toEqual([
      [1000, 1_620_000],
      [1000, 23_489],
      [1001, 1_011_165],
    ]);
  });
});

describe('readRecording', () => {
  test('reads plain and gzipped files, and gzip members one after the other', () => {
    const expected = [
      [1, 500],
      [2, 600],
    ];
    expect(rowsOf(readRecording(written('a.csv', 'ts_ms,price\n1,5\n2,6\n')))).toEqual(expected);
    expect(rowsOf(readRecording(written('a.csv.gz', gzipSync('ts_ms,price\n1,5\n2,6\n'))))).toEqual(expected);
    expect(
      rowsOf(
        readRecording(
          written('m.csv.gz', Buffer.concat([gzipSync('ts_ms,price\n1,5\n'), gzipSync('2,6\n')])),
        ),
      ),
    ).toEqual(expected);
  });

  test('a byte order mark before and empty lines behind are no fault', () => {
    expect(rowsOf(readRecording(written('bom.csv', '\ufeffts_ms,price\n1,5\n2,6\n\n\n')))).toEqual([
      [1, 500],
      [2, 600],
    ]);
  });

  test('a missing file and a torn gzip file are errors, not exceptions', () => {
    expect(readRecording(join(folder, 'nowhere.csv'))).toMatchObject({
      error: { code: 'replay_unreadable' },
    });
    expect(
      readRecording(written('torn.csv.gz', gzipSync('ts_ms,price\n1,5\n').subarray(0, 20))),
    ).toMatchObject({ error: { code: 'replay_unreadable' } });
  });

  test('bytes that are not ASCII are a bad line', () => {
    expect(readRecording(written('u.csv', 'ts_ms,price\n1,٥\n'))).toMatchObject({
      error: { code: 'replay_bad_line' },
    });
  });
});
