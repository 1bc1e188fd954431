/** What a run of the crash oracle came to. */
export interface CrashReport {
  readonly seed: number;
  readonly rounds: number;
  readonly durationMs: number;
  /** False where only root may mount one, or libfaketime is not installed. */
  readonly smallDisk: boolean;
  readonly movedClock: boolean;
  /** By process and signal. */
  readonly signals: Readonly<Record<string, number>>;
  readonly clockSteps: number;
  readonly fullDisks: number;
  /** How jobs ended that were let be. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Segments that were archived before the last round, and in all. */
  readonly segments: { readonly inRounds: number; readonly all: number };
  readonly acknowledged: number;
  readonly late: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of the traders' bets that came to an end: won or lost, 0 to 1. */
  readonly decidedShare: number;
  readonly faults: readonly string[];
}

/** The report for people; the faults come first. */
export function reportText({
  seed,
  rounds,
  durationMs,
  smallDisk,
  movedClock,
  signals,
  clockSteps,
  fullDisks,
  jobs,
  segments,
  acknowledged,
  late,
  outcomes,
  decidedShare,
  faults,
}: CrashReport): string {
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([what, count]) => `${count} × ${what}`);
  return [
    ...faults.map((fault) => `FAULT ${fault}`),
    `seed ${seed}, ${rounds} rounds in ${Math.round(durationMs / 1000)} s`,
    `signals: ${listed(signals).join(', ')}`,
    smallDisk ? `a small disk, full ${fullDisks} times` : 'the disk was not small: it could not be mounted',
    movedClock
      ? `the clock was set ${clockSteps} times`
      : 'the clock was not set: libfaketime is not installed',
    'jobs that were let be:',
    ...listed(jobs).map((line) => `  ${line}`),
    `${segments.all} segments archived, ${segments.inRounds} of them while rounds went on`,
    `${acknowledged} bets acknowledged, ${late} orders whose answer came too late to count`,
    `what became of the bets: ${listed(outcomes).join(', ')}`,
    `${(decidedShare * 100).toFixed(1)} % of them were won or lost`,
    faults.length === 0 ? 'nothing was lost' : `${faults.length} faults`,
    '',
  ].join('\n');
}
