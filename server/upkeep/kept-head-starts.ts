import { join } from 'node:path';
import { isRecord, isWhole } from '../game/outside-value.ts';
import type { CountedDurations } from '../ports/counted.ts';
import type { KeptHeadStarts } from '../ports/head-start.ts';
import { readSmallFile, writeSmallFile } from './small-file.ts';

const HEAD_STARTS_FILE = 'head-starts.json';
/** What was measured longer ago says nothing of today's connections. */
const HEAD_STARTS_AGE_MS_MAX = 7 * 86_400_000;

interface Measuring {
  kept(): KeptHeadStarts;
  restore(kept: KeptHeadStarts): void;
}

/** Keeps what was measured of head starts over a restart. @returns what to call now and then. */
export function keepHeadStarts(headStarts: Measuring, dataDir: string, now: number): (now: number) => void {
  const path = join(dataDir, HEAD_STARTS_FILE);
  const kept = readHeadStarts(path, now);
  if (kept !== null) headStarts.restore(kept);
  return (at) => void writeSmallFile(path, { at, ...headStarts.kept() });
}

const VENUES_MAX = 64;

function readHeadStarts(path: string, now: number): KeptHeadStarts | null {
  const found = readSmallFile(path);
  return isRecord(found) &&
    isWhole(found['at']) &&
    now - found['at'] <= HEAD_STARTS_AGE_MS_MAX &&
    isKept(found)
    ? found
    : null;
}

const isKept = (
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & KeptHeadStarts =>
  typeof value['oracle'] === 'string' &&
  areCounts(value['watchedMs'], value['takenBack'], value['alone']) &&
  isCounted(value['tick']) &&
  isCounted(value['ahead']) &&
  Array.isArray(value['venues']) &&
  value['venues'].length <= VENUES_MAX &&
  value['venues'].every(
    (one: unknown) =>
      isRecord(one) &&
      typeof one['venue'] === 'string' &&
      areCounts(one['first'], one['missed']) &&
      isCounted(one['behind']),
  );

const areCounts = (...values: readonly unknown[]): boolean =>
  values.every((value) => isWhole(value) && value >= 0);

const isCounted = (value: unknown): value is CountedDurations =>
  isRecord(value) &&
  typeof value['sumMs'] === 'number' &&
  value['sumMs'] >= 0 &&
  Array.isArray(value['counts']) &&
  value['counts'].every((pair: unknown) => Array.isArray(pair) && pair.length === 2 && areCounts(...pair));
