import { command } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';
import { giveOrder, ORDER_EXITS, ORDER_OPTIONS } from '../../operate/orders.ts';

export const voidWindow = command({
  about:
    'Refunds the stakes of all open bets of one window, for everybody and at once. Bets already decided ' +
    'stay as they are.',
  words: { start: { about: 'start of the window in UTC epoch ms, the first number of a cell id' } },
  options: ORDER_OPTIONS,
  notes: `Refused while taps are still taken for the window: halt first. Also refused if ticks of it are recorded and
no server is running: start the server, and it settles by those ticks.`,
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
