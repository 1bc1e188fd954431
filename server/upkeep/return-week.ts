import { join } from 'node:path';
import { isRecord, isWhole } from '../game/outside-value.ts';
import type { ReturnWeek } from '../ports/readings.ts';
import { readSmallFile, writeSmallFile } from './small-file.ts';

export const RETURN_WEEK_FILE = 'return-week.json';

interface Watch {
  state(at: number): ReturnWeek;
  restore(week: ReturnWeek, at: number): void;
}

/** Keeps this week's returns over a restart. @returns what to call now and then. */
export function keepReturns(watch: Watch, dataDir: string, now: number): (now: number) => void {
  const path = join(dataDir, RETURN_WEEK_FILE);
  const kept = readWeek(path);
  if (kept !== null) watch.restore(kept, now);
  let written = JSON.stringify(kept);
  return (at) => {
    const state = watch.state(at);
    const text = JSON.stringify(state);
    if (text !== written && writeSmallFile(path, state)) written = text;
  };
}

const BUCKETS_MAX = 64;

function readWeek(path: string): ReturnWeek | null {
  const found = readSmallFile(path);
  if (!isRecord(found) || !isWhole(found['week']) || !Array.isArray(found['buckets'])) return null;
  const buckets: unknown[] = found['buckets'].slice(0, BUCKETS_MAX);
  return buckets.every(isBucket) ? { week: found['week'], buckets } : null;
}

const isBucket = (row: unknown): row is ReturnWeek['buckets'][number] =>
  Array.isArray(row) &&
  row.length === 3 &&
  typeof row[0] === 'string' &&
  Number.isFinite(row[1]) &&
  Number.isFinite(row[2]) &&
  row[2] >= 0;
