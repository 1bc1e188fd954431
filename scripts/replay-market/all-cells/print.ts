import { grouped } from '../../../server/game/money.ts';
import { returnsChart, type Series } from '../chart.ts';
import { htmlTable, list, pageOf } from '../page.ts';
import { markdownTable, plainTable, type Table } from '../tables.ts';
import { notesOf, type CellsReport } from './report.ts';

type Figures = CellsReport['all'];

export const FIGURES_HEAD = ['cells', 'promised', 'paid', 'points apart', '±'] as const;

/** What stands under {@link FIGURES_HEAD}. */
export function figureCells({ cells, quoted, realised, d, h }: Figures): string[] {
  const share = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  const points = (value: number | null, sign = ''): string =>
    value === null ? '–' : `${value >= 0 ? sign : ''}${(100 * value).toFixed(1)}`;
  return [grouped(cells), share(quoted), share(realised), points(d, '+'), points(h)];
}

const titled = (title: string, rows: readonly (readonly [string, Figures])[]): Section => ({
  title,
  table: { head: [title, ...FIGURES_HEAD], rows: rows.map(([name, part]) => [name, ...figureCells(part)]) },
});

interface Section {
  readonly title: string;
  readonly table: Table;
}

function bucketsSection({ buckets, all }: CellsReport): Section {
  const rows = buckets.map((bucket) => [
    `${bucket.from}–${bucket.to}`,
    ...figureCells(bucket),
    bucket.state,
    [bucket.blocks.certified, bucket.blocks.provisional, bucket.blocks.closed].map(grouped).join(' / '),
  ]);
  return {
    title: 'multiplier',
    table: {
      head: ['multiplier', ...FIGURES_HEAD, 'state', 'blocks certified / provisional / closed'],
      rows: [...rows, ['all', ...figureCells(all), '', '']],
    },
  };
}

function sectionsOf(report: CellsReport): Section[] {
  const { leads, rates, hours, traders } = report;
  return [
    bucketsSection(report),
    titled('trader', Object.entries(traders)),
    titled(
      'lead',
      leads.map((lead) => [lead.belowSeconds === null ? 'more' : `below ${lead.belowSeconds} s`, lead]),
    ),
    titled(
      'moves a minute',
      rates.map((rate) => [`from ${rate.fromMovesPerMinute}`, rate]),
    ),
    titled(
      'hour, UTC',
      hours.map((hour) => [`${hour.from.slice(0, 10)} ${hour.from.slice(11, 16)}`, hour]),
    ),
  ];
}

const titleOf = ({ recording }: CellsReport): string => `All cells of ${recording.file}`;

export const cellsText = (report: CellsReport): string =>
  [
    titleOf(report),
    ...notesOf(report).map((note) => `  ${note}`),
    ...sectionsOf(report).flatMap(({ table }) => ['', plainTable(table)]),
    '',
  ].join('\n');

export const cellsMarkdown = (report: CellsReport): string =>
  [
    `# ${titleOf(report)}`,
    '',
    ...notesOf(report).map((note) => `- ${note}`),
    ...sectionsOf(report).flatMap(({ table }) => ['', markdownTable(table)]),
    '',
  ].join('\n');

/** One page that needs nothing else: a picture of the buckets, and all tables. */
export function cellsPage(report: CellsReport): string {
  const sections = sectionsOf(report).map(({ table }) => htmlTable(table));
  const picture = returnsChart('Promised and paid per multiplier', seriesOf(report));
  return pageOf(
    titleOf(report),
    `${list(notesOf(report))}
<p class="key"><span><i class="quoted"></i>promised</span><span><i class="on"></i>paid</span></p>
${picture}
${sections.join('\n')}`,
  );
}

function seriesOf({ buckets }: CellsReport): Series[] {
  const bars = buckets.map(({ from, to, cells, quoted, realised, h }) => ({
    label: `${from}–${to}`,
    bets: cells,
    quoted,
    realised,
    interval: realised === null || h === null ? null : ([realised - h, realised + h] as const),
  }));
  return [
    {
      name: 'promised',
      tone: 'quoted',
      buckets: bars.map((bar) => ({ ...bar, realised: bar.quoted, interval: null })),
    },
    { name: 'paid', tone: 'on', buckets: bars },
  ];
}
