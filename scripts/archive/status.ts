import type { LiveBooks } from '../../server/ports/archive.ts';
import type { Outcome } from '../command-line/command.ts';
import { exitOf } from '../command-line/exit-codes.ts';
import { warningsOf, whereabouts, whereText } from './places.ts';
import type { Job } from './job.ts';

/**
 * What is archived, what is live, and what the next run would do. Reads the books alone: no object is
 * fetched.
 */
export async function runStatus({ house }: Job): Promise<Outcome> {
  const { source, weekFiles, objects, options } = house;
  const live = source.liveBooks();
  const segments = source.segments();
  const files = weekFiles.files();
  const now = Date.now();
  const due = source.nextRange({ until: now - options.afterMs, rowsMax: options.rowsMax });
  const next =
    due.range !== null
      ? `segment ${due.range.number} is due: commits ${due.range.firstBatch} to ${due.range.lastBatch}`
      : due.why;
  const over = live.liveBets > options.betsMax;
  const where = whereabouts(house.places, segments, files);
  const ok = !over && where.missing.length === 0;
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const last = segments.at(-1);
  const report = {
    ok,
    store: objects.store.name,
    onThisDisk: house.places.onThisDisk,
    where,
    segments: segments.length,
    bets: segments.reduce((sum, segment) => sum + segment.bets, 0),
    bytes,
    archivedUntil:
      last === undefined ? null : { batch: last.lastBatch, at: last.endedAt, hash: last.chainOut },
    sealedAt: last?.sealedAt ?? null,
    live: reported(live),
    betsMax: options.betsMax,
    history: files,
    next,
  };
  const lines = [
    last === undefined
      ? 'nothing is archived yet'
      : `${segments.length} segments with ${report.bets} bets and ${bytes} bytes in ` +
        `${objects.store.name}, up to commit ${last.lastBatch} of ${timeOf(last.endedAt)}, ` +
        `chain ${last.chainOut.slice(0, 16)}…`,
    `live: ${live.liveBets} of at most ${options.betsMax} bets${over ? ', too many' : ''}, ` +
      `${live.fileBytes} bytes, commits ${live.archiveEnd.lastBatch + 1} to ${live.head.batch}`,
    `rows: ${Object.entries(live.rows)
      .map(([table, rows]) => `${rows} ${table}`)
      .join(', ')}`,
    ...files.map(
      ({ name, bytes: size, segments: numbers }) =>
        `history/${name}: ${numbers.length} segments, ${size} bytes`,
    ),
    `next: ${next}`,
    `places: ${whereText(house.places, where)}`,
    ...(where.missing.length > 0
      ? [`segments ${where.missing.join(', ')} are missing in every place: copy them back from another`]
      : []),
    ...(where.single.length > 0
      ? [
          `segments ${where.single.join(', ')} are only on this disk: run tapgrid ` +
            'archive run, or copy them back',
        ]
      : []),
    ...warningsOf(house.places),
  ];
  return { exit: exitOf(ok), report, text: `${lines.join('\n')}\n` };
}

export const timeOf = (at: number): string => new Date(at).toISOString();

/** By the names that programs know. */
const reported = ({ archiveEnd, ...live }: LiveBooks) => ({ anchor: archiveEnd, ...live });
