import { counted, text, within, type Table } from './cells.ts';
import type { EdgesFigures } from './edges.ts';
import type { OverloadFigure } from './overload.ts';
import type { TapFigures } from './taps.ts';

export const FULL_LOAD = [
  'over',
  'taps/s',
  'reference',
  'ratio',
  'CPU µs a tap',
  'reference',
  'ratio',
] as const;

export const fullLoad = (
  lane: string,
  { cpuMicrosPerTap, referenceCpuMicrosPerTap, spread }: TapFigures,
): string[] => [
  lane,
  within(spread.rate),
  within(spread.reference),
  within(spread.ratio),
  text(cpuMicrosPerTap),
  text(referenceCpuMicrosPerTap),
  within(spread.cpuRatio),
];

export function overloadTable(title: string, overload: readonly OverloadFigure[]): Table {
  return {
    title,
    head: [
      'times the peak',
      'offered/s',
      'accepted/s',
      'to the peak',
      'busy',
      'p99 ms',
      'p99 of busy',
      'generator late by',
      'other refusals',
    ],
    rows: overload.map((f) => [
      text(f.times),
      text(f.offered),
      text(f.accepted),
      text(f.ratio),
      `${text(f.busy * 100)} %`,
      text(f.acceptedP99Ms),
      text(f.busyP99Ms),
      text(f.lateP99Ms),
      counted(f.others),
    ]),
  };
}

/** Where a house has an engine and an edge. */
export function edgesTables({ taps, paced, overload, model }: EdgesFigures): Table[] {
  const lanes = (['socket', 'http'] as const).flatMap((lane) =>
    taps[lane] ? [fullLoad(lane, taps[lane])] : [],
  );
  return [
    ...(lanes.length === 0
      ? []
      : [
          { title: 'Engine and edge: signed, durable taps as fast as it goes', head: FULL_LOAD, rows: lanes },
        ]),
    {
      title: 'Engine and edge at an even rate: processor µs a tap, times in ms',
      head: [
        'taps/s',
        'accepted %',
        'engine',
        'in its loop',
        'edge',
        'in its loop',
        'orders a frame',
        'p50',
        'p99',
        'one process: p50',
        'p99',
      ],
      rows: paced.map((f) =>
        [
          f.perSecond,
          f.accepted * 100,
          f.engineMicros,
          f.engineLoopMicros,
          f.edgeMicros,
          f.edgeLoopMicros,
          f.callsPerFrame,
          f.p50Ms,
          f.p99Ms,
          f.oneProcessP50Ms,
          f.oneProcessP99Ms,
        ].map(text),
      ),
    },
    ...(overload.length === 0
      ? []
      : [overloadTable('Engine and edge: more taps than can be taken', overload)]),
    {
      title: 'Engine and edges by that processor time',
      head: [
        'cores',
        'edges',
        'taps/s at most',
        'because of',
        ...paced.map(({ perSecond }) => `% of all cores at ${text(perSecond)}/s`),
      ],
      rows: model.map(({ cores, edges, perSecond, limit, shares }) => [
        text(cores),
        text(edges),
        text(perSecond),
        limit,
        ...shares.map(({ share }) => text(share * 100)),
      ]),
    },
  ];
}
