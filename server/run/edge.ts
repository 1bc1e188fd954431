import { availableParallelism } from 'node:os';
import { composeEdge } from '../compose/edge-process.ts';
import { edgesOf } from '../compose/places.ts';
import { EXIT_CODES } from '../config-text.ts';
import type { Run } from './part.ts';

/** One edge, beside an engine. */
export const run: Run = async ({ config, log, output }) => {
  const edge = await composeEdge(config, edgesOf(config, availableParallelism()), {
    log,
    dropped: () => output.dropped,
    onOtherBooks: () => process.exit(EXIT_CODES.broken),
  });
  return { status: 'serving', ready: 'an edge is ready', stop: () => edge.stop().then(() => null) };
};
