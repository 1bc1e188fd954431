#!/usr/bin/env bun
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { complaintOf, qualityOf, type RecordingQuality } from '../server/feed/recording-quality.ts';
import { RecordingWriter } from '../server/feed/recording-writer.ts';
import { RECORDING_BYTES_MAX, type Recording } from '../server/feed/recording.ts';
import type { Cents } from '../server/game/price.ts';
import { openFile } from './import-recording/container.ts';
import { readPrices, type Cut, type Reading } from './import-recording/read.ts';
import { ImportRefused, refuse } from './import-recording/refusal.ts';
import { timeOf } from './import-recording/time.ts';
import { Progress } from './command-line/progress.ts';

const HELP = `Turns a price file that exchanges and data sites offer into a recording that FEED=replay:<file> plays.

  bun scripts/import-recording.ts <file> --out <file.csv.gz> [options]

The shape is told by what is in the file: CSV with , ; tab or | between the columns, plain or inside gz, zip or zst, with or
without a header, oldest or newest first; times in seconds, ms, µs, ns or as dates (UTC where no zone is named). It reads
trades, quotes and bars of Binance, Kraken, Bitstamp, bitcoincharts, CryptoDataDownload, Tardis, Kaggle and the like. Of bars
it takes the opening prices, the only ones that have a time.

  --out <file>        .csv.gz or .csv with the columns ts_ms,price
  --force             write over a file that is there
  --from <time>       leave out what is earlier: 2026-01-31, 2026-01-31T12:00:00Z or epoch ms
  --to <time>         leave out what is later
  --symbol <name>     the one to take, from a file of several
  --member <name>     the file to take, from a zip of several
  --time <column>     where the times are: the name of the column, or its number from 1
  --price <column>    where the prices are
  --json              the report as JSON
  --help              this text

Exit code: 0 imported, 1 not imported (nothing is written), 2 wrong arguments.
`;

const EXIT = { imported: 0, refused: 1, usage: 2 } as const;
/** `1767225600000,87500.00` and the end of the line. */
const ROW_BYTES_MAX = 26;

interface Order {
  readonly file: string;
  readonly out: string;
  readonly force: boolean;
  readonly member: string | undefined;
  readonly cut: Cut;
  readonly json: boolean;
}

async function main(args: string[]): Promise<number> {
  const order = readOrder(args);
  if (typeof order === 'number') return order;
  const progress = new Progress('importing', process.stderr);
  try {
    if (existsSync(order.out) && !order.force)
      refuse(`${order.out} is there already; --force writes over it`);
    const opened = await openFile(order.file, order.member);
    const name = basename(order.file);
    const reading = await readPrices(name, opened, order.cut, (part) => progress.update(part)).catch(
      (cause: unknown) => {
        if (cause instanceof ImportRefused) throw cause;
        return refuse(`${order.file} cannot be read to its end: ${(cause as Error).message}`);
      },
    );
    progress.end();
    const recording = reading.tape.recording(basename(order.out));
    if (recording.times.length === 0)
      refuse(
        `${name} holds no prices${reading.leftOut > 0 ? `: all ${reading.leftOut} rows were left out by --from, --to or --symbol` : ''}`,
      );
    write(order.out, recording);
    report(order, reading, recording);
    return EXIT.imported;
  } catch (cause) {
    progress.end();
    if (!(cause instanceof ImportRefused)) throw cause;
    console.error(cause.message);
    return EXIT.refused;
  }
}

/** A file that is there is whole: it gets its name when it is. */
function write(out: string, { times, prices }: Recording): void {
  if (times.length * ROW_BYTES_MAX > RECORDING_BYTES_MAX) {
    refuse(
      `${times.length} prices are more than a recording can hold (${Math.floor(RECORDING_BYTES_MAX / ROW_BYTES_MAX / 1e6)} million); take a part with --from and --to`,
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
    refuse(`${out} cannot be written: ${(cause as Error).message}`);
  }
}

function report(
  { file, out, json }: Order,
  { shape, tape, withoutPrice, leftOut }: Reading,
  recording: Recording,
): void {
  const quality = qualityOf(recording);
  const complaint = complaintOf(basename(out), quality);
  const [from, to] = [recording.times[0]!, recording.times.at(-1)!];
  if (json) {
    console.log(
      JSON.stringify({
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
      }),
    );
    return;
  }
  const skipped = [
    [withoutPrice, 'without a price'],
    [leftOut, 'outside of what was asked for'],
  ] as const;
  console.log(`${basename(file)}: ${shape.name}, times in ${shape.unit === 'date' ? 'dates' : shape.unit.replace('us', 'µs')}, ${tape.order}
read ${tape.rows} prices${skipped
    .filter(([count]) => count > 0)
    .map(([count, why]) => `, ${count} rows ${why}`)
    .join('')}
wrote ${recording.times.length} prices to ${out} (${(statSync(out).size / 1e6).toFixed(1)} MB): ${timeText(from)} to ${timeText(to)}, ${densityOf(quality)}`);
  if (shape.bars)
    console.log(
      'these are bars: their opening prices alone were taken, for highs, lows and closes have no time of their own',
    );
  if (complaint !== null) console.error(`warning: ${complaint.message}`);
  if (complaint?.unplayable !== true) console.log(`play it: FEED=replay:${out} npm start`);
}

const densityOf = ({ rowsPerMinute, longestHoleMs }: RecordingQuality): string =>
  `${rowsPerMinute.toFixed(1)} a minute, the longest hole ${(longestHoleMs / 1_000).toFixed(1)} s`;

const timeText = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, 'Z');

/** @returns an exit code where there is nothing to import */
function readOrder(args: string[]): Order | number {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        force: { type: 'boolean' },
        from: { type: 'string' },
        to: { type: 'string' },
        symbol: { type: 'string' },
        member: { type: 'string' },
        time: { type: 'string' },
        price: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) return (console.log(HELP), EXIT.imported);
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Error('expected one file to import');
    if (values.out === undefined || !/\.csv(\.gz)?$/.test(values.out))
      throw new Error('expected --out with a name that ends in .csv.gz or .csv');
    const [from, to] = [momentOf('--from', values.from, -Infinity), momentOf('--to', values.to, Infinity)];
    if (from > to) throw new Error('--from is later than --to');
    const { out, force = false, member, symbol, time, price, json = false } = values;
    return { file, out, force, member, cut: { from, to, symbol, time, price }, json };
  } catch (cause) {
    console.error(`${(cause as Error).message}\n\n${HELP}`);
    return EXIT.usage;
  }
}

function momentOf(option: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  const at = timeOf(text, /^\d{9,}$/.test(text) ? 'ms' : 'date');
  if (at === null)
    throw new Error(
      `${option}: ${JSON.stringify(text)} is no time; expected 2026-01-31, 2026-01-31T12:00:00Z or epoch ms`,
    );
  return at;
}

process.exitCode = await main(Bun.argv.slice(2));
