import { counted } from '../../server/upkeep/houses/residents.ts';
import { prune, type Pruned } from '../../server/upkeep/backup/prune.ts';
import { isWhole, listSnapshots, type Manifest } from '../../server/upkeep/backup/manifest.ts';
import { shipSnapshot, takeSnapshot } from '../../server/upkeep/backup/snapshot.ts';
import { writeTextfile } from '../../server/upkeep/textfile.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { expectAhead } from '../../server/upkeep/backup/seen-heads.ts';
import { admit, adoptedText } from '../../server/upkeep/houses/admission.ts';
import type { HeldBooks } from '../../server/compose/backups.ts';
import { ownSnapshots, type OwnBooks } from '../../server/upkeep/houses/ownership.ts';
import { expectBooks, lockJobInTurn } from './house.ts';
import type { Job } from './job.ts';

export interface SnapshotRequest {
  /** Removes what need not be kept. */
  readonly prune: boolean;
  /** Continues with books that lack commits of these backups. */
  readonly adopt: boolean;
  /** Where the figures go, or null. */
  readonly metrics: string | null;
}

/** Snapshot, bucket, retention. What an earlier run could not send is sent now. */
export async function runSnapshot(job: Job, request: SnapshotRequest): Promise<Outcome> {
  const { house, progress, say } = job;
  expectBooks(house);
  const began = performance.now();
  const lock = await lockJobInTurn(house.backupDir, 'run', say);
  let own: HeldBooks | null = null;
  try {
    own = house.hold();
    if (request.adopt) await adopt(job, own);
    const snapshot = await takeSnapshot(
      house.local,
      house.copier,
      { ...house.options, adopt: request.adopt },
      progress,
    );
    const sent = await sendMissing(job, own, request.adopt);
    const pruned: Pruned[] = [];
    // What a history that was given up has seen is not the first to go.
    if (request.prune && !request.adopt)
      for (const store of [house.local, house.remote])
        if (store !== null) pruned.push(await prune(store, own, progress));
    const durationMs = Math.round(performance.now() - began);
    if (request.metrics !== null) writeMetrics(request.metrics, snapshot, durationMs);
    return {
      exit: EXIT.ok,
      report: { house: own.house, snapshot, sent, pruned, durationMs },
      text: textOf(job, snapshot, sent, pruned, durationMs),
    };
  } finally {
    own?.close();
    lock.release();
  }
}

/** Lets this house in beside another one, and logs it. */
async function adopt({ house: { local, remote }, say }: Job, own: OwnBooks): Promise<void> {
  for (const store of [local, remote]) {
    if (store === null) continue;
    const beside = await admit(store, own, { adopt: true, at: Date.now() });
    if (beside.length > 0) say(adoptedText(own.house, store, beside));
  }
}

/** @returns ids of the snapshots that were sent. */
async function sendMissing(
  { house: { local, remote }, progress }: Job,
  own: OwnBooks,
  adopt: boolean,
): Promise<string[]> {
  if (remote === null) return [];
  if (!adopt) await expectAhead(remote, own);
  await admit(remote, own, { adopt: false, at: Date.now() });
  const there = new Set((await listSnapshots(remote)).map(({ id }) => id));
  const ours = ownSnapshots((await listSnapshots(local)).filter(isWhole), own);
  const missing = ours.filter(({ id }) => !there.has(id));
  for (const manifest of missing) await shipSnapshot(local, remote, manifest, progress);
  return missing.map(({ id }) => id);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function textOf(
  { house }: Job,
  { id, house: of, ledger, database, parts, checked }: Manifest,
  sent: readonly string[],
  pruned: readonly Pruned[],
  durationMs: number,
): string {
  const size = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `snapshot ${id} of house ${of} in ${house.backupDir}`,
    `ledger up to batch ${ledger.batch}, head ${ledger.hash}`,
    `${megabytes(database.bytes)}, compressed ${megabytes(size)} in ${counted(parts.length, 'part')}; ` +
      `${counted(checked.bets, 'bet')} checked; ${(durationMs / 1000).toFixed(1)} s`,
    house.remote === null
      ? 'no bucket is configured: the backup stays on this machine'
      : `sent to ${house.remote.name} and read back: ${sent.join(', ') || 'nothing was missing there'}`,
    ...pruned.map(
      ({ store, kept, removed, removedSegments }) =>
        `${store}: ${counted(kept, 'snapshot')} kept; removed: ${counted(removed.length, 'snapshot')} and ` +
        counted(removedSegments, 'segment'),
    ),
    '',
  ].join('\n');
}

function writeMetrics(path: string, { at, ledger, parts }: Manifest, durationMs: number): void {
  writeTextfile(path, [
    {
      name: 'tapgrid_backup_last_success_timestamp_seconds',
      about: 'Time of the state that the newest snapshot holds.',
      values: { '': at / 1000 },
    },
    {
      name: 'tapgrid_backup_duration_seconds',
      about: 'Duration of the last snapshot, with checks and upload.',
      values: { '': durationMs / 1000 },
    },
    {
      name: 'tapgrid_backup_bytes',
      about: 'Size of the newest snapshot, compressed.',
      values: { '': parts.reduce((sum, { bytes }) => sum + bytes, 0) },
    },
    {
      name: 'tapgrid_backup_batch',
      about: 'Last batch of the ledger in the newest snapshot.',
      values: { '': ledger.batch },
    },
  ]);
}
