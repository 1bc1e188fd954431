import { runExplain } from '../../archive/explain.ts';
import { runFetch } from '../../archive/fetch.ts';
import { runGet } from '../../archive/get.ts';
import { withArchive } from '../../archive/job.ts';
import { runRestore } from '../../archive/restore.ts';
import { runArchive } from '../../archive/run.ts';
import { runStatus } from '../../archive/status.ts';
import { runVerify } from '../../archive/verify.ts';
import { command } from '../../command-line/command.ts';
import { metricsFile, metricsOption } from './reports.ts';

const PLACES = `Archived bets are in two places before they leave the books: as a week in DATA_DIR/history, and as
segments in BACKUP_S3_BUCKET, otherwise in BACKUP_DIR/archive. If neither is set, segments go to
DATA_DIR/archive and weeks stay: both are then lost with the disk of the books.`;

const AWAY = 'the archive is away';

export const run = command({
  about:
    'Archives what is due. While the server runs, its own writer seals and deletes, and bets are still ' +
    'taken. An interrupted run is continued; a run with nothing to do changes nothing.',
  options: {
    adopt: { about: 'continue even if the place of the segments holds another house' },
    metrics: metricsOption('archive'),
  },
  notes: PLACES,
  examples: ['archive run'],
  exits: { 0: 'archived, or nothing was due', 1: 'failed; the next run continues' },
  run: ({ options }, shell) =>
    withArchive('archive run', shell, (job) =>
      runArchive(job, {
        adopt: options.adopt,
        metrics: metricsFile(options.metrics, job.config.dataDir, 'archive'),
      }),
    ),
});

export const status = command({
  about: 'Shows what is archived, what is live, and what the next run would do. Fetches no objects.',
  notes: PLACES,
  examples: ['archive status', 'archive status --json'],
  exits: { 0: 'no problems', 1: 'too many bets are live, or a segment is missing' },
  run: (_, shell) => withArchive('archive status', shell, runStatus),
});

export const verify = command({
  about:
    'Reads every segment back and recomputes both hash chains, balances and payouts, from the first ' +
    'commit to the live books; reads every day of refused orders too.',
  examples: ['archive verify'],
  exits: { 0: 'everything is intact', 1: 'something is damaged or missing', 3: AWAY },
  run: (_, shell) => withArchive('archive verify', shell, runVerify),
});

export const get = command({
  about: 'Prints all rows of an archived bet, from the disk or the object store, one JSON object per line.',
  words: { bet: { about: 'the id of the bet' } },
  examples: ['archive get 0193a1b2-7c44-7a3e-9d55-1f0c2b7e8a90'],
  exits: { 1: 'there is no such bet, or a segment is damaged', 3: AWAY },
  run: ({ words }, shell) => withArchive('archive get', shell, (job) => runGet(job, words.bet)),
});

export const restore = command({
  about:
    'Brings a segment or a week back to the disk, where the history page reads it until an archive run ' +
    'finds it too old.',
  words: { what: { about: 'the number of a segment, or a week such as 2026-W48' } },
  examples: ['archive restore 2026-W48'],
  exits: { 0: 'restored and verified', 1: 'no such segment or week, or it is damaged', 3: AWAY },
  run: ({ words }, shell) => withArchive('archive restore', shell, (job) => runRestore(job, words.what)),
});

export const fetch = command({
  about:
    'Fetches a segment for the pages and the API, which keep the 16 requested last. The server does this ' +
    'when a trader asks.',
  words: { segment: { about: 'the number of the segment' } },
  examples: ['archive fetch 7'],
  exits: { 0: 'fetched', 1: 'there is no such segment, or it is damaged', 3: AWAY },
  run: ({ words }, shell) => withArchive('archive fetch', shell, (job) => runFetch(job, words.segment)),
});

export const explain = command({
  about: 'Explains where a bet is and why, or what is archived when.',
  words: { bet: { about: 'the id of a bet; without one, explains the whole archive', mayBeMissing: true } },
  examples: ['archive explain', 'archive explain 0193a1b2-7c44-7a3e-9d55-1f0c2b7e8a90'],
  exits: { 1: 'there is no such bet, or a segment is damaged', 3: AWAY },
  run: ({ words }, shell) => withArchive('archive explain', shell, (job) => runExplain(job, words.bet)),
});
