import { firstOf, lastOf } from '../../../server/feed/recording-density.ts';
import { messageOf } from '../../../server/ports/failure.ts';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { complaintOf, qualityOf, type RecordingQuality } from '../../../server/feed/recording-quality.ts';
import { RecordingWriter } from '../../../server/feed/recording-writer.ts';
import { RECORDING_BYTES_MAX, type Recording } from '../../../server/feed/recording.ts';
import type { Cents } from '../../../server/game/price.ts';
import { command, type Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { CommandFailure, misused } from '../../command-line/failure.ts';
import { openFile } from '../../import-recording/container.ts';
import { readPrices, type Cut, type Reading } from '../../import-recording/read.ts';
import { ImportRefused, refuse } from '../../import-recording/refusal.ts';
import { timeOf } from '../../import-recording/time.ts';

/** `1767225600000,87500.00` and the end of the line. */
const ROW_BYTES_MAX = 26;

export const importRecording = command({
  about: 'Converts a price file from an exchange or data site into a recording for FEED=replay:<file>.',
  words: { file: { about: 'the price file' } },
  options: {
    out: { value: '<file>', required: true, about: '.csv.gz or .csv with the columns ts_ms,price' },
    force: { about: 'overwrite an existing file' },
    from: {
      value: '<time>',
      about: 'skip earlier prices: 2026-01-31, 2026-01-31T12:00:00Z or epoch ms',
    },
    to: { value: '<time>', about: 'skip later prices' },
    symbol: { value: '<name>', about: 'which symbol to import, from a file with several' },
    member: { value: '<name>', about: 'which file to import, from a zip with several' },
    time: {
      value: '<column>',
      about: 'the column with the times: its name, or its number from 1',
    },
    price: { value: '<column>', about: 'the column with the prices' },
  },
  notes: `The format is recognised from the contents: CSV with , ; tab or | between the columns, plain or inside gz,
zip or zst, with or without a header, oldest or newest first; times in seconds, ms, µs, ns or as dates (UTC
if no zone is given). It reads trades, quotes and bars of Binance, Kraken, Bitstamp, bitcoincharts,
CryptoDataDownload, Tardis, Kaggle and the like. Of bars it takes the opening prices, the only ones that
have a time.`,
  examples: ['import BTCUSDT-trades-2026-01-31.zip --out january.csv.gz'],
  exits: { 0: 'imported', 1: 'not imported; nothing is written' },
  async run({ words: { file }, options }, shell) {
    const { out, force, member, symbol, time, price } = options;
    if (!/\.csv(\.gz)?$/.test(out))
      throw misused('bad_value', `--out must end in .csv.gz or .csv, not ${out}.`);
    const from = momentOf('--from', options.from, -Infinity);
    const to = momentOf('--to', options.to, Infinity);
    if (from > to) throw misused('bad_value', '--from is later than --to.');
    if (!existsSync(file)) throw misused('no_file', `There is no file ${file}.`);
    const cut: Cut = { from, to, symbol, time, price };
    try {
      if (existsSync(out) && !force) refuse(`${out} already exists; overwrite it with --force`);
      const reading = await readFile(file, member, cut, shell);
      const recording = reading.tape.recording(basename(out));
      if (recording.times.length === 0)
        refuse(`${basename(file)} has no prices${reading.leftOut > 0 ? allLeftOut(reading) : ''}`);
      write(out, recording);
      return outcomeOf({ file, out }, reading, recording, shell);
    } catch (cause) {
      if (cause instanceof ImportRefused) throw new CommandFailure('not_imported', cause.message);
      throw cause;
    }
  },
});

async function readFile(file: string, member: string | undefined, cut: Cut, shell: Shell): Promise<Reading> {
  const opened = await openFile(file, member);
  const progressed = (part: number) => shell.progress('importing', part);
  return readPrices(basename(file), opened, cut, progressed).catch((cause: unknown) => {
    if (cause instanceof ImportRefused) throw cause;
    return refuse(`${file} cannot be read in full: ${messageOf(cause)}`);
  });
}

const allLeftOut = ({ leftOut }: Reading): string =>
  `: all ${leftOut} rows were left out by --from, --to or --symbol`;

/** A file that is there is whole: it gets its name when it is. */
function write(out: string, { times, prices }: Recording): void {
  if (times.length * ROW_BYTES_MAX > RECORDING_BYTES_MAX) {
    const millions = Math.floor(RECORDING_BYTES_MAX / ROW_BYTES_MAX / 1e6);
    refuse(
      `${times.length} prices are more than a recording can hold (${millions} ` +
        'million); import a part with --from and --to',
    );
  }
  const unfinished = join(dirname(out), `.unfinished-${process.pid}-${basename(out)}`);
  try {
    const opened = RecordingWriter.open(unfinished);
    if ('error' in opened) return refuse(opened.error.message.replace(unfinished, out));
    times.forEach((at, k) => opened.ok.write(at, prices[k] as Cents));
    opened.ok.close();
    renameSync(unfinished, out);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    if (cause instanceof ImportRefused) throw cause;
    refuse(`${out} cannot be written: ${messageOf(cause)}`);
  }
}

interface Paths {
  readonly file: string;
  readonly out: string;
}

function outcomeOf(
  { file, out }: Paths,
  { shape, tape, withoutPrice, leftOut }: Reading,
  recording: Recording,
  shell: Shell,
) {
  const quality = qualityOf(recording);
  const complaint = complaintOf(basename(out), quality);
  const [from, to] = [firstOf(recording.times), lastOf(recording.times)];
  if (complaint !== null) shell.say(`warning: ${complaint.message}`);
  const unit = shape.unit === 'date' ? 'dates' : shape.unit.replace('us', 'µs');
  const skipped = [
    ...(withoutPrice > 0 ? [`, ${withoutPrice} rows without a price`] : []),
    ...(leftOut > 0 ? [`, ${leftOut} rows left out by --from, --to or --symbol`] : []),
  ];
  const size = (statSync(out).size / 1e6).toFixed(1);
  const lines = [
    `${basename(file)}: ${shape.name}, times in ${unit}, ${tape.order}`,
    `read ${tape.rows} prices${skipped.join('')}`,
    `wrote ${recording.times.length} prices to ${out} (${size} MB): ` +
      `${timeText(from)} to ${timeText(to)}, ${densityOf(quality)}`,
    ...(shape.bars
      ? [
          'these are bars: only their opening prices were used, because highs, lows and closes have no ' +
            'time of their own',
        ]
      : []),
    ...(complaint?.unplayable === true ? [] : [`play it: FEED=replay:${out} npm start`]),
  ];
  return {
    exit: EXIT.ok,
    report: {
      file,
      out,
      shape: shape.name,
      unit: shape.unit,
      bars: shape.bars,
      order: tape.order,
      rows: tape.rows,
      withoutPrice,
      leftOut,
      prices: recording.times.length,
      from,
      to,
      quality,
      warning: complaint?.message ?? null,
    },
    text: `${lines.join('\n')}\n`,
  };
}

const densityOf = ({ rowsPerMinute, longestHoleMs }: RecordingQuality): string =>
  `${rowsPerMinute.toFixed(1)} a minute, the longest hole ${(longestHoleMs / 1_000).toFixed(1)} s`;

const timeText = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, 'Z');

function momentOf(option: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  const at = timeOf(text, /^\d{9,}$/.test(text) ? 'ms' : 'date');
  if (at === null)
    throw misused(
      'bad_value',
      `${option}: ${JSON.stringify(text)} is not a time; expected 2026-01-31, 2026-01-31T12:00:00Z or ` +
        'epoch ms.',
    );
  return at;
}
