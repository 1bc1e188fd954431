import { BETS_A_BATCH } from '../database/postgres-batches.ts';
import { counted, text, within, type Table } from './cells.ts';
import { floodTables } from './flood-tables.ts';
import type { GrowthFigures } from './growth.ts';
import type { Report } from './report.ts';
import type { SoakFigures, SoakPoint } from './soak.ts';
import { spreadOf } from './spread.ts';
import { edgesTables, FULL_LOAD, fullLoad, overloadTable } from './taps-tables.ts';

export function tablesOf(report: Report): Table[] {
  const { taps, overload, resolution, fanout, boards, quotes, login, start, memory } = report;
  const tables: Table[] = [];
  const lanes = (['socket', 'http'] as const).flatMap((lane) =>
    taps[lane] ? [[lane, taps[lane]] as const] : [],
  );
  if (lanes.length > 0) {
    tables.push({
      title: 'Signed, durable taps as fast as it goes',
      head: FULL_LOAD,
      rows: lanes.map(([lane, figures]) => fullLoad(lane, figures)),
    });
    tables.push({
      title: 'Latency at 3,000 taps/s, ms',
      head: ['over', 'p50', 'p99', 'reference p99', 'times'],
      rows: lanes.map(([lane, { p50At3000, p99At3000, referenceP99At3000, spread }]) => [
        lane,
        text(p50At3000),
        within(spread.p99At3000),
        within(spread.referenceP99At3000),
        text(p99At3000 / referenceP99At3000),
      ]),
    });
  }
  const { rate, ratio, batchedRate, batchedRatio, skipped } = taps.postgres;
  const beside = (name: string, found: number | null, ours: number | null): string[] => [
    name,
    found === null ? `left out: ${skipped}` : text(found),
    ours === null ? '' : text(ours),
  ];
  if (rate !== null || lanes.length > 0)
    tables.push({
      title: 'PostgreSQL, the same rows, no signatures',
      head: ['', 'bets/s', 'ours with signatures to it'],
      rows: [
        beside('one bet a transaction, 64 clients', rate, ratio),
        beside(`${BETS_A_BATCH} bets a statement, one writer`, batchedRate, batchedRatio),
      ],
    });
  if (overload.length > 0) tables.push(overloadTable('More taps than can be taken', overload));
  if (report.edges) tables.push(...edgesTables(report.edges));
  if (report.flood) tables.push(...floodTables(report.flood));
  if (resolution.length > 0)
    tables.push({
      title: 'One tick of the resolver',
      head: ['open bets', 'closing', 'ms'],
      rows: resolution.map(({ open, closing, msPerTick, msMin, msMax }) => [
        text(open),
        text(closing),
        within({ median: msPerTick, min: msMin, max: msMax }),
      ]),
    });
  if (fanout.length > 0)
    tables.push({
      title: 'Board to watchers',
      head: ['sockets', 'Hz', 'CPU %', 'reference', 'bytes/s each', 'p50 ms', 'p99 ms', 'reference p99'],
      rows: fanout.map((f) =>
        [
          f.sockets,
          f.hz,
          f.cpuPercent,
          f.referenceCpuPercent,
          f.bytesPerSecondPerSocket,
          f.p50Ms,
          f.p99Ms,
          f.referenceP99Ms,
        ].map(text),
      ),
    });
  if (boards.length > 0)
    tables.push({
      title: 'Three boards beside one, processor time',
      head: ['sockets of each', 'one board, %', 'three boards, %', 'times'],
      rows: boards.map(({ sockets, onePercent, threePercent, ratio }) => [
        text(sockets),
        text(onePercent),
        text(threePercent),
        within(ratio),
      ]),
    });
  const perCore: string[][] = [];
  for (const { model, cells, gridsPerSecond, reference, ratio } of quotes ?? [])
    perCore.push([
      `grids of ${cells} cells quoted by odds model ${model}; beside their touch probabilities alone`,
      text(gridsPerSecond),
      text(reference),
      text(ratio),
    ]);
  if (login)
    perCore.push([
      'wallet signatures verified in the Worker; beside a bare loop',
      text(login.perSecond),
      text(login.reference),
      text(login.ratio),
    ]);
  if (perCore.length > 0)
    tables.push({
      title: 'Per second of processor time',
      head: ['', 'ours', 'reference', 'ratio'],
      rows: perCore,
    });
  const rest: (readonly [string, string])[] = [];
  if (start)
    rest.push(
      ['start to ready, empty, ms', text(start.emptyMs)],
      [`start to ready with ${text(start.usedBets)} bets, ms`, text(start.usedMs)],
    );
  if (memory)
    rest.push(
      ['memory of the empty server, MB', text(memory.emptyMegabytes)],
      ['KB an account', text(memory.kilobytesPerAccount)],
      ['KB an open bet', text(memory.kilobytesPerOpenBet)],
      ['KB a socket that only listens', text(memory.kilobytesPerIdleSocket)],
    );
  if (rest.length > 0) tables.push({ title: 'One by one', head: ['', ''], rows: rest });
  if (report.soak) tables.push(soakTable(report.soak));
  if (report.growth) tables.push(...growthTables(report.growth));
  return tables;
}

