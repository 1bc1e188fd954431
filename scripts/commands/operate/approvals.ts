import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { approveOrder, ORDER_EXITS, ORDER_OPTIONS, QUESTION_EXITS, withHouse } from '../../operate/orders.ts';
import { waitingText } from '../../operate/texts.ts';

export const waiting = command({
  about: 'Lists the orders that need a second person, oldest first. They wait for a day, or until a restart.',
  examples: ['waiting'],
  exits: QUESTION_EXITS,
  run: (_, shell) =>
    withHouse(shell, async (house) => {
      const report = await house.waiting();
      return { exit: EXIT.ok, report, text: waitingText(report) };
    }),
});

export const approve = command({
  about:
    'Carries out an order that needs a second person. Look at it first: tapgrid waiting. ' +
    'Nobody approves an ' +
    'order of their own.',
  words: { id: { about: 'the id of the order' } },
  options: { by: ORDER_OPTIONS.by },
  examples: ['approve bank-4711'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) => approveOrder(words.id, options.by, shell),
});
