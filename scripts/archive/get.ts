import { PARTS, written, type SegmentTable } from '../../server/store/rows/segment-parts.ts';
import type { Row } from '../../server/store/rows/table.ts';
import { findBet } from '../../server/upkeep/archive/find.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import type { Job } from './job.ts';

/** All rows of an archived bet, out of the object store, each segment held against its manifest. */
export async function runGet({ house: { source, objects }, progress }: Job, betId: string): Promise<Outcome> {
  if (source.bet(betId) !== null)
    return {
      exit: EXIT.ok,
      report: { live: true, betId },
      text: `bet ${betId} is live: its receipt is at /api/v1/bets/${betId}/receipt\n`,
    };
  const found = await findBet(objects, source.segments(), betId, (part) => progress('search', part));
  if (found === null)
    return {
      exit: EXIT.wrong,
      report: { live: false, betId, found: false },
      text: '',
      trouble: { code: 'not_found', message: `No segment of ${objects.store.name} has a bet ${betId}.` },
    };
  const segments = found.segments.map(({ number, objectKey, manifestSha256 }) => ({
    number,
    objectKey,
    manifestSha256,
  }));
  const parts = (Object.entries(found.rows) as [SegmentTable, readonly Row[]][]).map(
    ([table, rows]) => [table, rows.map((row) => written(PARTS[table], row))] as const,
  );
  const lines = parts.flatMap(([table, rows]) => rows.map((row) => JSON.stringify({ table, ...row })));
  return {
    exit: EXIT.ok,
    report: { live: false, betId, found: true, segments, rows: Object.fromEntries(parts) },
    text: `${lines.join('\n')}\n`,
  };
}
