import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { QUESTION_EXITS, withConnection } from '../../operate/orders.ts';
import { actionText } from '../../operate/texts.ts';

export const audit = command({
  about: "Lists operators' actions, newest first. They are part of the ledger chain.",
  options: {
    cursor: { value: '<cursor>', about: 'where to continue: the last line of a longer list names it' },
  },
  examples: ['audit', 'audit --json'],
  exits: QUESTION_EXITS,
  run: ({ options }, shell) =>
    withConnection(shell, async (house) => {
      const report = await house.actions(options.cursor ?? null);
      const { rows, cursor } = report;
      const older = cursor === null ? '' : `older: --cursor ${cursor}\n`;
      return {
        exit: EXIT.ok,
        report,
        text: `${rows.map(actionText).join('') || 'No operator has acted yet.\n'}${older}`,
      };
    }),
});
