import { join } from 'node:path';
import { DATABASE_FILE, hasBooks } from '../../../server/store/store.ts';
import { SqliteOperatorActions } from '../../../server/store/operator-actions.ts';
import { command } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';
import { PERIOD_OPTIONS, readPeriod } from '../../reports/period.ts';
import { print } from '../../reports/print.ts';
import { ACTION_SHEET } from '../../reports/record-sheets.ts';

export const actions = command({
  about:
    'Prints all that was done by hand, with who, why, and what was before and after: orders, approvals, ' +
    'and what the house wrote of itself, such as new terms.',
  options: PERIOD_OPTIONS,
  notes: `CSV for spreadsheets, times in UTC; with --json one object, times in ms. Oldest first. Each row is part of the
ledger chain, and none is ever archived. The house may run meanwhile.`,
  examples: ['operators actions --from 2026-11-01 --to 2026-12-01'],
  exits: { 0: 'printed to the end' },
  async run({ options, json }, shell) {
    const period = readPeriod(options);
    const { dataDir } = shell.config();
    if (!hasBooks(dataDir)) throw misused('no_books', `There are no books in ${dataDir} (DATA_DIR).`);
    const found = new SqliteOperatorActions(join(dataDir, DATABASE_FILE));
    try {
      const pages = found.between(period.from, period.to);
      return await print({ sheet: ACTION_SHEET, head: {}, pages }, json, shell);
    } finally {
      found.close();
    }
  },
});
