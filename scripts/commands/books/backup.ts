import { withBackups } from '../../backup/job.ts';
import { runPrune } from '../../backup/prune.ts';
import { runSnapshot } from '../../backup/run.ts';
import { runStatus } from '../../backup/status.ts';
import { runTail } from '../../backup/tail.ts';
import { runVerify } from '../../backup/verify.ts';
import { command } from '../../command-line/command.ts';
import { metricsFile, metricsOption } from './reports.ts';

const PLACES = `Backups go to BACKUP_DIR and, where BACKUP_S3_BUCKET is set, to that bucket too. On the disk of the
database alone they do not survive that disk.`;

export const run = command({
  about:
    'Takes a snapshot while the server runs: copies, checks the copy, ' +
    'compresses, hashes, reads back; sends it ' +
    'to the bucket; removes what need not be kept.',
  options: {
    'no-prune': { about: 'remove nothing' },
    adopt: {
      about:
        'continue with books that lack what these backups have seen, or beside another house; ' +
        'nothing is removed then',
    },
    metrics: metricsOption('backup'),
  },
  notes: PLACES,
  examples: ['backup run', 'backup run --no-prune'],
  exits: { 0: 'the snapshot is taken and proven', 1: 'there is none, or it could not be sent' },
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
    'Ships what was committed every 2 s, so that a machine that dies takes ' +
    'at most 5 s with it. It runs until ' +
    'SIGTERM or SIGINT, and ships once more then.',
  options: { metrics: metricsOption('tail') },
  notes: PLACES,
  examples: ['backup tail'],
  exits: { 0: 'stopped on request, with all shipped', 1: 'ended by a failure' },
  run: ({ options }, shell) =>
    withBackups('backup tail', shell, (job) =>
      runTail(job, metricsFile(options.metrics, job.config.dataDir, 'tail'), shell.interruptible()),
    ),
});

export const status = command({
  about: 'Tells what there is, how old it is, and how far the tail is behind.',
  notes: PLACES,
  examples: ['backup status', 'backup status --json'],
  exits: { 0: 'all is well', 1: 'something is damaged, missing or too old' },
  run: (_, shell) => withBackups('backup status', shell, runStatus),
});

export const verify = command({
  about:
    'Reads every byte of every snapshot and segment, and restores what each place would give today, tail ' +
    'included, into a folder that is thrown away.',
  notes: PLACES,
  examples: ['backup verify'],
  exits: { 0: 'each place can be restored from', 1: 'something is damaged or missing' },
  run: (_, shell) => withBackups('backup verify', shell, runVerify),
});

export const prune = command({
  about:
    'Removes what need not be kept: of 48 hours and 30 days the newest snapshot stays, ' +
    'and the tail of those ' +
    'hours.',
  notes: PLACES,
  examples: ['backup prune'],
  exits: { 0: 'removed, or nothing was to be removed', 1: 'failed' },
  run: (_, shell) => withBackups('backup prune', shell, runPrune),
});
