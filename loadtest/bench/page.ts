import { barChart, escaped, lineChart, pair, type Bar } from './chart.ts';
import type { GrowthFigures } from './growth.ts';
import type { Report } from './report.ts';
import type { SoakFigures } from './soak.ts';
import type { Table } from './cells.ts';
import { tablesOf } from './table.ts';

/** One page that stands alone: charts, and below them every table. */
export function pageOf(report: Report): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tapgrid benchmark</title>
<style>
  :root { color-scheme: light dark; --ours: #0a7d55; --reference: #8a8f98; --second: #b3560b; --page: #fff; --card: #f6f7f8; --rule: #8883; }
  @media (prefers-color-scheme: dark) { :root { --ours: #35b884; --second: #e8924a; --page: #14171a; --card: #1c2024; } }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: var(--page); }
  h1 { font-size: 1.4rem; margin-bottom: .2rem; }
  h2 { font-size: 1rem; margin: 0 0 .6rem; }
  section { background: var(--card); border-radius: 8px; padding: 1rem 1.2rem; margin: 1rem 0; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
  th, td { text-align: right; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
  th:first-child, td:first-child { text-align: left; white-space: normal; }
  th { font-weight: 600; }
  tr:last-child td { border-bottom: 0; }
  svg { display: block; width: 100%; height: auto; }
  svg text { font-size: 13px; fill: currentColor; }
  svg .tick { font-size: 12px; opacity: .75; }
  .ours { fill: var(--ours); } .reference { fill: var(--reference); }
  .grid { stroke: var(--rule); } .shade { fill: var(--reference); opacity: .12; }
  .line { fill: none; stroke-width: 1.6; stroke: var(--ours); } .line1 { stroke: var(--second); } .line2 { stroke: var(--reference); }
  .legend { margin: .4rem 0 0; font-size: .87rem; } .legend span { margin-right: 1.2rem; }
  .key::before { content: ''; display: inline-block; width: 1.1rem; height: .2rem; vertical-align: middle; margin-right: .4rem; background: var(--ours); }
  .key1::before { background: var(--second); } .key2::before { background: var(--reference); }
  .about { opacity: .85; margin-top: 0; }
</style>
<h1>Tapgrid benchmark</h1>
<p class="about">${escaped(`${report.run.at}, Bun ${report.run.bun}, ${report.run.cores} cores (${report.run.cpu}), ` + `${report.run.seconds} s${report.run.quick ? ', quick run: for a look, not to be quoted' : ''}.`)} Green is ours, grey a reference of the same run.</p>
${chartsOf(report)
  .filter((chart) => chart !== '')
  .map((chart) => `<section>${chart}</section>`)
  .join('\n')}
${tablesOf(report).map(tableOf).join('\n')}
</html>
`;
}

function chartsOf({ taps, fanout, resolution, quotes, login, soak, growth }: Report): string[] {
  const charts: string[] = [];
  const lanes = (['socket', 'http'] as const).flatMap((lane) =>
    taps[lane] ? [{ lane, ...taps[lane] }] : [],
  );
  if (lanes.length > 0) {
    const postgres: Bar[] = (
      [
        ['PostgreSQL, unsigned, one by one', taps.postgres.rate],
        ['PostgreSQL, unsigned, in batches', taps.postgres.batchedRate],
      ] as const
    ).flatMap(([name, value]) => (value === null ? [] : [{ name, value, reference: true }]));
    charts.push(
      barChart('Taps per second, as fast as it goes', [
        ...lanes.flatMap(({ lane, rate, reference }) => pair(lane, rate, reference)),
        ...postgres,
      ]),
    );
    charts.push(
      barChart(
        'p99 at 3,000 taps/s, ms',
        lanes.flatMap(({ lane, p99At3000, referenceP99At3000 }) => pair(lane, p99At3000, referenceP99At3000)),
      ),
    );
  }
  if (fanout.length > 0) {
    charts.push(
      barChart(
        'CPU of the server while a crowd watches, % of a core',
        fanout.flatMap(({ sockets, hz, cpuPercent, referenceCpuPercent }) =>
          pair(`${sockets} at ${hz} Hz`, cpuPercent, referenceCpuPercent),
        ),
      ),
    );
    charts.push(
      barChart(
        'From a tick to its frame, p99, ms',
        fanout.flatMap(({ sockets, hz, p99Ms, referenceP99Ms }) =>
          pair(`${sockets} at ${hz} Hz`, p99Ms, referenceP99Ms),
        ),
      ),
    );
  }
  if (resolution.length > 0)
    charts.push(
      barChart(
        'One tick of the resolver, ms',
        resolution.map(({ open, closing, msPerTick }) => ({
          name: `${open.toLocaleString('en-US')} open, ${closing.toLocaleString('en-US')} close`,
          value: msPerTick,
          reference: false,
        })),
      ),
    );
  for (const { model, gridsPerSecond, reference } of quotes ?? [])
    charts.push(
      barChart(
        `Grids quoted by odds model ${model} per second of processor time`,
        pair('ours', gridsPerSecond, reference),
      ),
    );
  if (login)
    charts.push(
      barChart(
        'Wallet signatures verified per second of processor time',
        pair('ours', login.perSecond, login.reference),
      ),
    );
  if (soak) charts.push(...soakCharts(soak));
  if (growth) charts.push(...growthCharts(growth));
  return charts;
}

function soakCharts({ points, warmUpMinutes, perSecond, minutes }: SoakFigures): string[] {
  const over = (name: string, value: (point: SoakFigures['points'][number]) => number) => ({
    name,
    points: points.map((point) => [point.at / 60, value(point)] as const),
  });
  return [
    lineChart(
      `Memory in a soak of ${minutes} min at ${perSecond} taps/s`,
      'MB',
      [
        over('resident', ({ resident }) => resident),
        over('JavaScript heap', ({ heap }) => heap),
        over('write-ahead log', ({ wal }) => wal),
      ],
      warmUpMinutes,
    ),
    lineChart(
      'Open bets in the soak',
      'bets',
      [over('open bets', ({ openBets }) => openBets)],
      warmUpMinutes,
    ),
  ];
}

function growthCharts({ bets, startMs, pages, taps }: GrowthFigures): string[] {
  const besideEmpty = (name: string, full: number, empty: number) => pair(name, full, empty, 'empty books');
  return [
    barChart(
      `Taps per second with ${bets.toLocaleString('en-US')} closed bets`,
      Object.entries(taps).flatMap(([lane, { rate, reference }]) => besideEmpty(lane, rate, reference)),
    ),
    barChart(
      'Start to ready, ms',
      besideEmpty('full books', startMs.full.median, startMs.empty.median).map((bar) => ({
        ...bar,
        name: bar.reference ? 'empty books' : 'full books',
      })),
    ),
    barChart(
      'Pages and calls, ms',
      pages.flatMap(({ path, fullMs, emptyMs }) => besideEmpty(path, fullMs, emptyMs)),
    ),
  ];
}

const tableOf = ({ title, head, rows }: Table): string =>
  `<section class="wide"><h2>${escaped(title)}</h2>\n<table>` +
  `${rowOf('th', head)}${rows.map((row) => rowOf('td', row)).join('')}</table></section>`;

const rowOf = (tag: 'th' | 'td', cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}`).join('')}</tr>`;
