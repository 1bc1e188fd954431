import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { notFound } from '../../command-line/failure.ts';
import {
  giveOrder,
  ORDER_EXITS,
  ORDER_OPTIONS,
  QUESTION_EXITS,
  withConnection,
} from '../../operate/orders.ts';
import { sessionsText } from '../../operate/texts.ts';

const account = { about: 'the whole id of the account' } as const;

export const list = command({
  about: 'Lists the sessions of an account, newest first.',
  words: { account },
  examples: ['sessions list 0193a1b2'],
  exits: { 1: 'there is no such account', ...QUESTION_EXITS },
  run: ({ words }, shell) =>
    withConnection(shell, async (house) => {
      const report = await house.sessions(words.account);
      const isKnown =
        report.length > 0 || (await house.accounts(words.account)).some(({ id }) => id === words.account);
      if (!isKnown)
        throw notFound(`There is no account ${words.account}: tapgrid accounts find looks for one.`);
      return { exit: EXIT.ok, report, text: sessionsText(report) };
    }),
});

export const revoke = command({
  about: 'Signs a trader out: ends their sessions and open sockets at once. Bets continue.',
  words: { account },
  options: { session: { value: '<id>', about: 'only this one' }, ...ORDER_OPTIONS },
  examples: ['sessions revoke 0193a1b2 --reason "a stolen phone"'],
  exits: ORDER_EXITS,
  run: ({ words, options }, shell) =>
    giveOrder(
      { what: 'revoke-sessions', accountId: words.account, sessionId: options.session ?? null },
      options,
      shell,
    ),
});
