import { rangeText, readRange } from '../../../server/game/address-range.ts';
import type { OperatorDeed } from '../../../server/game/operator.ts';
import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { misused } from '../../command-line/failure.ts';
import {
  giveOrder,
  ORDER_EXITS,
  ORDER_OPTIONS,
  QUESTION_EXITS,
  withConnection,
} from '../../operate/orders.ts';

const WORDS = {
  range: { about: 'a range such as 203.0.113.0/24 or 2001:db8::/32, or one address' },
} as const;
const ORDERED = {
  words: WORDS,
  options: ORDER_OPTIONS,
  notes:
    'An IPv6 address stands for its /64, which belongs to one customer. The address is the one that rate ' +
    'limits use: that of the connection, or the one a trusted proxy reports.',
  exits: ORDER_EXITS,
} as const;

export const block = command({
  ...ORDERED,
  about:
    'Blocks a range of addresses: every request from it is refused from now on, and its open sockets are ' +
    'closed. Open bets continue and are paid. The operator page and the listener for health and metrics ' +
    'stay open.',
  examples: ['addresses block 203.0.113.0/24 --reason "flood, ticket 4711"'],
  run: ({ words, options }, shell) => giveOrder(deedOf('block-range', words.range), options, shell),
});

export const unblock = command({
  ...ORDERED,
  about: 'Unblocks a range of addresses. Write it as addresses list shows it.',
  examples: ['addresses unblock 203.0.113.0/24 --reason "the flood is over"'],
  run: ({ words, options }, shell) => giveOrder(deedOf('unblock-range', words.range), options, shell),
});

export const list = command({
  about: 'Lists blocked address ranges.',
  examples: ['addresses list'],
  exits: QUESTION_EXITS,
  run: (_, shell) =>
    withConnection(shell, async (house) => {
      const report = await house.blockedRanges();
      const text = report.map((range) => `${range}\n`).join('') || 'No address is blocked.\n';
      return { exit: EXIT.ok, report, text };
    }),
});

function deedOf(what: 'block-range' | 'unblock-range', text: string): OperatorDeed {
  const range = readRange(text);
  if (typeof range === 'string') throw misused('bad_range', range);
  return { what, range: rangeText(range) };
}
