import { checkSegment } from '../../server/store/archive/segment-check.ts';
import { verifyArchive } from '../../server/upkeep/archive/verify.ts';
import type { Outcome } from '../command-line/command.ts';
import { exitOf } from '../command-line/exit-codes.ts';
import type { Job } from './job.ts';

/** Reads every segment back and computes it again. */
export async function runVerify({ house: { source, weekFiles, objects }, progress }: Job): Promise<Outcome> {
  const report = await verifyArchive({ source, weekFiles, objects, check: checkSegment }, (part, detail) =>
    progress('verify', part, detail),
  );
  const { ok, segments, bets, bytes, faults } = report;
  const lines = [
    ...faults,
    `${segments} segments with ${bets} bets and ${bytes} bytes in ${objects.store.name}: ` +
      `${ok ? 'all intact' : `${faults.length} faults`}`,
  ];
  return {
    exit: exitOf(ok),
    report: { ...report, store: objects.store.name },
    text: `${lines.join('\n')}\n`,
  };
}
