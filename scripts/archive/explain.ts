import type { SealedSegment } from '../../server/ports/archive.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { notFound } from '../command-line/failure.ts';
import { archivedBet } from './reached.ts';
import { warningsOf } from './places.ts';
import { timeOf } from './status.ts';
import type { Job } from './job.ts';

const DAY_MS = 86_400_000;

/** In words: what goes when, or where one bet is and why. */
export async function runExplain(job: Job, betId: string | undefined): Promise<Outcome> {
  const lines = betId === undefined ? explainAll(job) : await explainBet(job, betId);
  return { exit: EXIT.ok, report: { sentences: lines }, text: `${lines.join('\n')}\n` };
}

function explainAll({ house: { source, weekFiles, objects, options, places } }: Job): string[] {
  const { liveBets, archiveEnd, oldestOpenBet, firstLiveAt, rows } = source.liveBooks();
  const next = source.nextRange({ until: Date.now() - options.afterMs, rowsMax: options.rowsMax });
  const files = weekFiles.files();
  return [
    `Whole commits are archived in their order, at most ${options.rowsMax} ledger rows in a segment. ` +
      'A segment is deleted from the books only after its object has been read back from ' +
      `${objects.store.name} ` +
      'and its rows from the week on disk.',
    ...warningsOf(places).map((warning) => `${warning[0]!.toUpperCase()}${warning.slice(1)}.`),
    archiveEnd.number === 0
      ? 'Nothing is archived yet.'
      : `The archive ends with segment ${archiveEnd.number}, commit ${archiveEnd.lastBatch}, chain ` +
        `${archiveEnd.chainOut}. Checks of the live books start there.`,
    `A commit is due for archiving after ${options.afterMs / DAY_MS} ` +
      `days.${firstLiveAt === null ? '' : ` The oldest live one was made at ${timeOf(firstLiveAt)}.`}`,
    `With more than ${options.betsMax} live bets, younger commits are archived too, down to an age of ` +
      `${options.ageMsMin / 60_000} minutes. There are ${liveBets}.`,
    next.range === null
      ? `Waiting: ${next.why}.`
      : `Due now: commits ${next.range.firstBatch} to ${next.range.lastBatch}, ` +
        `as segment ${next.range.number}.`,
    oldestOpenBet === null
      ? 'No bet is open.'
      : `The archive stops before commit ${oldestOpenBet.batch}: bet ` +
        `${oldestOpenBet.id}, placed there, is open.`,
    `Some rows of archived commits stay live: bets that a later commit closed; orders for ${options.ordersMs / 3_600_000} hours, because their nonces must be known; ticks and quotes of the last hour, because open bets and checks need them. Rows now: ${Object.entries(
      rows,
    )
      .map(([table, count]) => `${count} ${table}`)
      .join(', ')}.`,
    files.length === 0
      ? 'No week is on disk.'
      : `On disk: ${files.map(({ name }) => name).join(', ')}. ` +
        (options.leavesDisk
          ? `They are deleted after ${options.historyMs / (7 * DAY_MS)} weeks, once ${objects.store.name} ` +
            'has ' +
            'all their segments; tapgrid archive restore brings them back.'
          : 'They stay.'),
  ];
}

async function explainBet({ house, progress }: Job, betId: string): Promise<string[]> {
  const { source, weekFiles, objects, options } = house;
  const archiveEnd = source.archiveEnd();
  const live = source.bet(betId);
  if (live !== null) {
    const when = timeOf(live.placedAt);
    const placed = `Bet ${betId} is in the live books, placed in commit ${live.batch} of ${when}.`;
    if (live.batch <= archiveEnd.lastBatch)
      return [
        placed,
        `That commit is archived (up to ${archiveEnd.lastBatch}), but commit ${live.closedBatch ?? ''}, ` +
          'which closed the bet, is not yet. The bet is archived with that one.',
      ];
    if (live.closedBatch === null)
      return [placed, 'It is open; the archive stops before the oldest open bet.'];
    const due = live.placedAt + options.afterMs;
    return [
      placed,
      due > Date.now()
        ? `It is due on ${timeOf(due)}, or earlier when more than ${options.betsMax} bets are live ` +
          `(${source.liveBets()} now).`
        : 'It is due; the next run archives it.',
    ];
  }
  const found = await archivedBet(house, betId, progress);
  if (found === null) throw notFound(`Neither the books nor ${objects.store.name} have a bet ${betId}.`);
  const onDisk = new Map(
    weekFiles.files().flatMap(({ name, segments }) => segments.map((number) => [number, name] as const)),
  );
  return [
    `Bet ${betId} is archived.`,
    ...found.segments.map((segment) => whereOf(segment, onDisk.get(segment.number), objects.store.name)),
  ];
}

const whereOf = (
  { number, week, firstBatch, lastBatch, objectKey, sealedAt }: SealedSegment,
  file: string | undefined,
  store: string,
): string =>
  `Segment ${number} of ${week} (commits ${firstBatch} to ${lastBatch}, ` +
  `sealed ${timeOf(sealedAt)}) has its rows: ${objectKey} in ${store}, ` +
  (file === undefined
    ? `no longer on disk (tapgrid archive restore ${number} brings it back).`
    : `and history/${file}, from which its receipt is read.`);
