import { present } from '../../server/game/present.ts';
import type { Activity, Played } from './replay.ts';
import type { Audit, Mismatch } from './audit.ts';
import type { LockMode, Options } from './options.ts';
import type { BucketReturn } from './returns.ts';

/**
 * All that a replay found; `timing` alone differs between two replays of the same recording, options and
 * seed.
 */
export interface Report {
  readonly recording: { readonly file: string; readonly rows: number; readonly minutes: number };
  readonly options: Omit<Options, 'file'>;
  readonly runs: readonly Run[];
}

/** One pass over the recording with all traders at once. */
export interface Run extends Omit<Played, 'activities'> {
  readonly lock: LockMode;
  readonly holdMs: number;
  readonly tickMs: number;
  readonly bets: number;
  readonly mismatches: number;
  readonly examples: readonly Mismatch[];
  /** Broken invariants in words; null: not checked, for there was no ledger. */
  readonly invariants: readonly string[] | null;
  readonly traders: readonly TraderReport[];
  readonly timing: Timing;
}

export interface Timing {
  readonly playSeconds: number;
  /** Processor time of the same: what it takes on a machine that does nothing else. */
  readonly playProcessorSeconds: number;
  readonly auditSeconds: number;
  readonly ticksPerSecond: number;
  readonly betsPerSecond: number;
}

export interface TraderReport extends Activity {
  readonly bets: number;
  readonly won: number;
  readonly lost: number;
  /** Undecided: only in an interrupted replay. */
  readonly open: number;
  readonly voids: Readonly<Partial<Record<string, number>>>;
  /** Part of his bets whose stake came back because the multiplier fell below the guard. */
  readonly movedShare: number;
  /** Micro-dollars on won and lost bets, and what was paid for them. */
  readonly staked: number;
  readonly paid: number;
  readonly overall: BucketReturn;
  readonly buckets: readonly BucketReturn[];
}

export function tradersOf(
  activities: readonly Activity[],
  { outcomes }: Audit,
  seed: number,
): TraderReport[] {
  return activities.map((activity, seat) => {
    const { returns, ...outcome } = present(outcomes[seat], 'trader');
    return {
      ...activity,
      ...outcome,
      movedShare: outcome.bets === 0 ? 0 : (outcome.voids.moved ?? 0) / outcome.bets,
      overall: returns.overall(seed),
      buckets: returns.byBucket(seed),
    };
  });
}

/** Every bet came out as recorded, and no invariant is broken. */
export const isSound = ({ runs }: Report): boolean =>
  runs.every(({ mismatches, invariants }) => mismatches === 0 && (invariants ?? []).length === 0);

export const lockWords = ({ holdMs }: Pick<Run, 'holdMs'>): string =>
  holdMs === 0 ? 'lock off: filled as shown' : `lock on: held ${holdMs} ms`;

/** What a reader must know to read the figures. */
export function notesOf({ options, recording }: Report): string[] {
  const { ledger, scalePrice, watchFrozen, tapsPerSecond, seed } = options;
  return [
    `${recording.rows} recorded prices over ${recording.minutes.toFixed(1)} ` +
      `minutes${scalePrice === 1 ? '' : `, each multiplied by ${scalePrice}`}; ` +
      `seed ${seed}.`,
    `Each trader looks ${tapsPerSecond} times a second on average (Poisson); ` +
      'a look at which nothing suits them is a pass.',
    'Returns are per unit staked, each bet with equal weight; refunded bets are left out. Quoted: ' +
      'locked multiplier × the probability of touch quoted at the lock. Brackets: ' +
      '95 % of a block bootstrap, blocks of 5 minutes of placement time.',
    'Bets are grouped by locked multiplier; a fill below 1.05 counts in the first group.',
    'Signatures are not checked, and exposure limits are lifted so that no price takes a haircut; ' +
      'everything else is the engine that serves traders.',
    ...(ledger === 'none'
      ? ['Kept in memory: no money was moved and no ledger was checked.']
      : ['Books: double entry on SQLite, without flushing to disk.']),
    ...(watchFrozen
      ? ['No taps were taken while the price was frozen or moved too rarely, as on live exchanges.']
      : []),
  ];
}
