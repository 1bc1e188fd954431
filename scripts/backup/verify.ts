import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDurably } from '../../server/upkeep/backup/directory-store.ts';
import { extract } from '../../server/upkeep/backup/snapshot.ts';
import { verifyBackups, type Verified } from '../../server/upkeep/backup/verify.ts';
import type { Job, Outcome } from '../backup.ts';

/** Reads every byte in every store, and checks the ledger in the newest snapshot of each. */
export async function runVerify(job: Job): Promise<Outcome> {
  const { house, told } = job;
  const found: Verified[] = [];
  for (const store of [house.local, house.remote]) {
    if (store === null) continue;
    const verified = await verifyBackups(store, told);
    const work = join(house.backupDir, 'work');
    const copy = join(work, `verify-${process.pid}.db`);
    makeDurably(work);
    try {
      if (verified.newest !== null) {
        await extract(store, verified.newest, copy, told);
        const { violations: [violation] } = await house.restorer.check(copy, new Map(), (part, detail) => told('check', part, detail));
        if (violation !== undefined) throw new Error(`the ledger in ${verified.newest.id} does not hold: ${violation.check}, ${violation.place}: ${violation.detail}`);
      }
      found.push(verified);
    } catch (error) {
      found.push({ ...verified, faults: [...verified.faults, (error as Error).message] });
    } finally {
      rmSync(copy, { force: true });
    }
  }
  const ok = found.every(({ faults, newest }) => faults.length === 0 && newest !== null);
  return { ok, report: { ok, stores: found.map(({ newest, ...rest }) => ({ ...rest, newest: newest?.id ?? null })) }, text: `${found.map(textOf).join('\n')}\n` };
}

const textOf = ({ store, snapshots, segments, faults, newest }: Verified): string =>
  [
    `${store}: ${snapshots.length} snapshots and ${segments} segments were read to their end`,
    newest === null ? '  NOT WELL: there is no snapshot that is whole' : `  the ledger in ${newest.id} was checked, up to batch ${newest.ledger.batch}`,
    ...faults.map((fault) => `  NOT WELL: ${fault}`),
  ].join('\n');
