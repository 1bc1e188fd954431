import { firstOf, lastOf } from '../../../server/feed/recording-density.ts';
import { messageOf } from '../../../server/ports/failure.ts';
import { writeFileSync } from 'node:fs';
import { readRecording, type Recording } from '../../../server/feed/recording.ts';
import { command, type Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { misused } from '../../command-line/failure.ts';
import { readOptions, REPLAY_OPTIONS, type Options } from '../../replay-market/options.ts';
import { htmlReport } from '../../replay-market/page.ts';
import { isSound, type Report, type Run } from '../../replay-market/report.ts';
import { runReplay } from '../../replay-market/run.ts';
import { markdownReport, textReport } from '../../replay-market/tables.ts';
import { excerptOf } from '../../replay-market/tape.ts';

export const replay = command({
  about:
    'Replays recorded prices through the whole engine on a simulated clock, with simulated traders, and ' +
    'reports their results.',
  words: { recording: { about: 'a .csv or .csv.gz written by tapgrid record or tapgrid import' } },
  options: {
    ...REPLAY_OPTIONS,
    'json-file': { value: '<file>', about: 'write the report as JSON to a file' },
    report: { value: '<file>', about: 'write a readable report, .html or .md' },
  },
  notes: `Signatures are not checked. Exposure limits are lifted, so that one trader's bets do not change another's
multipliers. Ctrl-C ends the replay and reports what was played so far.`,
  examples: ['replay ticks.csv.gz', 'replay ticks.csv.gz --traders random,sniper:0.5 --report report.html'],
  exits: {
    0: 'every bet matches its recorded ticks and revisions',
    1: 'a bet does not, or an invariant is broken',
    2: 'the command line is wrong, the recording cannot be read, or a report cannot be written',
    130: 'ended by Ctrl-C',
  },
  async run({ words, options: given }, shell) {
    const options = readOptions(words.recording, given);
    if (given.report !== undefined && !/\.(html|md)$/.test(given.report))
      throw misused('bad_value', '--report must be a file that ends in .html or .md.');
    const recorded = readRecording(options.file);
    if ('error' in recorded) throw misused('bad_recording', recorded.error.message);
    const recording = excerptOf(recorded.ok, options.limitMinutes, options.scalePrice);
    if (recording === null)
      throw misused('bad_value', `--scale-price ${options.scalePrice} makes prices too large or too small.`);
    const { report, interrupted } = await play(recording, options, shell);
    const text = textReport(report);
    try {
      if (given['json-file'] !== undefined)
        writeFileSync(given['json-file'], `${JSON.stringify(report, null, 2)}\n`);
      if (given.report !== undefined)
        writeFileSync(
          given.report,
          given.report.endsWith('.md') ? markdownReport(report) : htmlReport(report),
        );
    } catch (cause) {
      const message = `The report cannot be written: ${messageOf(cause)}`;
      return { exit: EXIT.usage, report, text, trouble: { code: 'not_written', message } };
    }
    return { exit: !isSound(report) ? EXIT.wrong : interrupted ? EXIT.interrupted : EXIT.ok, report, text };
  },
});

async function play(
  recording: Recording,
  options: Options,
  shell: Shell,
): Promise<{ report: Report; interrupted: boolean }> {
  const end = shell.interruptible();
  end.addEventListener('abort', () =>
    shell.say('stopping; the report covers what was played (Ctrl-C again to quit)'),
  );
  const runs: Run[] = [];
  for (const lock of options.locks)
    if (!end.aborted)
      runs.push(
        await runReplay(
          recording,
          options,
          lock,
          () => end.aborted,
          (...stage) => shell.progress(...stage),
        ),
      );
  const { file: _, ...shown } = options;
  const { file, times } = recording;
  const minutes = (lastOf(times) - firstOf(times)) / 60_000;
  return {
    report: { recording: { file, rows: times.length, minutes }, options: shown, runs },
    interrupted: end.aborted,
  };
}
