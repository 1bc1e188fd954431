import {
  firstOf,
  isGapAt,
  isThinAt,
  lastOf,
  REPLAY_HOLE_MS_MAX,
  ROWS_PER_MINUTE_MIN,
} from './recording-density.ts';
import type { Recording } from './recording.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** How much of a recording can be played. Shares are of its time, from 0 to 1. */
export interface RecordingQuality {
  readonly rows: number;
  readonly spanMs: number;
  readonly rowsPerMinute: number;
  readonly longestHoleMs: number;
  /** Inside holes of more than a minute: no price at all. */
  readonly gapShare: number;
  /** With a price, but too few of them to sell on. */
  readonly thinShare: number;
  readonly playableShare: number;
}

export function qualityOf(recording: Recording): RecordingQuality {
  const { times } = recording;
  const spanMs = lastOf(times) - firstOf(times);
  let [gaps, thin, seconds, row] = [0, 0, 0, 0];
  for (let time = firstOf(times); time <= lastOf(times); time += SECOND_MS, seconds++) {
    while ((times[row + 1] ?? Infinity) <= time) row++;
    if (isGapAt(times, row, time)) gaps++;
    else if (isThinAt(recording, time)) thin++;
  }
  let longestHoleMs = 0;
  let before = firstOf(times);
  for (const time of times) {
    longestHoleMs = Math.max(longestHoleMs, time - before);
    before = time;
  }
  return {
    rows: times.length,
    spanMs,
    rowsPerMinute: spanMs === 0 ? times.length : (times.length * MINUTE_MS) / spanMs,
    longestHoleMs,
    gapShare: gaps / seconds,
    thinShare: thin / seconds,
    playableShare: (seconds - gaps - thin) / seconds,
  };
}

/**
 * What to know about a recording before it is played.
 * @returns null where all of it can be played; `unplayable` where nothing can
 */
export function complaintOf(
  file: string,
  quality: RecordingQuality,
): { readonly unplayable: boolean; readonly message: string } | null {
  const { rows, gapShare, thinShare, playableShare, rowsPerMinute, longestHoleMs } = quality;
  if (playableShare === 1) return null;
  if (rows < ROWS_PER_MINUTE_MIN)
    return {
      unplayable: true,
      message:
        `${file} is too short to replay: it has ${rows} ${rows === 1 ? 'price' : 'prices'}, ` +
        `expected ${ROWS_PER_MINUTE_MIN} or more.`,
    };
  const rule =
    `with fewer than ${ROWS_PER_MINUTE_MIN} prices a minute no taps are taken, and after ` +
    `${REPLAY_HOLE_MS_MAX / 1_000} s without a price there are no ticks`;
  if (playableShare === 0) {
    return {
      unplayable: true,
      message:
        `${file} is too coarse to replay: it has ${rowsPerMinute.toFixed(1)} prices a minute (${rule}). ` +
        'Use trades, quotes or one-second bars of the same period.',
    };
  }
  return {
    unplayable: false,
    message:
      `${file} can be replayed for ${percent(playableShare)} of its time: ${percent(gapShare)} are ` +
      `gaps (the longest ${(longestHoleMs / 1_000).toFixed(0)} s), and ${percent(thinShare)} have too few ` +
      `prices (${rule}).`,
  };
}

const percent = (share: number): string => `${share > 0 && share < 0.01 ? '<1' : Math.floor(share * 100)} %`;
