import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { MachineReadings } from '../ports/readings.ts';
import { keepHeadStarts } from '../upkeep/kept-head-starts.ts';
import { keepMarks } from '../upkeep/mark-period.ts';
import { keepReturns } from '../upkeep/return-week.ts';
import { RunMark } from '../upkeep/run-mark.ts';
import { MachineWatch } from '../upkeep/machine-watch.ts';
import type { Opened } from './opened.ts';

const KEEP_EVERY_MS = 10_000;
/** A crash loses the marks of so long: they are evidence, no money hangs on them. */
const KEEP_MARKS_MS = 60_000;

export interface HouseWatch {
  readonly machine: () => MachineReadings;
  /** Earlier runs of these books that crashed instead of being stopped. */
  readonly crashes: number;
  /** The run before this one was the last of them. */
  readonly afterCrash: boolean;
  /** The house is open: what ends from now on without a stop has crashed. */
  begin(): void;
}

/** What is looked at and kept beside the house while it runs. */
export function watchHouse(config: Config, engine: Engine, now: () => number, opened: Opened): HouseWatch {
  const run = opened.add('run mark', new RunMark(config.dataDir), (one) => engine.booksAreGone || one.end());
  const machine = opened.add('machine', new MachineWatch(config), (one) => one.stop());
  const kept = [
    keepReturns(engine.settlement.returns, config.dataDir, now()),
    keepHeadStarts(engine.venueHeadStarts, config.dataDir, now()),
  ];
  const keep = (at: number): void => kept.forEach((one) => one(at));
  const keepTheMarks = keepMarks(engine.settlement.marks, config.dataDir, now());
  opened.add(
    'marks',
    setInterval(() => engine.booksAreGone || keepTheMarks(now(), false), KEEP_MARKS_MS).unref(),
    (timer) => {
      clearInterval(timer);
      if (!engine.booksAreGone) keepTheMarks(now(), true);
    },
  );
  opened.add(
    'returns',
    setInterval(() => engine.booksAreGone || keep(now()), KEEP_EVERY_MS).unref(),
    (timer) => {
      clearInterval(timer);
      if (!engine.booksAreGone) keep(now());
    },
  );
  const { crashes, afterCrash } = run;
  return { machine: machine.look, crashes, afterCrash, begin: () => run.begin() };
}
