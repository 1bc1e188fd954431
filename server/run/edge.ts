import { writeFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { composeEdge } from '../compose/edge-process.ts';
import { edgesOf } from '../compose/places.ts';
import { EXIT_CODES } from '../config-text.ts';
import { loadConfig, type Config } from '../config.ts';
import { EDGE_NICENESS } from '../supervisor/supervisor.ts';
import type { Run } from './part.ts';

/** Edges have the processor after the engine, and are the first to go where there is no memory. */
const OOM_SCORE = 500;
/** Of the time that the service manager waits: one beat may be late, or lost. */
const BEAT_SHARE = 1 / 4;

/** One edge, beside an engine. */
export const run: Run = async ({ config, log, output, notify, watchdogMs }) => {
  standBack();
  // Whoever counts edges as none has one all the same: this one.
  const edges = Math.max(1, edgesOf(config, availableParallelism()));
  const edge = await composeEdge(config, edges, {
    log,
    dropped: () => output.dropped,
    hasOtherSettings: () => hasOtherSettings(config),
    onStale: () => process.exit(EXIT_CODES.broken),
  });
  // A loop that stands still keeps its share of new connections: the service manager ends it.
  if (watchdogMs !== null) setInterval(() => notify('WATCHDOG=1'), watchdogMs * BEAT_SHARE).unref();
  return { status: 'serving', ready: 'an edge is ready', stop: () => edge.stop().then(() => null) };
};

/** Whether a start would read other settings now; wrong ones are the engine's to refuse. */
function hasOtherSettings(config: Config): boolean {
  const loaded = loadConfig();
  return 'ok' in loaded && !Bun.deepEquals(loaded.ok, config);
}

function standBack(): void {
  try {
    setPriority(EDGE_NICENESS);
    writeFileSync('/proc/self/oom_score_adj', `${OOM_SCORE}`);
  } catch {
    // Where the system does not let it, edges weigh as much as the engine.
  }
}
