import { checkSegment } from '../../server/store/archive/segment-check.ts';
import { RefusalDays } from '../../server/upkeep/archive/refusal-days.ts';
import { verifyArchive } from '../../server/upkeep/archive/verify.ts';
import type { Outcome } from '../command-line/command.ts';
import { exitOf } from '../command-line/exit-codes.ts';
import type { Job } from './job.ts';

/** Reads every segment back and computes it again, and every day of refused orders. */
export async function runVerify({ house: archive, progress }: Job): Promise<Outcome> {
  const { house, source, weekFiles, objects } = archive;
  const report = await verifyArchive({ source, weekFiles, objects, check: checkSegment }, (part, detail) =>
    progress('verify', part, detail),
  );
  const { segments, bets, bytes } = report;
  const faults = [...report.faults, ...(await new RefusalDays(objects.store, house).faults())];
  const ok = faults.length === 0;
  const lines = [
    ...faults,
    `${segments} segments with ${bets} bets and ${bytes} bytes in ${objects.store.name}: ` +
      `${ok ? 'all intact' : `${faults.length} faults`}`,
  ];
  return {
    exit: exitOf(ok),
    report: { ...report, ok, faults, store: objects.store.name },
    text: `${lines.join('\n')}\n`,
  };
}
