import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { notFound } from '../command-line/failure.ts';
import { verifiedRows } from './fetch.ts';
import type { Job } from './job.ts';

/**
 * Brings segments back from the object store to the disk: each is checked against its manifest and the books
 * first, and compared row by row afterwards.
 */
export async function runRestore(
  { house: { source, weekFiles, objects }, progress }: Job,
  what: string,
): Promise<Outcome> {
  const wanted = source.segments().filter(({ number, week }) => String(number) === what || week === what);
  if (wanted.length === 0) throw notFound(`There is no segment or week ${what} in the archive.`);
  const restored: { number: number; file: string; bets: number }[] = [];
  for (const [index, segment] of wanted.entries()) {
    const rows = await verifiedRows(objects, segment);
    const file = weekFiles.add(segment, rows);
    const [fault] = weekFiles.compare(segment, rows);
    if (fault !== undefined) throw new Error(fault);
    restored.push({ number: segment.number, file, bets: rows.bets.length });
    progress('restore', (index + 1) / wanted.length, `segment ${segment.number}`);
  }
  const lines = restored.map(
    ({ number, file, bets }) => `segment ${number}: ${bets} bets in history/${file}`,
  );
  return {
    exit: EXIT.ok,
    report: { ok: true, what, restored },
    text: `${lines.join('\n')}\nthey stay until an archive run finds them too old\n`,
  };
}
