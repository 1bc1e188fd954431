import { prune, type Pruned } from '../../server/upkeep/backup/prune.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { expectBooks, lockJob } from './house.ts';
import type { Job } from './job.ts';

/** Removes what need not be kept, in every store. */
export async function runPrune({ house, progress }: Job): Promise<Outcome> {
  expectBooks(house);
  const own = house.hold();
  let lock: { release(): void } | null = null;
  try {
    lock = lockJob(house.backupDir, 'run');
    const pruned: Pruned[] = [];
    for (const store of [house.local, house.remote])
      if (store !== null) pruned.push(await prune(store, own, progress));
    return {
      exit: EXIT.ok,
      report: pruned,
      text: pruned
        .map(
          ({ store, kept, removed, removedSegments, verified }) =>
            `${store}: ${verified} was read to its end; ${kept} snapshots kept, removed: ` +
            `${removed.join(', ') || 'none'}; ${removedSegments} segments removed\n`,
        )
        .join(''),
    };
  } finally {
    own.close();
    lock?.release();
  }
}
