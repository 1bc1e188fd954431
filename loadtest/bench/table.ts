import type { Report } from './report.ts';
import type { Spread } from './spread.ts';
import type { TapFigures } from './taps.ts';

/** A heading, its columns, and rows of texts: what both the terminal and the page show. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tablesOf(report: Report): Table[] {
  const { taps, resolution, fanout, quotes, login, start, memory } = report;
  const tables: Table[] = [];
  const lanes = (['socket', 'http'] as const).flatMap((lane) => (taps[lane] ? [[lane, taps[lane]] as const] : []));
  if (lanes.length > 0) {
    tables.push({ title: 'Signed, durable taps as fast as it goes', head: ['over', 'taps/s', 'reference', 'ratio', 'CPU µs a tap', 'reference', 'ratio'], rows: lanes.map(([lane, figures]) => fullLoad(lane, figures)) });
    tables.push({
      title: 'Latency at 3,000 taps/s, ms',
      head: ['over', 'p50', 'p99', 'reference p99', 'times'],
      rows: lanes.map(([lane, { p50At3000, p99At3000, referenceP99At3000, spread }]) => [lane, text(p50At3000), within(spread.p99At3000), within(spread.referenceP99At3000), text(p99At3000 / referenceP99At3000)]),
    });
  }
  const { rate, ratio, skipped } = taps.postgres;
  if (rate !== null || lanes.length > 0) tables.push({ title: 'PostgreSQL, the same statements, no signatures', head: ['bets/s', 'ours with signatures to it'], rows: [[rate === null ? `left out: ${skipped}` : text(rate), ratio === null ? '' : text(ratio)]] });
  if (resolution.length > 0) tables.push({ title: 'One tick of the resolver', head: ['open bets', 'closing', 'ms'], rows: resolution.map(({ open, closing, msPerTick, msMin, msMax }) => [text(open), text(closing), within({ median: msPerTick, min: msMin, max: msMax })]) });
  if (fanout.length > 0)
    tables.push({
      title: 'Board to watchers',
      head: ['sockets', 'Hz', 'CPU %', 'reference', 'bytes/s each', 'p50 ms', 'p99 ms', 'reference p99', 'KB a socket'],
      rows: fanout.map((f) => [f.sockets, f.hz, f.cpuPercent, f.referenceCpuPercent, f.bytesPerSecondPerSocket, f.p50Ms, f.p99Ms, f.referenceP99Ms, f.kilobytesPerSocket].map(text)),
    });
  const rest: (readonly [string, string])[] = [];
  if (quotes) rest.push([`grids of ${quotes.cells} cells quoted per second and core`, text(quotes.gridsPerSecond)]);
  if (login) rest.push(['wallet signatures verified per second and core', text(login.perSecond)]);
  if (start) rest.push(['start to ready, empty, ms', text(start.emptyMs)], [`start to ready with ${text(start.usedBets)} bets, ms`, text(start.usedMs)]);
  if (memory) rest.push(['memory of the empty server, MB', text(memory.emptyMegabytes)], ['KB an account', text(memory.kilobytesPerAccount)], ['KB an open bet', text(memory.kilobytesPerOpenBet)]);
  if (rest.length > 0) tables.push({ title: 'One by one', head: ['', ''], rows: rest });
  return tables;
}

export function textOf(report: Report): string {
  const { run } = report;
  return `${tablesOf(report).map(lined).join('\n\n')}\n\nBun ${run.bun}, ${run.cores} cores (${run.cpu}), ${run.seconds} s${run.quick ? ', quick: for a look, not to be quoted' : ''}`;
}

const fullLoad = (lane: string, { cpuMicrosPerTap, referenceCpuMicrosPerTap, spread }: TapFigures): string[] => [
  lane, within(spread.rate), within(spread.reference), within(spread.ratio), text(cpuMicrosPerTap), text(referenceCpuMicrosPerTap), within(spread.cpuRatio),
];

const text = (value: number): string => (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3))));

const within = ({ median, min, max }: Spread): string => `${text(median)} (${text(min)}–${text(max)})`;

function lined({ title, head, rows }: Table): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')}`.trimEnd();
  return [title, ...(head.some((name) => name !== '') ? [line(head)] : []), ...rows.map(line)].join('\n');
}
