import { command } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';
import { giveOrder, ORDER_EXITS, ORDER_OPTIONS } from '../../operate/orders.ts';

export const voidWindow = command({
  about:
    'Gives back the stakes of all open bets of one window, of everybody and at once. ' +
    'Bets that were decided ' +
    'before stay as they are.',
  words: { start: { about: 'start of the window in UTC epoch ms, the first number of a cell id' } },
  options: ORDER_OPTIONS,
  notes: `A window for which taps are still taken is refused: halt first. So is one of which ticks are recorded
while no server runs: start it, and it pays by them.`,
  examples: ['void-window 1764028800000 --reason "wrong quotes"'],
  exits: ORDER_EXITS,
  run({ words, options }, shell) {
    if (!/^[1-9]\d{11,14}$/.test(words.start))
      throw misused(
        'bad_window',
        `<start> is ${words.start}; expected the start of the window in UTC epoch ms, ` +
          'such as 1764028800000: the first number of a cell id.',
      );
    return giveOrder({ what: 'void-window', startMs: Number(words.start) }, options, shell);
  },
});
