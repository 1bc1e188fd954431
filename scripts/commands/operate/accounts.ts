import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { micros, type Micros, readDollars } from '../../../server/game/money.ts';
import { gapReport } from '../../../server/store/gap-refunds.ts';
import { DATABASE_FILE } from '../../../server/store/store.ts';
import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { misused, notFound } from '../../command-line/failure.ts';
import {
  giveOrder,
  ORDER_EXITS,
  ORDER_OPTIONS,
  QUESTION_EXITS,
  withConnection,
} from '../../operate/orders.ts';
import { accountsText, gapsText } from '../../operate/texts.ts';

const LOOKUP_LENGTH_MIN = 4;
/** Accounts that are listed of those with refunds. */
const GAP_ACCOUNTS = 50;

export const find = command({
  about: 'Finds accounts by id or by wallet address.',
  words: {
    account: {
      about: `an id, its beginning (${LOOKUP_LENGTH_MIN} characters or more) or a 0x address`,
    },
  },
  examples: ['accounts find 0193a1b2'],
  exits: { 0: 'found', 1: 'there is none', ...QUESTION_EXITS },
  run({ words }, shell) {
    if (words.account.length < LOOKUP_LENGTH_MIN)
      throw misused(
        'too_short',
        `Enter at least ${LOOKUP_LENGTH_MIN} characters of the id, or the whole address.`,
      );
    return withConnection(shell, async (house) => {
      const report = await house.accounts(words.account);
      if (report.length > 0) return { exit: EXIT.ok, report, text: accountsText(report) };
      throw notFound(`There is no account ${words.account}.`);
    });
  },
});

export const gaps = command({
  about:
    'Lists the accounts with the most refunds from price gaps, among closed bets that are not archived ' +
    'yet. Nobody can choose a gap: an account that gets a much larger share of its bets refunded than ' +
    'all accounts together knows when one is coming. Reads every bet in this process, whether the ' +
    'server is running or not.',
  examples: ['accounts gaps', 'accounts gaps --json'],
  exits: { 0: 'listed' },
  async run(_, shell) {
    const { dataDir } = shell.config();
    const path = join(dataDir, DATABASE_FILE);
    if (!existsSync(path)) throw misused('no_books', `There are no books in ${dataDir} (DATA_DIR).`);
    const report = gapReport(path, GAP_ACCOUNTS);
    return { exit: EXIT.ok, report, text: gapsText(report) };
  },
});

const TRANSFER_WORDS = {
  account: { about: 'the id of the account' },
  dollars: { about: 'the amount in dollars, above zero, with at most six decimals, such as 12.50' },
} as const;
const TRANSFER_NOTES = `One operator may move less than OPERATOR_APPROVAL_DOLLARS within 24 hours, all of them together less than
OPERATORS_APPROVAL_DOLLARS. An order that reaches the limit waits for a day until another operator with their
own token approves it, on the page or with tapgrid approve <id>. Without --id, a new id is generated.`;

export const credit = command({
  about: 'Adds money to an account.',
  words: TRANSFER_WORDS,
  options: {
    as: {
      value: '<entry>',
      choices: ['deposit', 'adjustment'],
      fallback: 'deposit',
      about: 'the kind of the ledger row: deposit or adjustment',
    },
    ...ORDER_OPTIONS,
  },
  notes: TRANSFER_NOTES,
  examples: ['accounts credit 0193a1b2 25.50 --reason "bank transfer 4711" --id bank-4711'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) => {
    const entry = options.as === 'adjustment' ? 'adjustment' : 'deposit';
    const amount = readAmount(words.dollars);
    return giveOrder({ what: 'transfer', accountId: words.account, entry, amount }, options, shell);
  },
});

export const debit = command({
  about: 'Takes money from an account, at most its balance.',
  words: TRANSFER_WORDS,
  options: {
    as: {
      value: '<entry>',
      choices: ['withdrawal', 'adjustment'],
      fallback: 'withdrawal',
      about: 'the kind of the ledger row: withdrawal or adjustment',
    },
    ...ORDER_OPTIONS,
  },
  notes: TRANSFER_NOTES,
  examples: ['accounts debit 0193a1b2 100 --reason "paid out, transfer 4712" --id bank-4712'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) => {
    const entry = options.as === 'adjustment' ? 'adjustment' : 'withdrawal';
    const taken = readAmount(words.dollars);
    const amount = micros(entry === 'adjustment' ? -taken : taken);
    return giveOrder({ what: 'transfer', accountId: words.account, entry, amount }, options, shell);
  },
});

/** Above zero. */
function readAmount(text: string): Micros {
  const amount = readDollars(text);
  if (amount === null || amount === 0)
    throw misused(
      'bad_amount',
      `<dollars> is ${text}; expected an amount above zero with at most six decimals, such as 12.50.`,
    );
  return amount;
}
