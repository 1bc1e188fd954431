#!/usr/bin/env bun
import { writeFileSync } from 'node:fs';
import { readRecording, type Recording } from '../server/feed/recording.ts';
import { HELP, readOptions, type Options } from './replay-market/options.ts';
import { htmlReport } from './replay-market/page.ts';
import { isSound, type Report, type Run } from './replay-market/report.ts';
import { runReplay } from './replay-market/run.ts';
import { markdownReport, textReport } from './replay-market/tables.ts';
import { excerptOf } from './replay-market/tape.ts';

const EXIT = { sound: 0, unsound: 1, usage: 2, interrupted: 130 } as const;

async function main(args: readonly string[]): Promise<number> {
  const read = readOptions(args);
  if ('help' in read) return told(HELP);
  if ('error' in read)
    return failed(EXIT.usage, `${read.error}\nbun scripts/replay-market.ts --help tells more`);
  const options = read.ok;
  const recorded = readRecording(options.file);
  if ('error' in recorded) return failed(EXIT.usage, recorded.error.message);
  const recording = excerptOf(recorded.ok, options.limitMinutes, options.scalePrice);
  if (recording === null)
    return failed(EXIT.usage, `--scale-price ${options.scalePrice} takes prices out of what a price may be`);
  return replay(recording, options);
}

async function replay(recording: Recording, options: Options): Promise<number> {
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
    process.stderr.write('\nending; the report tells what was played (Ctrl-C again to give up)\n');
  });
  const runs: Run[] = [];
  for (const lock of options.locks) {
    if (interrupted) break;
    runs.push(await runReplay(recording, options, lock, () => interrupted, process.stderr));
  }
  const { file: _, json, report: page, ...shown } = options;
  const { file, times } = recording;
  const report: Report = {
    recording: { file, rows: times.length, minutes: (times.at(-1)! - times[0]!) / 60_000 },
    options: shown,
    runs,
  };
  try {
    if (json !== null) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    if (page !== null)
      writeFileSync(page, page.endsWith('.md') ? markdownReport(report) : htmlReport(report));
  } catch (cause) {
    told(textReport(report));
    return failed(EXIT.usage, `the report cannot be written: ${(cause as Error).message}`);
  }
  told(textReport(report));
  return !isSound(report) ? EXIT.unsound : interrupted ? EXIT.interrupted : EXIT.sound;
}

function told(text: string): number {
  process.stdout.write(text);
  return EXIT.sound;
}

function failed(code: number, sentence: string): number {
  console.error(`replay-market: ${sentence}`);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
