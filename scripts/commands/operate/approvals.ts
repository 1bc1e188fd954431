import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import {
  approveOrder,
  CALLER_OPTIONS,
  giveOrder,
  ORDER_EXITS,
  ORDER_OPTIONS,
  QUESTION_EXITS,
  withConnection,
} from '../../operate/orders.ts';
import { waitingText } from '../../operate/texts.ts';

const WORDS = { id: { about: 'the id of the order' } } as const;

export const waiting = command({
  about:
    'Lists the orders that need a second person, oldest first. They wait for a day and survive a restart.',
  examples: ['waiting'],
  exits: QUESTION_EXITS,
  run: (_, shell) =>
    withConnection(shell, async (house) => {
      const report = await house.waiting();
      return { exit: EXIT.ok, report, text: waitingText(report) };
    }),
});

export const approve = command({
  about:
    'Carries out an order that needs a second person. Review it first with tapgrid waiting. Nobody can ' +
    'approve their own order: both operators need a token.',
  words: WORDS,
  options: CALLER_OPTIONS,
  examples: ['approve bank-4711 --token-file ~/.tapgrid-token'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) => approveOrder(words.id, options, shell),
});

export const dismiss = command({
  about: "Dismisses an order that waits for a second person, your own or another operator's.",
  words: WORDS,
  options: ORDER_OPTIONS,
  examples: ['dismiss bank-4711 --reason "paid twice"'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) => giveOrder({ what: 'dismiss', order: words.id }, options, shell),
});
