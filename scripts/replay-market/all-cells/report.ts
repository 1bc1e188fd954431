import { grouped } from '../../../server/game/money.ts';
import type { BlockMean, Kept } from '../../../server/game/learned/block-mean.ts';
import type { Corrections } from '../../../server/game/learned/corrections.ts';
import type { Trust } from '../../../server/game/learned/gate.ts';
import { ORDINARY } from '../../../server/game/formula.ts';
import { MOVES_PER_MINUTE_SPARSE } from '../../../server/game/move-rate.ts';
import { HOUR_MS } from './tally.ts';
import type { Walked } from './walk.ts';

/** Cells, quoted, realised, d and h of a part of the cells; null figures where there is no cell. */
type Figures = { readonly cells: number } & {
  readonly [Name in Exclude<keyof Kept, 'cells'>]: number | null;
};

export interface BucketFigures extends Figures {
  /** Multipliers, `[from, to)`; 25 is in the last one. */
  readonly from: number;
  readonly to: number;
  /** At the end of the recording; a bucket of which nothing was on offer is closed. */
  readonly state: Trust;
  /** In how many blocks of five minutes it had which trust, those before the cells that count included. */
  readonly blocks: Readonly<Record<Trust, number>>;
}

/** All that a walk over a recording found. Shares of a stake: 0.92 quoted, 0.01 of d is one point. */
export interface CellsReport {
  readonly recording: { readonly file: string; readonly rows: number; readonly hours: number };
  readonly options: {
    readonly model: 1 | 2;
    readonly gate: 'on' | 'off';
    readonly after: number;
    /** Of the board that was walked. */
    readonly windowMs: number;
    readonly holdMs: number;
    /** Other recordings, that model 2 began with. */
    readonly prior: readonly string[];
  };
  readonly ticks: number;
  readonly looks: Walked['looks'];
  readonly offeredShare: number;
  readonly buckets: readonly BucketFigures[];
  readonly all: Figures;
  readonly leads: readonly (Figures & { readonly belowSeconds: number | null })[];
  readonly rates: readonly (Figures & { readonly fromMovesPerMinute: number })[];
  readonly hours: readonly (Figures & { readonly from: string })[];
  readonly traders: Readonly<Record<string, Figures>>;
  /** What model 2 had learned at the end: factors × 65,536. */
  readonly corrections: Corrections;
  readonly interrupted: boolean;
  readonly processorSeconds: number;
}

const figures = (mean: BlockMean): Figures =>
  mean.kept() ?? { cells: 0, quoted: null, realised: null, d: null, h: null };

/** The part of the report that a walk makes. */
export function figuresOf({
  tally,
  trust,
  traders,
  ticks,
  looks,
  offeredShare,
  corrections,
}: Walked): Omit<CellsReport, 'recording' | 'options' | 'interrupted' | 'processorSeconds'> {
  return {
    ticks,
    looks,
    offeredShare,
    buckets: tally.buckets.map(({ from, to, mean }, index) => {
      const { terms, blocks } = trust.buckets[index]!;
      return {
        from: from / 100,
        to: Math.min(to, ORDINARY.capHundredths) / 100,
        ...figures(mean),
        state: mean.blocks === 0 ? 'closed' : terms.trust,
        blocks,
      };
    }),
    all: figures(tally.all),
    leads: tally.leads.map(({ end, mean }) => ({
      belowSeconds: end === Infinity ? null : end / 1000,
      ...figures(mean),
    })),
    rates: tally.rates.map(({ edge, mean }) => ({ fromMovesPerMinute: edge, ...figures(mean) })),
    hours: [...tally.hours].map(([hour, mean]) => ({
      from: new Date(hour * HOUR_MS).toISOString(),
      ...figures(mean),
    })),
    traders: Object.fromEntries([...traders].map(([name, mean]) => [name, figures(mean)])),
    corrections,
  };
}

/** What model 2 began with. */
const priorNote = (tapes: readonly string[]): string =>
  tapes.length === 0 ? '' : ` It began with what other recordings teach: ${tapes.join(', ')}.`;

/** What a reader must know to read the figures. */
export function notesOf({
  recording,
  options,
  looks,
  offeredShare,
  processorSeconds,
  interrupted,
}: CellsReport): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const { all, sparse, paused } = looks;
  return [
    `${grouped(recording.rows)} recorded prices over ${recording.hours.toFixed(1)} hours; ` +
      `those of the first ${options.after} are learned from and not counted.`,
    ...(interrupted ? ['Interrupted: partial.'] : []),
    options.model === 1
      ? 'Model 1: the formula alone.'
      : `Model 2: the law of touch by ranges, corrected by what the tape had taught until then.` +
        priorNote(options.prior),
    options.gate === 'on'
      ? 'Sold is what the buckets had earned: certified at ordinary margins, provisional at wider ones.'
      : 'The gate is off: every bucket is sold at ordinary margins.',
    'Every eight seconds all cells are priced, and decided when their window is over. Each cell on offer ' +
      'counts alike: promised is multiplier × probability, paid multiplier × touched, ± half of the 95 % ' +
      'interval of their difference, by blocks of five minutes.',
    `Snipers see the price ahead, and their taps are held for ${options.holdMs} ms.`,
    ...(all === 0
      ? ['No cell counts: the recording is too short.']
      : [
          `Of ${grouped(all)} looks nothing was for sale at ${grouped(sparse)}, where the price had ` +
            `moved fewer than ${MOVES_PER_MINUTE_SPARSE} times a minute for half an hour, and at ` +
            `${grouped(paused)}, where sales paused or the estimate was not warm. ` +
            `Of the cells at all others ${percent(offeredShare)} were on offer.`,
        ]),
    `${processorSeconds.toFixed(1)} s of processor time.`,
  ];
}
