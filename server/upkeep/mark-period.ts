import { join } from 'node:path';
import { isRecord, isWhole } from '../game/outside-value.ts';
import type { MarkSums } from '../game/mark-sums.ts';
import type { MarkedPeriod } from '../ports/readings.ts';
import { readSmallFile, writeSmallFile } from './small-file.ts';

const MARKS_FILE = 'marks.json';
/** That of as many accounts as are kept comes to half of it. */
const BYTES_MAX = 4 * 1024 * 1024;

interface Watch {
  readonly changes: number;
  state(at: number, isLast: boolean): MarkedPeriod;
  restore(period: MarkedPeriod, at: number): void;
}

/** Keeps the marks of accounts over a restart. @returns what to call now and then, and at last. */
export function keepMarks(
  watch: Watch,
  dataDir: string,
  now: number,
): (now: number, isLast: boolean) => void {
  const kept = readMarks(dataDir);
  if (kept !== null) watch.restore(kept, now);
  /** Of the last state, and whether a step that ran then was left out of it. */
  let written = watch.changes;
  let isWhole = true;
  return (at, isLast) => {
    const { changes } = watch;
    if (changes === written && isWhole) return;
    if (!writeSmallFile(join(dataDir, MARKS_FILE), watch.state(at, isLast))) return;
    isWhole = changes === written;
    written = changes;
  };
}

/** Marks as the last run kept them; null where there are none that can be read. */
export function readMarks(dataDir: string): MarkedPeriod | null {
  const found = readSmallFile(join(dataDir, MARKS_FILE), BYTES_MAX);
  if (!isRecord(found) || !isWhole(found['period']) || !Array.isArray(found['accounts'])) return null;
  const accounts: unknown[] = found['accounts'];
  return accounts.every(isAccount) ? { period: found['period'], accounts } : null;
}

const isAccount = (row: unknown): row is MarkedPeriod['accounts'][number] =>
  Array.isArray(row) && row.length === 2 && typeof row[0] === 'string' && isSums(row[1]);

const isSums = (value: unknown): value is MarkSums => {
  if (!isRecord(value) || !Array.isArray(value['gains'])) return false;
  const { bets, steps, staked, stakedSquare, edge, gains } = value;
  return (
    isNumbers([bets, steps, staked, stakedSquare, edge], 5) &&
    gains.length === 2 &&
    gains.every((one) => isNumbers(one, 3))
  );
};

const isNumbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every(Number.isFinite);
