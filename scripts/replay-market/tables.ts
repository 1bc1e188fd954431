import { formatDollars, grouped, micros } from '../../server/game/money.ts';
import type { BucketReturn } from './returns.ts';
import { isSound, lockWords, notesOf, type Report, type Run, type TraderReport } from './report.ts';

/** A table as text cells: the first column is words, the others figures. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const ratio = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
const brackets = (interval: BucketReturn['interval']): string =>
  interval === null ? '–' : `${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`;
const counts = (named: Readonly<Partial<Record<string, number>>>): string =>
  Object.entries(named)
    .map(([name, count = 0]) => `${name} ${grouped(count)}`)
    .join(', ') || '–';

/** One row a bucket and one for all, per trader. */
export function returnsTable({ traders }: Run): Table {
  const rowOf = (
    { trader }: TraderReport,
    { label, bets, won, quoted, realised, interval }: BucketReturn,
    first: boolean,
  ) => [
    first ? trader : '',
    label,
    grouped(bets),
    grouped(won),
    ratio(quoted),
    ratio(realised),
    brackets(interval),
  ];
  return {
    head: ['trader', 'multiplier', 'bets', 'won', 'promised', 'paid', '95 % interval'],
    rows: traders.flatMap((trader) =>
      [...trader.buckets, trader.overall].map((bucket, index) => rowOf(trader, bucket, index === 0)),
    ),
  };
}

export function tradersTable({ traders }: Run): Table {
  return {
    head: [
      'trader',
      'looks',
      'passes',
      'bets',
      'moved',
      'won',
      'lost',
      'staked',
      'paid',
      'voids',
      'refusals',
    ],
    rows: traders.map(
      ({ trader, looks, passes, bets, movedShare, won, lost, open, staked, paid, voids, refusals }) => [
        trader,
        grouped(looks),
        grouped(passes),
        open === 0 ? grouped(bets) : `${grouped(bets)} (${open} open)`,
        percent(movedShare),
        grouped(won),
        grouped(lost),
        formatDollars(micros(staked)),
        formatDollars(micros(paid)),
        counts(voids),
        counts(refusals),
      ],
    ),
  };
}

/** Sentences on one run: what was played, how it was checked, how long it took. */
export function runSentences(run: Run): string[] {
  const {
    tickMs,
    steps,
    ticks,
    revisions,
    pauses,
    bets,
    mismatches,
    examples,
    invariants,
    interrupted,
    timing,
  } = run;
  const broken = invariants?.length ?? 0;
  const held = invariants === null ? 'not checked' : broken === 0 ? 'all pass' : `${broken} broken`;
  return [
    `${grouped(steps)} steps of ${tickMs} ms made ${grouped(ticks)} ticks and ${grouped(revisions)} ` +
      `grid revisions (paused: ${counts(pauses)}); ${grouped(bets)} ` +
      `bets.${interrupted ? ' Interrupted: partial.' : ''}`,
    `Locked and resolved again from the books: ${grouped(bets)} bets, ${mismatches} mismatches. ` +
      `Invariants: ${held}.`,
    ...examples.map(({ betId, what }) => `Mismatch of ${betId}: ${what}`),
    ...(invariants ?? []).map((broken) => `Broken: ${broken}`),
    `Played in ${timing.playSeconds.toFixed(1)} s, ${timing.playProcessorSeconds.toFixed(1)} s of ` +
      `processor time (${grouped(Math.round(timing.ticksPerSecond))} ticks/s, ` +
      `${grouped(Math.round(timing.betsPerSecond))} bets/s), ` +
      `checked in ${timing.auditSeconds.toFixed(1)} s.`,
  ];
}

/** Instead of tables of zeros. */
export const NO_BETS =
  'No bets were placed. The recording may be too short or too thin to sell on: ' +
  '--tap-from start taps from its first minute.';

export function textReport(report: Report): string {
  const parts = report.runs.flatMap((run) => [
    `\n${lockWords(run)}`,
    ...runSentences(run).map((line) => `  ${line}`),
    '',
    ...(run.bets === 0
      ? [`  ${NO_BETS}`]
      : [plainTable(tradersTable(run)), '', plainTable(returnsTable(run))]),
  ]);
  return [
    `${report.recording.file}`,
    ...notesOf(report).map((note) => `  ${note}`),
    ...parts,
    '',
    verdict(report),
    '',
  ].join('\n');
}

export function markdownReport(report: Report): string {
  const parts = report.runs.flatMap((run) => [
    '',
    `## ${heading(lockWords(run))}`,
    '',
    ...runSentences(run).map((line) => `- ${line}`),
    '',
    ...(run.bets === 0
      ? [NO_BETS]
      : [markdownTable(tradersTable(run)), '', markdownTable(returnsTable(run))]),
  ]);
  return [
    `# Replay of ${report.recording.file}`,
    '',
    ...notesOf(report).map((note) => `- ${note}`),
    ...parts,
    '',
    verdict(report),
    '',
  ].join('\n');
}

export const heading = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export const verdict = (report: Report): string =>
  !isSound(report)
    ? 'FAILED: bets or books differ from what was recorded; see above.'
    : report.runs.every(({ bets }) => bets === 0)
      ? 'Nothing was judged: no bets were placed.'
      : 'Every bet matches its recorded ticks and revisions.';

export function plainTable({ head, rows }: Table): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const wordsFrom = head.indexOf('voids') === -1 ? head.length : head.indexOf('voids');
  const padded = (cell: string, column: number): string =>
    column === 0 || column >= wordsFrom
      ? cell.padEnd(widths[column] ?? 0)
      : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `  ${cells.map(padded).join('  ')}`.trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? ':--' : '--:'))), ...rows.map(line)].join(
    '\n',
  );
}
