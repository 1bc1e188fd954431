import { withBackups } from '../../backup/job.ts';
import { runPrune } from '../../backup/prune.ts';
import { runSnapshot } from '../../backup/run.ts';
import { runStatus } from '../../backup/status.ts';
import { runTail } from '../../backup/tail.ts';
import { runVerify } from '../../backup/verify.ts';
import { command } from '../../command-line/command.ts';
import { metricsFile, metricsOption } from './reports.ts';

const PLACES = `Backups go to BACKUP_DIR, and to the bucket if BACKUP_S3_BUCKET is set. Backups that are only on the disk
of the database are lost with it.`;

export const run = command({
  about:
    'Takes a snapshot while the server runs: copies the books, checks the copy, compresses it, hashes it ' +
    'and reads it back; sends it to the bucket; removes old snapshots.',
  options: {
    'no-prune': { about: 'remove nothing' },
    adopt: {
      about:
        'continue with books that lack commits of these backups, or beside another house; removes nothing',
    },
    metrics: metricsOption('backup'),
  },
  notes: PLACES,
  examples: ['backup run', 'backup run --no-prune'],
  exits: { 0: 'the snapshot is taken and verified', 1: 'no snapshot, or it could not be sent' },
  run: ({ options }, shell) =>
    withBackups('backup run', shell, (job) =>
      runSnapshot(job, {
        prune: !options['no-prune'],
        adopt: options.adopt,
        metrics: metricsFile(options.metrics, job.config.dataDir, 'backup'),
      }),
    ),
});

export const tail = command({
  about:
    'Ships new commits every 2 s, so that a machine that dies takes at most 5 s of them with it. Runs ' +
    'until SIGTERM or SIGINT, then ships once more.',
  options: { metrics: metricsOption('tail') },
  notes: PLACES,
  examples: ['backup tail'],
  exits: { 0: 'stopped on request, everything shipped', 1: 'stopped by a failure' },
  run: ({ options }, shell) =>
    withBackups('backup tail', shell, (job) =>
      runTail(job, metricsFile(options.metrics, job.config.dataDir, 'tail'), shell.interruptible()),
    ),
});

export const status = command({
  about: 'Shows which backups exist, how old they are, and how far the tail is behind.',
  notes: PLACES,
  examples: ['backup status', 'backup status --json'],
  exits: { 0: 'no problems', 1: 'something is damaged, missing or too old' },
  run: (_, shell) => withBackups('backup status', shell, runStatus),
});

export const verify = command({
  about:
    'Reads every byte of every snapshot and segment, and restores the newest state of each place, tail ' +
    'included, into a temporary folder.',
  notes: PLACES,
  examples: ['backup verify'],
  exits: { 0: 'every place can be restored', 1: 'something is damaged or missing' },
  run: (_, shell) => withBackups('backup verify', shell, runVerify),
});

export const prune = command({
  about:
    'Removes old snapshots: keeps the newest of each of the last 48 hours and 30 days, and the tail of ' +
    'those hours.',
  notes: PLACES,
  examples: ['backup prune'],
  exits: { 0: 'removed, or nothing to remove', 1: 'failed' },
  run: (_, shell) => withBackups('backup prune', shell, runPrune),
});
