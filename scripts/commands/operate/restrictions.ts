import { readDollars, type Micros } from '../../../server/game/money.ts';
import {
  ACCOUNT_HOLD_MS_MAX,
  type AccountLimit,
  type AccountLimits,
} from '../../../server/game/restriction.ts';
import { command } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import {
  giveOrder,
  ORDER_EXITS,
  ORDER_OPTIONS,
  QUESTION_EXITS,
  withConnection,
} from '../../operate/orders.ts';
import { restrictedText } from '../../operate/texts.ts';

export const restricted = command({
  about: 'Lists blocked and limited accounts.',
  examples: ['accounts restricted'],
  exits: QUESTION_EXITS,
  run: (_, shell) =>
    withConnection(shell, async (house) => {
      const found = await house.restricted();
      const report = found.map(([accountId, restriction]) => ({ accountId, ...restriction }));
      return { exit: EXIT.ok, report, text: restrictedText(found) };
    }),
});

const WORDS = { account: { about: 'the whole id of the account' } } as const;

export const block = command({
  about:
    'Blocks an account: its taps and sign-ins are refused from now on, and its open pages say so at once. ' +
    'Open bets continue and are paid, and its money can still leave.',
  words: WORDS,
  options: ORDER_OPTIONS,
  notes: 'Its sessions stay, so the trader still sees their bets and balance; end them with sessions revoke.',
  examples: ['accounts block 0193a1b2 --reason "a stolen wallet, ticket 4711"'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) => giveOrder({ what: 'block', accountId: words.account }, options, shell),
});

export const unblock = command({
  about: 'Unblocks an account. Its limits stay.',
  words: WORDS,
  options: ORDER_OPTIONS,
  examples: ['accounts unblock 0193a1b2 --reason "the wallet is back, ticket 4711"'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) =>
    giveOrder({ what: 'unblock', accountId: words.account }, options, shell),
});

export const unname = command({
  about:
    'Removes the public name of a practice account: the list of wins and the leaderboards show it no more, ' +
    'from now on, and it is erased from the books.',
  words: WORDS,
  options: ORDER_OPTIONS,
  notes: `The name is in no report and not in the public log of operators' actions, which says that there was one: put into
the reason what is needed, but not the name. The trader may choose another one; accounts block keeps them out, and
NAMES_RESERVED keeps a word from everybody.`,
  examples: ['accounts unname 0193a1b2 --reason "insults another trader, ticket 4711"'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) =>
    giveOrder({ what: 'remove-name', accountId: words.account }, options, shell),
});

const LIMIT = { value: '<dollars>' } as const;

export const limit = command({
  about:
    'Limits what an account may bet, in addition to the limits its trader set: the tighter one applies. ' +
    "The trader sees them. Limits you don't name stay as they are; none removes one.",
  words: WORDS,
  options: {
    stake: { ...LIMIT, about: 'highest stake of one tap, or none' },
    day: { ...LIMIT, about: 'highest sum of stakes in a UTC day, refunded ones included, or none' },
    payout: { ...LIMIT, about: 'highest total that open bets could pay, or none' },
    hold: {
      value: '<length>',
      about: `hold its taps longer than others, up to ${ACCOUNT_HOLD_MS_MAX} ms, such as 2s, or none`,
    },
    ...ORDER_OPTIONS,
  },
  notes: `A held tap counts at the highest possible multiplier. A longer hold takes away the head start of an account
that sees prices earlier: accounts marks says which. The rules page says that it may happen, and the trader sees it.`,
  examples: [
    'accounts limit 0193a1b2 --stake 10 --day 200 --reason "affordability check"',
    'accounts limit 0193a1b2 --day none --reason "check passed"',
    'accounts limit 0193a1b2 --hold 1500ms --reason "gains in the second after its taps"',
  ],
  exits: ORDER_EXITS,
  run({ words, options }, shell) {
    const limits: Partial<AccountLimits> = {
      ...read('stake', 'stakeMax', options.stake),
      ...read('day', 'dailyStake', options.day),
      ...read('payout', 'openPayout', options.payout),
      ...readHold(options.hold),
    };
    if (Object.keys(limits).length === 0)
      throw misused('missing_option', 'Name at least one limit: --stake, --day, --payout or --hold.');
    return giveOrder({ what: 'limit-account', accountId: words.account, limits }, options, shell);
  },
});

function readHold(text: string | undefined): Partial<AccountLimits> {
  if (text === undefined) return {};
  if (text === 'none') return { holdMs: null };
  const [, count, unit] = /^(\d{1,5})(ms|s)$/.exec(text) ?? [];
  const holdMs = Number(count) * (unit === 's' ? 1_000 : 1);
  if (!(holdMs >= 1 && holdMs <= ACCOUNT_HOLD_MS_MAX))
    throw misused(
      'bad_length',
      `--hold ${text} is not a hold; expected 1ms to ${ACCOUNT_HOLD_MS_MAX}ms, or none.`,
    );
  return { holdMs };
}

function read(option: string, limit: AccountLimit, text: string | undefined): Partial<AccountLimits> {
  if (text === undefined) return {};
  const amount: Micros | null = text === 'none' ? null : readDollars(text);
  if (amount === null && text !== 'none')
    throw misused(
      'bad_amount',
      `--${option} ${text} is not an amount; expected dollars such as 12.50, or none.`,
    );
  return { [limit]: amount };
}
