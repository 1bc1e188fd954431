import { grouped } from '../../game/money.ts';
import type { IntegrityReport } from '../integrity.ts';
import { readTextfile, writeTextfile } from '../textfile.ts';

/** What came from the file must not move the cursor or change colours. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?');
const count = (number: number, one: string, many = `${one}s`): string =>
  `${grouped(number)} ${number === 1 ? one : many}`;

/** The report as a person reads it. @param source the file's name. */
export function reportText(report: IntegrityReport, source: string): string {
  const { counts, from, to, checks, violations, notes } = report;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(
    ({ name, sentence, ran, violations: found }) =>
      `${found > 0 ? 'FAIL' : ran ? 'ok  ' : '-   '}  ${name.padEnd(width)}  ` +
      `${ran ? '' : 'not asked for: '}${sentence}${found > 0 ? ` (${count(found, 'violation')})` : ''}`,
  );
  const kept = violations.map(({ check, place, detail }) =>
    printable(`  ${check.padEnd(width)}  ${place}: ${detail}`),
  );
  const total = checks.reduce((sum, { violations: found }) => sum + found, 0);
  return [
    `Ledger ${source}, batches ${grouped(from.batch)} to ${grouped(to.batch)}` +
      (to.at > 0 ? ` of ${new Date(to.at).toISOString()}` : ''),
    `head ${to.hash}`,
    `${count(counts.batches, 'batch', 'batches')}, ${count(counts.bets, 'bet')}, ` +
      `${count(counts.entries, 'ledger row')}, ${count(counts.ticks, 'tick')}, ` +
      `${count(counts.revisions, 'revision')}, ${count(counts.accounts, 'account')}`,
    `${count(counts.relocked, 'lock')}, ${count(counts.reresolved, 'outcome')} and ` +
      `${count(counts.shadowed, 'block')} of the shadow book computed again` +
      (counts.signatures > 0 ? `, ${count(counts.signatures, 'signature')} verified` : '') +
      `, in ${(report.durationMs / 1000).toFixed(1)} s`,
    ...notes.map((note) => `note: ${note}`),
    '',
    ...lines,
    '',
    ...(kept.length > 0 ? [...kept, ''] : []),
    report.ok
      ? 'All that was checked holds.'
      : `${count(total, 'VIOLATION')}${kept.length < total ? `, ${kept.length} shown` : ''}.` +
        `${report.complete ? '' : ' The file could not be read to its end.'} Nothing was changed.`,
    '',
  ].join('\n');
}

const SUCCESS = 'tapgrid_verify_last_success_timestamp_seconds';

/**
 * For the alarm on a ledger that does not hold, or that nobody checks. A run with violations leaves the time
 * of the last success as it was.
 */
export function writeReportMetrics(path: string, report: IntegrityReport): void {
  const ended = (report.startedAt + report.durationMs) / 1000;
  const success = report.ok ? ended : readTextfile(path, SUCCESS);
  writeTextfile(path, [
    ...(success === null
      ? []
      : [
          {
            name: SUCCESS,
            about: 'When the ledger was last checked and found whole.',
            values: { '': success },
          },
        ]),
    {
      name: 'tapgrid_verify_last_run_timestamp_seconds',
      about: 'When the ledger was last checked.',
      values: { '': ended },
    },
    {
      name: 'tapgrid_verify_duration_seconds',
      about: 'How long the last check took.',
      values: { '': report.durationMs / 1000 },
    },
    {
      name: 'tapgrid_verify_bets',
      about: 'Bets that the last check went through.',
      values: { '': report.counts.bets },
    },
    {
      name: 'tapgrid_verify_violations',
      about: 'Violations that the last check found, by check.',
      values: Object.fromEntries(
        report.checks.map(({ name, violations }) => [`check="${name}"`, violations]),
      ),
    },
  ]);
}
