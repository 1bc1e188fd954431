import { compose } from '../compose.ts';
import { createRecordLog } from '../upkeep/log.ts';
import { watchdog } from '../upkeep/watchdog.ts';
import { endInDoubt } from './in-doubt.ts';
import type { Run } from './part.ts';

/** One process that is all of the house. */
export const run: Run = async ({ config, log, output, notify, watchdogMs }) => {
  const lines = { records: createRecordLog(config.logLevel, output), dropped: () => output.dropped };
  const house = await compose(config, log, endInDoubt(log), lines);
  house.onStep(watchdog(notify, watchdogMs, house.engine.batcher));
  return {
    status: `Prices: ${house.feed.label}`,
    ready: `Tapgrid is ready: open ${house.origin}`,
    stop: () => house.stop().then(() => null),
  };
};
