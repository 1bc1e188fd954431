import type { PacedFigure } from './edges.ts';
import { rounded } from './spread.ts';

const CORES = [1, 2, 4, 8] as const;

/** What a machine with so many cores could do. */
export interface ModelRow {
  readonly cores: number;
  /** As `EDGES=auto` has it. */
  readonly edges: number;
  /** Taps per second, at most, and what is full then. */
  readonly perSecond: number;
  readonly limit: 'processor' | 'writer' | 'engine loop' | 'edge loop';
  /** Share of all cores that the house takes at each of the measured rates. */
  readonly shares: readonly { readonly perSecond: number; readonly share: number }[];
}

/**
 * By the processor time that a tap takes in each process, µs. Of what comes evenly to all cores none can do
 * more than a million; writer, engine loop and each edge's loop are one thread, so none of them can either.
 * What is offered beyond the measured rates takes as much as at the highest of them. It knows nothing of what
 * else the cores do, of waiting, and of disks.
 */
export function modelOf(paced: readonly PacedFigure[]): ModelRow[] {
  const { engineMicros, engineLoopMicros, edgeMicros, edgeLoopMicros } = paced.at(-1)!;
  return CORES.map((cores) => {
    const edges = Math.max(1, cores - 1);
    const limits: readonly (readonly [ModelRow['limit'], micros: number])[] = [
      ['processor', (engineMicros + edgeMicros) / cores],
      ['writer', engineMicros - engineLoopMicros],
      ['engine loop', engineLoopMicros],
      ['edge loop', edgeLoopMicros / edges],
    ];
    const [limit, micros] = limits.reduce((full, one) => (one[1] > full[1] ? one : full));
    return {
      cores,
      edges,
      perSecond: Math.round(1e6 / Math.max(1, micros)),
      limit,
      shares: paced.map((at) => ({
        perSecond: at.perSecond,
        share: rounded((at.perSecond * (at.engineMicros + at.edgeMicros)) / (cores * 1e6), 2),
      })),
    };
  });
}
