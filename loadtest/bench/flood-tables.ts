import { text, type Table } from './cells.ts';
import type { FloodFigures } from './flood.ts';

/** The same house without a flood and under one. */
export function floodTables({ quiet, flooded, ...flood }: FloodFigures): Table[] {
  const row = (name: string, stretch: FloodFigures['quiet']): string[] => [
    name,
    ...[
      stretch.ticks,
      stretch.lateP50Ms,
      stretch.lateP99Ms,
      stretch.lateMaxMs,
      stretch.tapP50Ms,
      stretch.tapP99Ms,
      stretch.acknowledged,
      stretch.unanswered,
      stretch.engineRan * 100,
      stretch.engineWaited * 100,
    ].map(text),
  ];
  return [
    {
      title:
        `A flood from ${text(flood.sources)} addresses for ${text(flood.seconds)} s, while ` +
        `${text(flood.traders)} traders play at another edge, ms`,
      head: [
        '',
        'ticks',
        'late p50',
        'p99',
        'max',
        'taps p50',
        'p99',
        'bets',
        'unanswered',
        'engine ran %',
        'waited %',
      ],
      rows: [row('without it', quiet), row('under it', flooded)],
    },
    {
      title: 'What was sent, and what it cost',
      head: ['', ''],
      rows: [
        ['connections', text(flood.connections)],
        ['MB', text(flood.megabytes)],
        ['sockets asked to listen', text(flood.watchers)],
        ['sockets open at once', text(flood.socketsMax)],
        ['memory of the flooded edge at most, MB', text(flood.edgeMegabytesMax)],
        ['an edge was killed, times', text(flood.kills)],
        ['an edge was stopped, times', text(flood.freezes)],
        ['acknowledged bets that the ledger does not have', text(flood.lost)],
        ['bets refunded for a gap', text(flood.gaps)],
        ['bets that nobody decided', text(flood.undecided)],
        ['stalls of the engine', text(flood.stalls)],
        ['load of the machine before and at the end', flood.load.map(text).join(', ')],
        ['bounds that did not hold', flood.broken.join('; ') || 'none'],
      ],
    },
  ];
}
