import { findBet } from '../../server/upkeep/archive/find.ts';
import type { Job, Outcome } from '../archive.ts';

/** All rows of an archived bet, out of the object store, each segment held against its manifest. */
export async function runGet({
  house: { source, objects },
  words: [betId = ''],
  told,
}: Job): Promise<Outcome> {
  if (source.bet(betId) !== null)
    return {
      ok: true,
      report: { live: true, betId },
      text: `bet ${betId} is live: its receipt is at /api/v1/bets/${betId}/receipt\n`,
    };
  const found = await findBet(objects, source.segments(), betId, (part) => told('search', part));
  if (found === null)
    return {
      ok: false,
      report: { live: false, betId, found: false },
      text: `no segment of ${objects.store.name} has a bet ${betId}\n`,
    };
  const segments = found.segments.map(({ number, objectKey, manifestSha256 }) => ({
    number,
    objectKey,
    manifestSha256,
  }));
  const lines = Object.entries(found.rows).flatMap(([table, rows]) =>
    rows.map((row) => JSON.stringify({ table, ...row })),
  );
  return {
    ok: true,
    report: { live: false, betId, found: true, segments, rows: found.rows },
    text: `${lines.join('\n')}\n`,
  };
}
