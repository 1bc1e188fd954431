import { writeFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { composeEdge } from '../compose/edge-process.ts';
import { edgesOf } from '../compose/places.ts';
import { EXIT_CODES } from '../config-text.ts';
import type { Run } from './part.ts';

/** Edges have the processor after the engine, and are the first to go where there is no memory. */
const NICENESS = 10;
const OOM_SCORE = 500;

/** One edge, beside an engine. */
export const run: Run = async ({ config, log, output }) => {
  standBack();
  const edge = await composeEdge(config, edgesOf(config, availableParallelism()), {
    log,
    dropped: () => output.dropped,
    onOtherBooks: () => process.exit(EXIT_CODES.broken),
  });
  return { status: 'serving', ready: 'an edge is ready', stop: () => edge.stop().then(() => null) };
};

function standBack(): void {
  try {
    setPriority(NICENESS);
    writeFileSync('/proc/self/oom_score_adj', `${OOM_SCORE}`);
  } catch {
    // Where the system does not let it, edges weigh as much as the engine.
  }
}
