import { messageOf, systemCodeOf } from '../ports/failure.ts';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parsePrice } from '../game/price.ts';

/** Uncompressed size of a recording: about three weeks of ten prices a second. */
export const RECORDING_BYTES_MAX = 512 * 1024 * 1024;
export const RECORDING_HEADER = 'ts_ms,price';
/** The one thing to do with a price file of another shape. */
export const IMPORT_HINT = 'Convert it first: tapgrid import reads price files from exchanges and data sites';
/** Epoch seconds of our time, read as ms, lie in the first months of 1970. */
const SECONDS_OF_OUR_TIME = [1e9, 1e11] as const;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** Recorded prices. `times[i]` is UTC epoch ms and never decreases, `prices[i]` is in cents. Never empty. */
export interface Recording {
  readonly file: string;
  readonly times: Float64Array;
  readonly prices: Float64Array;
}

export interface RecordingError {
  readonly code:
    | 'recording_unwritable'
    | 'replay_unreadable'
    | 'replay_too_large'
    | 'replay_bad_header'
    | 'replay_bad_line'
    | 'replay_empty';
  /** A sentence that names the file, and the line where there is one. */
  readonly message: string;
}

export type RecordingResult = { readonly ok: Recording } | { readonly error: RecordingError };

/** Reads `.csv` or `.csv.gz` (one or several gzip members) with the header `ts_ms,price`. */
export function readRecording(path: string): RecordingResult {
  const file = basename(path);
  let bytes: Buffer;
  try {
    if (statSync(path).size > RECORDING_BYTES_MAX) return tooLarge(file);
    bytes = readFileSync(path);
    if (path.endsWith('.gz')) bytes = gunzipSync(bytes, { maxOutputLength: RECORDING_BYTES_MAX });
  } catch (cause) {
    if (systemCodeOf(cause) === 'ERR_BUFFER_TOO_LARGE') return tooLarge(file);
    return refused('replay_unreadable', `The recording ${path} cannot be read: ${messageOf(cause)}`);
  }
  if (bytes.length > RECORDING_BYTES_MAX) return tooLarge(file);
  const text = bytes.toString('latin1');
  return parseRecording(file, text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text);
}

/** @param file name for messages and for the feed's label */
export function parseRecording(file: string, text: string): RecordingResult {
  const times: number[] = [];
  const prices: number[] = [];
  let lineNumber = 0;
  for (const line of linesOf(text.trimEnd())) {
    lineNumber++;
    if (lineNumber === 1) {
      if (line !== RECORDING_HEADER)
        return refused(
          'replay_bad_header',
          `${file} does not start with the header "${RECORDING_HEADER}". ${IMPORT_HINT}.`,
        );
      continue;
    }
    const row = parseRow(line);
    if (!row)
      return refused(
        'replay_bad_line',
        `${file} line ${lineNumber} is not "<epoch ms>,<price>": ` +
          `${JSON.stringify(line.slice(0, 60))}. ${IMPORT_HINT}.`,
      );
    if (times.length === 0 && row.at >= SECONDS_OF_OUR_TIME[0] && row.at < SECONDS_OF_OUR_TIME[1])
      return refused(
        'replay_bad_line',
        `${file} line ${lineNumber} has a time in seconds, expected ms: ${row.at}. ${IMPORT_HINT}.`,
      );
    if (row.at < (times.at(-1) ?? 0))
      return refused(
        'replay_bad_line',
        `${file} line ${lineNumber} is earlier than the line before it. ${IMPORT_HINT}.`,
      );
    times.push(row.at);
    prices.push(row.price);
  }
  if (times.length === 0) return refused('replay_empty', `${file} has no prices`);
  return { ok: { file, times: Float64Array.from(times), prices: Float64Array.from(prices) } };
}

const ROW = /^(\d{1,15}),([\d.]{1,27})$/;

function parseRow(line: string): { at: number; price: number } | null {
  const [, at, dollars] = ROW.exec(line) ?? [];
  const price = dollars === undefined ? null : parsePrice(dollars);
  return price === null ? null : { at: Number(at), price };
}

/** Lines without their ends (`\n` or `\r\n`); the empty text after the last line end is not a line. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
    if (end < 0) return;
    from = end + 1;
  }
}

const refused = (code: RecordingError['code'], message: string): RecordingResult => ({
  error: { code, message },
});

const tooLarge = (file: string): RecordingResult =>
  refused('replay_too_large', `${file} has more than ${RECORDING_BYTES_MAX} bytes`);
