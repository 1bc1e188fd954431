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
import { print, type Report } from '../../reports/print.ts';
import { REFUSAL_SHEET } from '../../reports/record-sheets.ts';

const ACCOUNT = { about: 'the id of the account; look it up with accounts find' };
const FORMS = `CSV for spreadsheets, in dollars and UTC; with --json one object, in micro-dollars and ms. Oldest first.
Archived rows are read from this disk, or from BACKUP_DIR or the bucket. The server may be running.`;
const EXITS = {
  0: 'printed in full',
  1: 'there is no such account, its rows are not whole, or the archive is damaged',
  3: 'the archive cannot be reached; the output, if any, is incomplete',
} as const;

export const statement = command({
  ...listed('accounts statement', (reports, period) => ({
    sheet: statementSheet(reports.account.currency),
    pages: reports.entries(period),
  })),
  about: 'Prints every movement of an account, archived ones too, and checks that none is missing.',
  notes: FORMS,
  examples: ['accounts statement 01a22b17-0a46-74d9-8fe9-ce298cd117cc --from 2026-11-01 --to 2026-12-01'],
});

export const bets = command({
  ...listed('accounts bets', (reports, period) => ({
    sheet: BET_SHEET,
    pages: stakePages(reports.entries(period)),
  })),
  about: 'Prints every bet of an account with its outcome, archived ones too, by the time of the tap.',
  notes: FORMS,
  examples: ['accounts bets 01a22b17-0a46-74d9-8fe9-ce298cd117cc --from 2026-11-29'],
});

export const refusals = command({
  ...listed('accounts refusals', (reports, period) => ({
    sheet: REFUSAL_SHEET,
    pages: reports.refusals(period),
  })),
  about: 'Prints the refused orders of an account, with the reason, one line per tap.',
  notes: `${FORMS}
Kept in the books for 60 days, then in the archive. A partly accepted order is among the bets: its receipt lists
the refused taps. During a flood one row stands for several orders and names no tap.`,
  examples: [
    'accounts refusals 01a22b17-0a46-74d9-8fe9-ce298cd117cc --from 2026-11-29T14:00Z --to 2026-11-29T15:00Z',
  ],
});

export const exportAll = command({
  about:
    'Writes everything the house has about an account into a new folder: statement, bets, refused orders, ' +
    "sessions, own limits, and operators' actions.",
  words: { account: ACCOUNT },
  options: {
    out: { value: '<folder>', required: true, about: 'the folder to create; must not exist yet' },
    ...PERIOD_OPTIONS,
  },
  notes: `Each list as CSV and as JSON, and account.json with a checksum of each and the heads of both chains. A period
limits only statement, bets and refused orders. ${FORMS}`,
  examples: ['accounts export 01a22b17-0a46-74d9-8fe9-ce298cd117cc --out /tmp/export-4711'],
  exits: {
    0: 'the folder is complete',
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
  about: 'Prints everything the house paid out on a day: payouts, refunded stakes, and withdrawals.',
  options: { day: { value: '<day>', required: true, about: 'a UTC day, such as 2026-11-29' } },
  notes: `Counted by the time of booking, so each is on exactly one day. The sums are printed at the end.
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

/** A command that lists what an account has of one kind. */
function listed<Row>(
  name: string,
  of: (reports: AccountReports, period: Period) => Pick<Report<Row>, 'sheet' | 'pages'>,
) {
  return {
    words: { account: ACCOUNT },
    options: PERIOD_OPTIONS,
    exits: EXITS,
    run: ({ words, options, json }: ListGiven, shell: Shell): Promise<Outcome> =>
      reporting(name, words.account, options, shell, (reports, period) =>
        print({ ...of(reports, period), head: headOf(reports) }, json, shell),
      ),
  } as const;
}

interface ListGiven {
  readonly words: { readonly account: string };
  readonly options: PeriodOptions;
  readonly json: boolean;
}

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
