import { firstOf, lastOf } from '../../../server/feed/recording-density.ts';
import { messageOf } from '../../../server/ports/failure.ts';
import { writeFileSync } from 'node:fs';
import { readRecording, type Recording } from '../../../server/feed/recording.ts';
import { command, type Outcome, type Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { misused } from '../../command-line/failure.ts';
import { ALL_CELLS_OPTIONS, readAllCells } from '../../replay-market/all-cells/options.ts';
import { cellsMarkdown, cellsPage, cellsText } from '../../replay-market/all-cells/print.ts';
import { runAllCells } from '../../replay-market/all-cells/run.ts';
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
    ...ALL_CELLS_OPTIONS,
    'json-file': { value: '<file>', about: 'write the report as JSON to a file' },
    report: { value: '<file>', about: 'write a readable report, .html or .md' },
  },
  notes: `Signatures are not checked. Exposure limits are lifted, so that one trader's bets do not change another's
multipliers. Ctrl-C ends the replay and reports what was played so far.`,
  examples: [
    'replay ticks.csv.gz',
    'replay ticks.csv.gz --traders random,sniper:0.5 --report report.html',
    'replay ticks.csv.gz --all-cells --traders random,burst,sniper:1 --report cells.html',
  ],
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
    if (given['all-cells']) {
      const end = interruptible(shell);
      const report = await runAllCells(
        recording,
        { ...readAllCells(given), holdMs: options.holdMs, traders: options.traders },
        () => end.aborted,
        (...stage) => shell.progress(...stage),
      );
      const forms = { text: cellsText, markdown: cellsMarkdown, html: cellsPage };
      return outcomeOf(report, forms, given, report.interrupted ? EXIT.interrupted : EXIT.ok);
    }
    const { report, interrupted } = await play(recording, options, shell);
    const exit = !isSound(report) ? EXIT.wrong : interrupted ? EXIT.interrupted : EXIT.ok;
    return outcomeOf(report, { text: textReport, markdown: markdownReport, html: htmlReport }, given, exit);
  },
});

type Forms<Report> = Readonly<Record<'text' | 'markdown' | 'html', (report: Report) => string>>;

/** Writes the files that were asked for. */
function outcomeOf<Report>(
  report: Report,
  forms: Forms<Report>,
  files: { readonly 'json-file'?: string | undefined; readonly report?: string | undefined },
  exit: Outcome['exit'],
): Outcome {
  const text = forms.text(report);
  try {
    if (files['json-file'] !== undefined)
      writeFileSync(files['json-file'], `${JSON.stringify(report, null, 2)}\n`);
    if (files.report !== undefined)
      writeFileSync(files.report, (files.report.endsWith('.md') ? forms.markdown : forms.html)(report));
  } catch (cause) {
    const message = `The report cannot be written: ${messageOf(cause)}`;
    return { exit: EXIT.usage, report, text, trouble: { code: 'not_written', message } };
  }
  return { exit, report, text };
}

function interruptible(shell: Shell): AbortSignal {
  const end = shell.interruptible();
  end.addEventListener('abort', () =>
    shell.say('stopping; the report covers what was played (Ctrl-C again to quit)'),
  );
  return end;
}

async function play(
  recording: Recording,
  options: Options,
  shell: Shell,
): Promise<{ report: Report; interrupted: boolean }> {
  const end = interruptible(shell);
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
