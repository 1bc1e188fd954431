import { counted } from '../../server/upkeep/houses/residents.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { restore, type Restored } from '../../server/upkeep/backup/restore.ts';
import { verifyBackups, type Verified } from '../../server/upkeep/backup/verify.ts';
import type { Outcome } from '../command-line/command.ts';
import { exitOf } from '../command-line/exit-codes.ts';
import type { Job } from './job.ts';

/**
 * What was found in one store, and what a restore from it came to; null where it failed, which is one of the
 * faults then.
 */
interface Looked {
  readonly verified: Verified;
  readonly restored: Restored | null;
}

/**
 * Reads every byte in every store, and restores what each would give today, tail included, into a folder that
 * is thrown away.
 */
export async function runVerify(job: Job): Promise<Outcome> {
  const { house, progress } = job;
  const looked: Looked[] = [];
  const own = ownHouse(job);
  for (const store of [house.local, house.remote]) {
    if (store === null) continue;
    const verified = await verifyBackups(store, own, progress);
    const scratch = join(house.backupDir, 'work', `verify-${process.pid}`);
    try {
      const restored =
        verified.newest === null
          ? null
          : await restore(
              store,
              house.restorer,
              {
                to: scratch,
                file: DATABASE_FILE,
                until: null,
                house: null,
                snapshot: verified.newest.id,
                withoutTail: false,
              },
              progress,
            );
      looked.push({ verified, restored });
    } catch (error) {
      looked.push({
        verified: {
          ...verified,
          faults: [...verified.faults, `it cannot be restored: ${messageOf(error)}`],
        },
        restored: null,
      });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  const ok = looked.every(({ verified, restored }) => verified.faults.length === 0 && restored !== null);
  const stores = looked.map(({ verified: { newest, ...rest }, restored }) => ({
    ...rest,
    newest: newest?.id ?? null,
    restored:
      restored === null
        ? null
        : { snapshot: restored.snapshot, segments: restored.segments, batch: restored.head.batch },
  }));
  return { exit: exitOf(ok), report: { ok, stores }, text: `${looked.map(textOf).join('\n')}\n` };
}

/** Null if the books are gone: then the newest snapshot decides. */
function ownHouse({ house }: Job): string | null {
  if (!existsSync(house.database)) return null;
  const own = house.hold();
  own.close();
  return own.house;
}

const textOf = ({ verified: { store, snapshots, segments, faults, newest }, restored }: Looked): string =>
  [
    `${store}: ${counted(snapshots.length, 'snapshot')} and ${counted(segments, 'segment')} read in full`,
    ...(newest === null ? ['  ERROR: no complete snapshot'] : []),
    ...(restored === null
      ? []
      : [
          `  restored and verified: snapshot ${restored.snapshot} with ` +
            `${counted(restored.segments, 'segment')} of the tail, up to batch ${restored.head.batch}`,
        ]),
    ...faults.map((fault) => `  ERROR: ${fault}`),
  ].join('\n');
