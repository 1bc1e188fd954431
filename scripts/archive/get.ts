import { PARTS, written, type SegmentTable } from '../../server/store/rows/segment-parts.ts';
import type { Row } from '../../server/store/rows/table.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { notFound } from '../command-line/failure.ts';
import { archivedBet } from './reached.ts';
import type { Job } from './job.ts';

/** All rows of an archived bet from the object store; each segment is checked against its manifest. */
export async function runGet({ house, progress }: Job, betId: string): Promise<Outcome> {
  const { source, objects } = house;
  if (source.bet(betId) !== null)
    return {
      exit: EXIT.ok,
      report: { live: true, betId },
      text: `bet ${betId} is live: its receipt is at /api/v1/bets/${betId}/receipt\n`,
    };
  const found = await archivedBet(house, betId, progress);
  if (found === null) throw notFound(`Neither the books nor ${objects.store.name} have a bet ${betId}.`);
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
    report: { live: false, betId, segments, rows: Object.fromEntries(parts) },
    text: `${lines.join('\n')}\n`,
  };
}
