import type { Recording } from '../../../server/feed/recording.ts';
import { firstOf, lastOf } from '../../../server/feed/recording-density.ts';
import { priorOf, tapesApartFrom } from '../../../server/game/learned/prior.ts';
import type { Shell } from '../../command-line/command.ts';
import { engineOptions } from '../house.ts';
import { Tape } from '../tape.ts';
import type { AllCellsOptions } from './options.ts';
import { figuresOf, type CellsReport } from './report.ts';
import { HOUR_MS } from './tally.ts';
import { Walk, type WalkOptions } from './walk.ts';

/** Steps between two looks at the progress, and at what the process is told meanwhile. */
const PROGRESS_STEPS = 20_000;

type CellsOptions = AllCellsOptions & Pick<WalkOptions, 'holdMs' | 'traders' | 'windowMs'>;

/** Walks the recording once, forward. */
export async function runAllCells(
  recording: Recording,
  { afterHours, ...options }: CellsOptions,
  stopped: () => boolean,
  progress: Shell['progress'],
): Promise<CellsReport> {
  const before = process.cpuUsage();
  const engine = engineOptions({ watchFrozen: false }, options.holdMs);
  const tape = new Tape(recording, options.windowMs);
  const { file, times } = recording;
  const priorTapes = tapesApartFrom(firstOf(times), lastOf(times));
  const prior = priorOf(priorTapes);
  const walk = new Walk(tape, { ...options, prior, engine, afterMs: afterHours * HOUR_MS });
  let steps = 0;
  for (let at = tape.startAt; at <= tape.endAt && !stopped(); at += engine.tickMs) {
    walk.step(at);
    if (++steps % PROGRESS_STEPS !== 0) continue;
    progress('walking', (at - tape.startAt) / (tape.endAt - tape.startAt || 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(before);
  return {
    recording: { file, rows: times.length, hours: (lastOf(times) - firstOf(times)) / HOUR_MS },
    options: {
      model: options.model,
      gate: options.gated ? 'on' : 'off',
      after: afterHours,
      holdMs: options.holdMs,
      windowMs: options.windowMs,
      prior: priorTapes.map(({ name }) => name),
    },
    ...figuresOf(walk.result()),
    interrupted: stopped(),
    processorSeconds: (user + system) / 1e6,
  };
}
