import type { AnyElysia } from 'elysia';
import type { Config } from '../config.ts';
import { listenForOperators, operations } from '../http/operations.ts';
import type { Traffic } from '../http/traffic.ts';
import { Rates } from '../identity/rates.ts';
import type { RateRule } from '../ports/rates.ts';
import type { EdgesReadings } from '../ports/readings.ts';
import { openArchive } from './archive.ts';
import { stepsOf, type EngineSide, type Steps } from './engine-side.ts';
import type { Front } from './front.ts';
import { watchHouse } from './house-watch.ts';
import type { Opened } from './opened.ts';
import { openOperatorSide } from './operator-side.ts';
import { operationsPlace } from './places.ts';
import { readingsOf } from './readings.ts';

/** Of health and metrics, for all who look together. */
const LOOKS: RateRule = { limit: 20, windowMs: 1_000 };

interface Parts extends EngineSide {
  readonly config: Config;
  readonly front: Front;
  readonly traffic: Traffic;
  /** What is counted where sockets are served: open ones, those closed as too slow. */
  readonly sockets: () => number;
  readonly slowConsumers: () => number;
  /** What edges in other processes sent; left out where there are none. */
  readonly link?: () => EdgesReadings;
  /** Resolves when what operators did has had its effect there too. */
  readonly reached?: () => Promise<void>;
  /** Lines of the log that nobody took. */
  readonly logDropped: () => number;
  /** Whether nobody new is let in any more. */
  readonly draining: () => boolean;
}

export interface UpkeepSide extends Pick<Steps, 'onStep'> {
  /** The operator's page, where there is one. */
  readonly ops: readonly AnyElysia[];
  /** The house is open: time goes, and what ends without a stop has crashed. */
  begin(): void;
}

/**
 * What looks after a house, beside its engine: operators, health and metrics, the archiver.
 * @throws Failure `not_started`, `not_listening`
 */
export async function openUpkeepSide(parts: Parts, opened: Opened): Promise<UpkeepSide> {
  const { config, engine, feed, store, front, traffic, sockets, slowConsumers, logDropped, draining } = parts;
  const { now, log } = front;
  const { books } = store;
  const watch = watchHouse(config, engine, now, opened);
  const ops = await openOperatorSide({ ...parts, watch }, opened);
  const steps = stepsOf(engine, config, log);
  const readings = readingsOf({
    ...{ engine, feed, watch, slowConsumers, logDropped, now },
    link: parts.link ?? (() => null),
    walBytes: () => books.walBytes(),
    loopLag: steps.loopLag,
    stalls: () => steps.stalls,
    dataDir: config.dataDir,
  });
  const looked = { house: engine, books, now, sockets, draining, readings, looks: new Rates(LOOKS) };
  const listener = await listenForOperators(operationsPlace(config), operations(looked, traffic));
  opened.add('operations', listener, (one) => one.stop());
  openArchive(config, store, engine, log, opened);
  return {
    ops,
    onStep: steps.onStep,
    begin() {
      watch.begin();
      steps.begin(opened);
    },
  };
}
