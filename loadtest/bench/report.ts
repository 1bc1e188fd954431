import type { BoardsFigure } from './boards.ts';
import type { EdgesFigures } from './edges.ts';
import type { FanoutFigure } from './fanout.ts';
import type { FloodFigures } from './flood.ts';
import type { LaneName } from './generator-process.ts';
import type { LoginFigures, QuoteFigures } from './quotes.ts';
import type { ResolutionFigure } from './resolution.ts';
import type { OverloadFigure } from './overload.ts';
import type { GrowthFigures } from './growth.ts';
import type { SoakFigures } from './soak.ts';
import type { MemoryFigures, StartFigures } from './idle.ts';
import type { TapFigures } from './taps.ts';

/** All that one run measured. Rates per second, times in ms. Of what was not asked for there is nothing. */
export interface Report {
  readonly taps: Partial<Readonly<Record<LaneName, TapFigures>>> & {
    /**
     * Bets one by one, and in batches of one statement each. `ratio`: ours over the socket, with signatures,
     * beside it without. Null where it could not be measured, with the reason.
     */
    readonly postgres: {
      readonly rate: number | null;
      readonly ratio: number | null;
      readonly batchedRate: number | null;
      readonly batchedRatio: number | null;
      readonly skipped?: string;
      readonly version?: string;
    };
  };
  /** At once, twice and four times the peak. */
  readonly overload: readonly OverloadFigure[];
  /** The same with an engine and an edge. */
  readonly edges: EdgesFigures | null;
  /** Only of runs that were told to. */
  readonly flood: FloodFigures | null;
  readonly resolution: readonly ResolutionFigure[];
  readonly fanout: readonly FanoutFigure[];
  readonly boards: readonly BoardsFigure[];
  readonly quotes: readonly QuoteFigures[] | null;
  readonly login: LoginFigures | null;
  readonly start: StartFigures | null;
  readonly memory: MemoryFigures | null;
  /** Only of runs that were told to. */
  readonly soak: SoakFigures | null;
  readonly growth: GrowthFigures | null;
  readonly run: {
    readonly at: string;
    readonly bun: string;
    readonly cores: number;
    readonly cpu: string;
    readonly quick: boolean;
    readonly seconds: number;
  };
}
