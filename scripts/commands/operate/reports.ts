import { resolve } from 'node:path';
import type { BookedEntry } from '../../../server/ports/booked.ts';
import { withArchive } from '../../archive/job.ts';
import { command } from '../../command-line/command.ts';
import type { Outcome, Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { AccountReports, stakesIn } from '../../reports/account.ts';
import { BET_SHEET, statementSheet } from '../../reports/entry-sheets.ts';
import { exportAccount } from '../../reports/export.ts';
import { PaidReport } from '../../reports/paid.ts';
import {
  PERIOD_OPTIONS,
  readDay,
  readPeriod,
  type Period,
  type PeriodOptions,
} from '../../reports/period.ts';
import { print } from '../../reports/print.ts';
import { REFUSAL_SHEET } from '../../reports/record-sheets.ts';

const ACCOUNT = { about: 'the id of the account: accounts find looks for it' };
const FORMS = `CSV for spreadsheets, in dollars and UTC; with --json one object, in micro-dollars and ms. Oldest first. Rows that
are archived are read from this disk, else from BACKUP_DIR or the bucket. The house may run meanwhile.`;
const EXITS = {
  0: 'printed to the end',
  1: 'there is no such account, its rows are not whole, or the archive is damaged',
  3: 'the archive cannot be reached: what was printed, if anything, is not all of it',
} as const;

export const statement = command({
  about: 'Prints every movement of an account, archived ones too; that none is missing is checked.',
  words: { account: ACCOUNT },
  options: PERIOD_OPTIONS,
  notes: FORMS,
  examples: ['accounts statement 01a22b17-0a46-74d9-8fe9-ce298cd117cc --from 2026-11-01 --to 2026-12-01'],
  exits: EXITS,
  run: ({ words, options, json }, shell) =>
    reporting('accounts statement', words.account, options, shell, (reports, period) =>
      print(
        {
          sheet: statementSheet(reports.account.currency),
          head: headOf(reports),
          pages: reports.entries(period),
        },
        json,
        shell,
      ),
    ),
});

export const bets = command({
  about: 'Prints every bet of an account with its outcome, archived ones too, by the time of the tap.',
  words: { account: ACCOUNT },
  options: PERIOD_OPTIONS,
  notes: FORMS,
  examples: ['accounts bets 01a22b17-0a46-74d9-8fe9-ce298cd117cc --from 2026-11-29'],
  exits: EXITS,
  run: ({ words, options, json }, shell) =>
    reporting('accounts bets', words.account, options, shell, (reports, period) =>
      print(
        {
          sheet: BET_SHEET,
          head: headOf(reports),
          pages: stakePages(reports.entries(period)),
        },
        json,
        shell,
      ),
    ),
});

export const refusals = command({
  about: 'Prints orders of an account of which nothing was taken, with the reason, a line a tap.',
  words: { account: ACCOUNT },
  options: PERIOD_OPTIONS,
  notes: `${FORMS}
Kept in the books for 60 days, in the archive from then on. An order of which a part was taken is among the bets: its
receipt has the other taps. In a flood a row stands for several orders, and then names no tap.`,
  examples: [
    'accounts refusals 01a22b17-0a46-74d9-8fe9-ce298cd117cc --from 2026-11-29T14:00Z --to 2026-11-29T15:00Z',
  ],
  exits: EXITS,
  run: ({ words, options, json }, shell) =>
    reporting('accounts refusals', words.account, options, shell, (reports, period) =>
      print({ sheet: REFUSAL_SHEET, head: headOf(reports), pages: reports.refusals(period) }, json, shell),
    ),
});

export const exportAll = command({
  about:
    'Writes all that the house has of an account into a new folder: statement, bets, refused orders, ' +
    'sessions, own limits, and what operators did with it.',
  words: { account: ACCOUNT },
  options: {
    out: { value: '<folder>', required: true, about: 'where to; it must not be there yet' },
    ...PERIOD_OPTIONS,
  },
  notes: `Each list as CSV and as JSON, and account.json with a checksum of each and with the heads of both chains. A time
bounds statement, bets and refused orders alone. ${FORMS}`,
  examples: ['accounts export 01a22b17-0a46-74d9-8fe9-ce298cd117cc --out /tmp/export-4711'],
  exits: {
    0: 'the folder is whole',
    1: `${EXITS[1]}, or the folder cannot be written`,
    3: 'the archive cannot be reached',
  },
  run: ({ words, options }, shell) =>
    reporting('accounts export', words.account, options, shell, async (reports, period) => {
      const folder = resolve(options.out);
      const files = await exportAccount(reports, period, folder, Date.now());
      const lines = files
        .filter(({ name }) => name.endsWith('.csv'))
        .map(({ name, rows }) => `${name.replace('.csv', '')}: ${rows}\n`);
      return { exit: EXIT.ok, report: { folder, files }, text: `${lines.join('')}in ${folder}\n` };
    }),
});

export const payouts = command({
  about: 'Prints all that the house paid out on a day: payouts, stakes that came back, and withdrawals.',
  options: { day: { value: '<day>', required: true, about: 'a UTC day, such as 2026-11-29' } },
  notes: `By the time at which the books took it, so each is on one day alone. The sums are told at the end.
${FORMS}`,
  examples: ['accounts payouts --day 2026-11-29'],
  exits: { 0: EXITS[0], 1: 'the archive is damaged', 3: EXITS[3] },
  run: ({ options, json }, shell) =>
    withArchive('accounts payouts', shell, async (job) => {
      const report = new PaidReport(job, readDay('--day', options.day));
      try {
        const outcome = await print(report, json, shell);
        for (const line of report.lines()) shell.say(line);
        return outcome;
      } finally {
        report.close();
      }
    }),
});

const headOf = ({ account: { id, currency } }: AccountReports) => ({ account: id, currency });

async function reporting(
  name: string,
  account: string,
  options: PeriodOptions,
  shell: Shell,
  work: (reports: AccountReports, period: Period) => Promise<Outcome>,
): Promise<Outcome> {
  const period = readPeriod(options);
  return withArchive(name, shell, async (job) => {
    const reports = new AccountReports(job, account);
    try {
      return await work(reports, period);
    } finally {
      reports.close();
    }
  });
}

async function* stakePages(
  pages: AsyncIterable<readonly BookedEntry[]>,
): AsyncGenerator<readonly BookedEntry[]> {
  for await (const page of pages) yield stakesIn(page);
}