function soakTable({
  minutes,
  warmUpMinutes,
  perSecond,
  accepted,
  refused,
  watchers,
  residentPerHour,
  heapPerHour,
  p99,
  p99Max,
  points,
}: SoakFigures): Table {
  const settled = points.filter(({ at }) => at >= warmUpMinutes * 60);
  const range = (value: (point: SoakPoint) => number) =>
    settled.length === 0 ? '' : within(spreadOf(settled.map(value)));
  return {
    title: `Soak of ${text(minutes)} min, of which ${text(warmUpMinutes)} to warm up`,
    head: ['', ''],
    rows: [
      ['taps/s', text(perSecond)],
      ['taps accepted', text(accepted)],
      ['refused', counted(refused)],
      ['pages that watched', text(watchers)],
      ['p99 of a volley, median and largest, ms', `${text(p99)}, ${text(p99Max)}`],
      ['resident memory, MB', range(({ resident }) => resident)],
      ['resident memory, MB more an hour', text(residentPerHour)],
      ['JavaScript heap, MB', range(({ heap }) => heap)],
      ['JavaScript heap, MB more an hour', text(heapPerHour)],
    ],
  };
}

function growthTables({
  bets,
  accounts,
  gigabytes,
  startMs,
  readyMegabytes,
  settlementMs,
  commitMs,
  pages,
  taps,
}: GrowthFigures): Table[] {
  const both = (name: string, ofEmpty: string, ofFull: string) => [name, ofEmpty, ofFull];
  return [
    {
      title: `Books of ${text(bets)} closed bets and ${text(accounts)} accounts, ${text(gigabytes)} GB`,
      head: ['', 'empty', 'full'],
      rows: [
        both('start to ready, ms', within(startMs.empty), within(startMs.full)),
        both('memory when ready, MB', text(readyMegabytes.empty), text(readyMegabytes.full)),
        both(
          'from the deciding tick to the payment, mean, ms',
          text(settlementMs.empty),
          text(settlementMs.full),
        ),
        both('a commit, mean, ms', text(commitMs.empty), text(commitMs.full)),
        ...Object.entries(taps).flatMap(([lane, { spread, cpuMicrosPerTap, referenceCpuMicrosPerTap }]) => [
          both(`${lane}, taps/s`, within(spread.reference), within(spread.rate)),
          both(`${lane}, CPU µs a tap`, text(referenceCpuMicrosPerTap), text(cpuMicrosPerTap)),
          both(`${lane}, p99 at 3,000/s, ms`, within(spread.referenceP99At3000), within(spread.p99At3000)),
        ]),
      ],
    },
    {
      title: 'Pages and calls, ms',
      head: ['', 'empty', 'full', 'slowest'],
      rows: pages.map(({ path, emptyMs, fullMs, fullMsMax }) => [
        path,
        text(emptyMs),
        text(fullMs),
        text(fullMsMax),
      ]),
    },
  ];
}

export function textOf(report: Report): string {
  const { run } = report;
  return (
    `${tablesOf(report).map(lined).join('\n\n')}\n\nBun ${run.bun}, ${run.cores} cores (${run.cpu}), ` +
    `${run.seconds} s${run.quick ? ', quick: for a look, not to be quoted' : ''}`
  );
}

function lined({ title, head, rows }: Table): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const padded = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `  ${cells.map(padded).join('  ')}`.trimEnd();
  return [title, ...(head.some((name) => name !== '') ? [line(head)] : []), ...rows.map(line)].join('\n');
}
