import type { Report } from './report.ts';
import { tablesOf, type Table } from './table.ts';

/** A bar of a chart: what it is of, its length, and whether it is a reference. */
interface Bar {
  readonly name: string;
  readonly value: number;
  readonly reference: boolean;
}

/** One page that stands alone: charts, and below them every table. */
export function pageOf(report: Report): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tapgrid benchmark</title>
<style>
  :root { color-scheme: light dark; --ours: #0a7d55; --reference: #8a8f98; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { text-align: right; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884; }
  th:first-child, td:first-child { text-align: left; }
  svg { display: block; width: 100%; height: auto; }
  svg text { font-size: 13px; fill: currentColor; }
  .ours { fill: var(--ours); } .reference { fill: var(--reference); }
</style>
<h1>Tapgrid benchmark</h1>
<p>${escaped(`${report.run.at}, Bun ${report.run.bun}, ${report.run.cores} cores (${report.run.cpu}), ${report.run.seconds} s${report.run.quick ? ', quick run: for a look, not to be quoted' : ''}.`)} Green is ours, grey a reference of the same run.</p>
${chartsOf(report).join('\n')}
${tablesOf(report).map(tableOf).join('\n')}
</html>
`;
}

function chartsOf({ taps, fanout, resolution }: Report): string[] {
  const charts: string[] = [];
  const lanes = (['socket', 'http'] as const).flatMap((lane) => (taps[lane] ? [{ lane, ...taps[lane] }] : []));
  if (lanes.length > 0) {
    const postgres: Bar[] = taps.postgres.rate === null ? [] : [{ name: 'PostgreSQL, unsigned', value: taps.postgres.rate, reference: true }];
    charts.push(chart('Taps per second, as fast as it goes', [...lanes.flatMap(({ lane, rate, reference }) => pair(lane, rate, reference)), ...postgres]));
    charts.push(chart('p99 at 3,000 taps/s, ms', lanes.flatMap(({ lane, p99At3000, referenceP99At3000 }) => pair(lane, p99At3000, referenceP99At3000))));
  }
  if (fanout.length > 0) charts.push(chart('CPU of the server while a crowd watches, % of a core', fanout.flatMap(({ sockets, hz, cpuPercent, referenceCpuPercent }) => pair(`${sockets} at ${hz} Hz`, cpuPercent, referenceCpuPercent))));
  if (resolution.length > 0) charts.push(chart('One tick of the resolver, ms', resolution.map(({ open, closing, msPerTick }) => ({ name: `${open} open, ${closing} close`, value: msPerTick, reference: false }))));
  return charts;
}

const pair = (name: string, ours: number, reference: number): Bar[] => [
  { name, value: ours, reference: false },
  { name: `${name}, reference`, value: reference, reference: true },
];

const [BAR_HEIGHT, NAME_WIDTH, LENGTH_MAX, WIDTH] = [24, 230, 560, 900] as const;

function chart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const drawn = bars.map(({ name, value, reference }, row) => {
    const [y, length] = [row * BAR_HEIGHT, Math.max(1, (value / most) * LENGTH_MAX)];
    return `<text x="0" y="${y + 16}">${escaped(name)}</text><rect class="${reference ? 'reference' : 'ours'}" x="${NAME_WIDTH}" y="${y + 3}" width="${length.toFixed(1)}" height="${BAR_HEIGHT - 8}" rx="2"/>` +
      `<text x="${(NAME_WIDTH + length + 8).toFixed(1)}" y="${y + 16}">${value >= 100 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3))}</text>`;
  });
  return `<h2>${escaped(title)}</h2>\n<svg viewBox="0 0 ${WIDTH} ${bars.length * BAR_HEIGHT}" role="img" aria-label="${escaped(title)}">${drawn.join('')}</svg>`;
}

const tableOf = ({ title, head, rows }: Table): string =>
  `<h2>${escaped(title)}</h2>\n<table><tr>${head.map((name) => `<th>${escaped(name)}`).join('')}</tr>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}`).join('')}</tr>`).join('')}</table>`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
