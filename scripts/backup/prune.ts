import { counted } from '../../server/upkeep/houses/residents.ts';
import type { HeldBooks } from '../../server/compose/backups.ts';
import { prune, type Pruned } from '../../server/upkeep/backup/prune.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { expectBooks, lockJobInTurn } from './house.ts';
import type { Job } from './job.ts';

/** Removes what need not be kept, in every store. */
export async function runPrune({ house, progress, say }: Job): Promise<Outcome> {
  expectBooks(house);
  const lock = await lockJobInTurn(house.backupDir, 'run', say);
  let own: HeldBooks | null = null;
  try {
    own = house.hold();
    const pruned: Pruned[] = [];
    for (const store of [house.local, house.remote])
      if (store !== null) pruned.push(await prune(store, own, progress));
    return {
      exit: EXIT.ok,
      report: pruned,
      text: pruned
        .map(
          ({ store, kept, removed, removedSegments, verified }) =>
            `${store}: ${verified} was read in full; ${counted(kept, 'snapshot')} kept, removed: ` +
            `${removed.join(', ') || 'none'}; ${counted(removedSegments, 'segment')} removed\n`,
        )
        .join(''),
    };
  } finally {
    own?.close();
    lock.release();
  }
}
