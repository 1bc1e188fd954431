import { composeEngine } from '../compose/engine-process.ts';
import { createRecordLog } from '../upkeep/log.ts';
import { watchdog } from '../upkeep/watchdog.ts';
import { endInDoubt } from './in-doubt.ts';
import type { Run } from './part.ts';

/** The engine alone, which edges in other processes reach over the link. */
export const run: Run = async ({ config, log, output, notify, watchdogMs }) => {
  const records = createRecordLog(config.logLevel, output);
  const dropped = () => output.dropped;
  const engine = await composeEngine(config, { log, records, dropped, onFailure: endInDoubt(log) });
  engine.onStep(watchdog(notify, watchdogMs, engine.engine.batcher));
  return {
    status: `Prices: ${engine.feed.label}`,
    ready: 'the engine is ready',
    stop: () => engine.stop().then(() => null),
  };
};
