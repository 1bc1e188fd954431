import { ALPHA, MARK_AFTER_MS } from '../../../server/game/mark-sums.ts';
import type { AccountMarks } from '../../../server/ports/readings.ts';
import { gainText } from '../../../views/ops/gain.ts';
import { command } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { notFound } from '../../command-line/failure.ts';
import { QUESTION_EXITS, withConnection } from '../../operate/orders.ts';

const [FIRST, SECOND] = MARK_AFTER_MS.map((ms) => `${ms / 1_000} s`);

export const marks = command({
  about:
    `Lists how the chances of each account's bets changed in the ${FIRST} and ${SECOND} after their lock, ` +
    'those that gain most surely first. A fair bet gains as much as it loses; who sees prices earlier, or ' +
    'knows better, gains.',
  words: {
    account: { about: 'the id of an account, or its beginning; default: the first 100', mayBeMissing: true },
  },
  notes: `The mean gain of a staked dollar has an interval that may be looked at after every bet: one in ${1 / ALPHA}
accounts that know nothing is said to gain beyond chance in a period of four weeks. What may be done: hold its taps
longer (accounts limit --hold), which takes away a head start of less than that; smaller stakes (--stake, --day),
which bound what it costs; or nothing, while its gain is smaller than the edge that it pays. The rules page says
that this may happen, and the trader sees it.`,
  examples: ['accounts marks', 'accounts marks 0193a1b2 --json'],
  exits: { 0: 'listed', 1: 'there are no marks of that account', ...QUESTION_EXITS },
  run: ({ words }, shell) =>
    withConnection(shell, async (house) => {
      const report = await house.marks(words.account ?? '');
      if (report.length === 0 && words.account !== undefined)
        throw notFound(`There are no marks of ${words.account}. ${WHEN}`);
      return {
        exit: EXIT.ok,
        report,
        text: report.map(lineOf).join('') || `No marks yet. ${WHEN}\n`,
      };
    }),
});

const WHEN =
  'The server writes them once a minute and when it stops; those of an account begin anew each four weeks ' +
  'and when its hold changes.';

function lineOf({ accountId, bets, edge, gains, isGaining }: AccountMarks): string {
  const said =
    gains === null
      ? 'too few yet'
      : `${FIRST}: ${gainText(gains[0])}  ${SECOND}: ${gainText(gains[1])}` +
        `${isGaining ? '  gains beyond chance' : ''}`;
  return `${accountId}  ${bets} ${bets === 1 ? 'bet' : 'bets'}  edge ${(edge * 100).toFixed(1)} %  ${said}\n`;
}
